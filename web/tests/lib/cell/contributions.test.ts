import { expect, test } from "vitest";
import { channelList, tellRest, termList } from "../../../src/lib/cell/contributions";
import { explain, explainWindow } from "./walks";

test("the largest channels, and what the others come to", async () => {
  const { explanation, window } = await explainWindow("conv2d", [0, 1, 1, 2]);
  const list = channelList(explanation, window, { shown: 2 });
  expect([list.title, list.count, tellRest(list)]).toEqual([
    "what each channel adds",
    4,
    "2 other channels",
  ]);
  const shown = list.first.map((place) => list.line(place).number);
  expect(Math.abs(shown[0]!)).toBeGreaterThanOrEqual(Math.abs(shown[1]!));
  const sum = explanation.outcome.quantities[0]!.value;
  expect(shown[0]! + shown[1]! + list.rest!).toBeCloseTo(sum, 10);
  expect([...list.all()].slice(0, 2)).toEqual(list.first);
  expect(list.all()).toHaveLength(4);
});

test("of a maximum nothing is added up", async () => {
  const { explanation, window } = await explainWindow("max_pool2d");
  const list = channelList(explanation, window, { shown: 2 });
  expect([list.title, list.rest]).toEqual(["the largest of each channel", undefined]);
});

test("terms lead to the number that the walk came by, not to the weight", async () => {
  const explanation = await explain("linear", [2, 3]);
  const list = termList(explanation, { shown: 3 });
  expect(list.title).toBe("terms from input, the largest first");
  const line = list.line(list.first[0]!);
  expect(line.to).toEqual({ op: null, output: 0, at: [2, list.first[0]] });
  expect(line.name).toBe(`[2, ${list.first[0]}]`);
  expect(line.full).toBe(`input ${line.name}`);
  const [one, other] = line.detail.replaceAll("−", "-").split(" × ").map(Number);
  expect(one! * other!).toBeCloseTo(line.number, 3);
});

test("the shares of a softmax, with the names of the classes", async () => {
  const labels = ["ant", "bee", "cat", "dog", "eel"];
  const explanation = await explain("softmax", [1, 1], { labels });
  const list = termList(explanation, { shown: 5 });
  const lines = list.first.map((place) => list.line(place));
  expect(list.title).toBe("terms of total from input, the largest first");
  expect(lines[0]?.name).toMatch(/^(ant|bee|cat|dog|eel) \[1, \d\]$/);
  const shares = lines.map(({ detail }) => Number.parseFloat(detail));
  expect(shares.reduce((sum, share) => sum + share)).toBeCloseTo(100, 0);
  expect(lines[0]?.detail).toMatch(/^\d+\.\d %, from /);
});

test("attention tells score and weight beside the product", async () => {
  const list = termList(await explain("attention"), { shown: 2 });
  expect(list.line(list.first[0]!).detail).toMatch(/^\S+ × \S+, score \S+, product \S+$/);
  expect(list.line(list.first[0]!).to?.at).toHaveLength(4);
});

test("padding is said and leads nowhere", async () => {
  const explanation = await explain("conv2d", [0, 1, 0, 3]);
  const list = termList(explanation, { shown: 36 });
  const padded = [...list.all()]
    .map((k) => list.line(k))
    .filter(({ detail }) => /padding/.test(detail));
  expect(padded).toHaveLength(12);
  expect(padded.every(({ to }) => to === undefined)).toBe(true);
});
