import { describe, expect, test } from "vitest";
import { copied, inexactness, sentence, sumsOf } from "../../../src/lib/cell/sums";
import { Network } from "../../../src/lib/network";
import { explain } from "./walks";

async function names(name: string): Promise<string[]> {
  return sumsOf(await explain(name)).map((sum) => sum.name);
}

describe("the parts of the line", () => {
  test("a convolution with a bias", async () => {
    expect(await names("conv2d")).toEqual(["Σ", "bias", "result", "recorded", "residue"]);
    const explanation = await explain("conv2d");
    const [sum, bias, result] = sumsOf(explanation).map(({ full }) =>
      Number(full.replace("−", "-")),
    );
    expect(sum! + bias!).toBe(result);
    expect(result).toBe(explanation.outcome.total);
  });

  test("one without says so; where there cannot be one, nothing", async () => {
    const sums = sumsOf(await explain("conv1d"));
    expect(sums.map(({ name, text }) => (name === "bias" ? text : name))).toEqual([
      "Σ",
      "none",
      "recorded",
      "residue",
    ]);
    expect(await names("sum")).toEqual(["Σ", "recorded", "residue"]);
    expect(await names("max_pool2d")).toEqual(["max", "recorded", "residue"]);
  });

  test("a formula has a result alone", async () => {
    expect(await names("softmax")).toEqual(["result", "recorded", "residue"]);
  });
});

describe("a value that the page works out itself", () => {
  test("was not recorded, and has no residue", async () => {
    const explanation = await explain("relu");
    const { sheet } = explanation.network;
    const recomputed = [explanation.made.id];
    const inexact = [{ value: 99, coding: "half" as const, worst: 1, spread: 2 }];
    const network = new Network({ ...sheet, recomputed, inexact });
    const shown = { ...explanation, network };
    expect(
      sumsOf(shown)
        .map(({ name, text }) => [name, text])
        .slice(1),
    ).toEqual([["recorded", "not kept"]]);
    expect(sentence(shown)).toContain("the recorded value is not kept");
    expect(inexactness(shown)[0]).toContain("worked out in this page, from rounded numbers");
  });
});

test("of two that are not numbers nothing is left over", async () => {
  const explanation = await explain("linear");
  const outcome = { ...explanation.outcome, total: Number.NaN };
  const sums = sumsOf({ ...explanation, outcome, recorded: Number.NaN });
  expect(sums.map(({ name }) => name)).not.toContain("residue");
});

test("the terms of a last step are not said to make the number", async () => {
  expect(sentence(await explain("softmax"))).not.toContain("terms");
  expect(sentence(await explain("conv2d"))).toContain("terms");
});

test("a residue is told with its sign and with every digit", async () => {
  const explanation = await explain("linear");
  const recorded = explanation.outcome.total + 2 ** -20;
  const residue = sumsOf({ ...explanation, recorded }).at(-1)!;
  expect(residue.text).toBe("+9.5e−7");
  expect(residue.full).toMatch(/^9\.5367431640625e−7 \(\+9\.54e−7, which is /);
});

test("copied numbers are ones that a spreadsheet reads", async () => {
  const text = copied(await explain("conv2d"));
  expect(text.split("\n")).toHaveLength(5);
  expect(text).not.toContain("−");
  expect(Number(text.split("\n")[0]!.split("\t")[1])).not.toBeNaN();
});

test("one sentence for a screen reader", async () => {
  expect(sentence(await explain("conv2d"))).toMatch(
    /^sum of 36 terms in conv2d: \S+, recorded \S+\.$/,
  );
  expect(sentence(await explain("relu"))).toMatch(/^relu gives \S+, recorded \S+\.$/);
});

test("what is not kept exactly is said, and only if it is here", async () => {
  const inexact = [
    { value: 1, coding: "half" as const, worst: 0.001, spread: 4 },
    { value: 3, coding: "compact" as const, worst: 0.5, spread: 0 },
    { value: 99, coding: "half" as const, worst: 1, spread: 1 },
  ];
  const explanation = await explain("linear", undefined, { inexact });
  expect(inexactness(explanation)).toEqual([
    "block.layer is kept compactly: at most 0.5000 from what was recorded.",
    "block.layer.weight1 is kept as half precision: at most 0.001000 from what was recorded " +
      "(0.025 % of its largest).",
  ]);
  expect(inexactness(await explain("linear"))).toEqual([]);
});

test("a number that an edit changed afterwards is no error of the arithmetic", async () => {
  const explanation = await explain("relu");
  const edited = { ...explanation, op: { ...explanation.op, settings: ["edited"] } };
  expect(inexactness(edited)).toEqual([]);
  const silent = { ...edited, recorded: explanation.outcome.total - 1 };
  expect(inexactness(silent)[0]).toContain("An edit changed this channel");
  expect(inexactness({ ...silent, op: explanation.op })).toEqual([]);
});
