import { expect, test } from "vitest";
import { lessBefore, partsBefore, termsBefore, windowBefore } from "../../../src/lib/cell/changes";
import { channelList, termList } from "../../../src/lib/cell/contributions";
import { changedSums, sumsOf } from "../../../src/lib/cell/sums";
import { planeOf, windowOf } from "../../../src/lib/cell/window";
import { changedGrids } from "../../../src/lib/cell/window_grids";
import { explain, explainWindow } from "./walks";

// Two numbers of one map, of which one is taken for the other without the edits.
const [AT, OTHER] = [
  [0, 1, 1, 2],
  [0, 1, 1, 1],
];

test("the window before is that of the same channel", async () => {
  const { explanation, window } = await explainWindow("conv2d", AT);
  const { explanation: before } = await explainWindow("conv2d", OTHER);
  const plane = planeOf(explanation, window, 2);
  const then = windowBefore(before, plane)!;
  expect(then.plane.channel).toEqual(plane.channel);
  expect(partsBefore(window, then.window)).toBe(then.window.parts);
  const grids = changedGrids(window, plane, then.plane);
  expect(grids.map(({ title }) => title)).toEqual([
    "change of the window",
    "change of the kernel",
    "change of the products",
  ]);
  const numbers = grids.map(({ cells }) => cells.flat().map(({ number }) => number));
  expect(numbers[0]).toEqual([...lessBefore(plane.numbers, then.plane.numbers)]);
  expect(numbers[1]).toEqual(new Array(9).fill(0));
  expect(numbers[2]).toEqual([...lessBefore(plane.results, then.plane.results)]);
  expect(windowBefore(await explain("relu"), plane)).toBeUndefined();
  expect(partsBefore(window, undefined)).toBeUndefined();
});

test("what each channel adds, by what changed most", async () => {
  const { explanation, window } = await explainWindow("conv2d", AT);
  const before = windowOf(await explain("conv2d", OTHER))!.parts;
  const list = channelList(explanation, window, { shown: 2, before });
  expect(list.title).toBe("what each channel adds: after less before");
  const change = lessBefore(window.parts, before);
  const lines = [...list.all()].map((k) => list.line(k));
  const sizes = lines.map(({ number }) => Math.abs(number));
  expect(sizes).toEqual([...change].map(Math.abs).sort((one, other) => other - one));
  expect(lines[0]?.detail).toMatch(/^−?\S+ → −?\S+$/);
  const sum = lines.slice(0, 2).reduce((total, { number }) => total + number, list.rest!);
  expect(sum).toBeCloseTo(
    change.reduce((total, one) => total + one, 0),
    10,
  );
});

test("terms are compared where they are made of the same numbers", async () => {
  const explanation = await explain("linear", [2, 3]);
  const before = {
    ...explanation,
    outcome: {
      ...explanation.outcome,
      terms: {
        ...explanation.outcome.terms,
        results: explanation.outcome.terms.results.map((term, k) => (k === 1 ? term - 9 : term)),
      },
    },
  };
  const list = termList(explanation, { shown: 3, before: termsBefore(explanation, before)! });
  expect(list.title).toBe("terms from input: after less before");
  expect(list.first[0]).toBe(1);
  expect(list.line(1).number).toBeCloseTo(9, 10);
  expect(termsBefore(explanation, await explain("linear", [1, 3]))).toBeUndefined();
  expect(termsBefore(explanation, undefined)).toBeUndefined();
});

test("a list that is worked in keeps its order", async () => {
  const explanation = await explain("linear", [2, 3]);
  const list = termList(explanation, { shown: 2, fields: true });
  expect(list.line(0).detail).toBe("");
  const standing = { first: [4, 0], all: () => Uint32Array.of(4, 0, 1, 2, 3) };
  const kept = termList(explanation, { shown: 2, standing });
  expect([kept.first, kept.all()]).toEqual([[4, 0], Uint32Array.of(4, 0, 1, 2, 3)]);
  const { results } = explanation.outcome.terms;
  expect(kept.rest! + results[4]! + results[0]!).toBeCloseTo(
    list.rest! + results[list.first[0]!]! + results[list.first[1]!]!,
    10,
  );
});

test("the line beneath, before and after", async () => {
  const [after, before] = [await explain("conv2d", AT), await explain("conv2d", OTHER)];
  const sums = changedSums(sumsOf(after), sumsOf(before));
  expect(sums.map(({ name }) => name)).toEqual(["Σ", "bias", "result", "recorded"]);
  const [sum, bias] = sums;
  expect([sum?.before, sum?.text]).toEqual([sumsOf(before)[0]?.text, sumsOf(after)[0]?.text]);
  expect(bias?.difference).toBe("0");
});
