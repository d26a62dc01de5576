import { describe, expect, test } from "vitest";
import {
  readsOf,
  rungsOf,
  signsOf,
  tellFormula,
  tellInNumbers,
  tellSteps,
} from "../../../src/lib/cell/formula";
import type { Expression } from "../../../src/lib/recipe/expression";
import { explain } from "./walks";

describe("in words and in numbers", () => {
  test.each([
    ["conv2d", "sum + block.layer.weight2"],
    ["relu", "max(input, 0)"],
    ["hardswish", "input × clamp(input + 3, 0, 6) / 6"],
    ["softmax", "exp(input − peak) / total"],
    ["floor_divide", "input // input1"],
    ["batch_norm", /^\(input − block\.layer\.weight3\) \/ sqrt\(block\.layer\.weight4 \+ 1e−05\)/],
  ])("%s", async (name, words) => {
    const explanation = await explain(name);
    expect(tellFormula(explanation, explanation.recipe.result)).toMatch(words);
  });

  test("names keep their own signs", async () => {
    const explanation = await explain("relu");
    const [input] = explanation.inputs;
    const named = { ...explanation, inputs: [{ ...input!, name: "a-b*c/d" }] };
    expect(tellFormula(named, named.recipe.result)).toBe("max(a-b*c/d, 0)");
  });

  test("a name that a step has is in brackets", async () => {
    const explanation = await explain("softmax");
    const [input] = explanation.inputs;
    const named = { ...explanation, inputs: [{ ...input!, name: "peak" }] };
    expect(tellFormula(named, named.recipe.result)).toBe("exp([peak] − peak) / total");
  });

  test("a name that begins with a digit is in quotes", async () => {
    const explanation = await explain("max_pool2d");
    const [input] = explanation.inputs;
    const named = { ...explanation, inputs: [{ ...input!, name: "1" }] };
    expect(tellSteps(named)[0]?.made).toMatch(/^max of “1” over \d+/);
  });

  test("every number is put in", async () => {
    const explanation = await explain("sub");
    const [one, other] = explanation.outcome.beside.map(({ numbers }) => numbers[0]!);
    const said = tellInNumbers(explanation, ["sub", ["read", 0], ["read", 1]]);
    expect(said.replaceAll("−", "-")).toContain(String(one));
    expect(said.replaceAll("−", "-")).toContain(String(Math.abs(other!)));
  });
});

describe("from the inside out", () => {
  async function words(name: string, at?: number[]): Promise<string[]> {
    const explanation = await explain(name, at);
    return rungsOf(explanation, explanation.recipe.result).map((rung) => rung.words);
  }

  test("a batch norm, along the number that came by", async () => {
    expect(await words("batch_norm")).toEqual([
      "input",
      "− block.layer.weight3",
      "/ sqrt(block.layer.weight4 + 1e−05)",
      "× block.layer.weight1",
      "+ block.layer.weight2",
    ]);
  });

  test("each rung gives what it says", async () => {
    const explanation = await explain("layer_norm");
    const rungs = rungsOf(explanation, explanation.recipe.result);
    const mean = explanation.outcome.quantities.find(({ name }) => name === "mean")!.value;
    expect(rungs[1]?.gives).toBe(rungs[0]!.gives - mean);
    expect(rungs.at(-1)?.gives).toBe(explanation.outcome.total);
  });

  test("a function stands about the number so far", async () => {
    expect(await words("softmax")).toEqual(["input", "− peak", "exp(·)", "/ total"]);
    expect(await words("silu")).toEqual(["input", "× sigmoid(input)"]);
  });

  test("of a choice only what was chosen, and why", async () => {
    const said = await Promise.all(
      [0, 1, 2].map(async (row) => (await words("elu", [row, 0])).at(-1)),
    );
    for (const each of said)
      expect(each).toMatch(/^(input|expm1\(input\)), since .* > 0 is (true|false)$/);
    const cat = await explain("cat", [0, 5, 1, 1]);
    expect(rungsOf(cat, cat.recipe.result).map((rung) => rung.words)).toEqual([
      "input1",
      "taken, since 5 is among its own",
    ]);
  });
});

test("the numbers on the way", async () => {
  const steps = tellSteps(await explain("conv2d", [0, 1, 1, 2]));
  expect(steps).toEqual([
    {
      name: "sum",
      made: "sum of input × block.layer.weight1 over 36 positions",
      number: expect.stringMatching(/^−?\d/),
    },
    {
      name: "value",
      made: expect.stringMatching(/^sum \+ block\.layer\.weight2 = \S+ [+−] \S+$/),
      number: expect.stringMatching(/^−?\d/),
    },
  ]);
  // Where the value is the last number on the way, it is told once.
  const pool = tellSteps(await explain("max_pool2d", [0, 1, 0, 1]));
  expect(pool[0]?.made).toBe("max of input over 6 of 9 positions");
  expect(pool).toHaveLength(1);
  const norm = tellSteps(await explain("layer_norm"));
  expect(norm.map(({ name }) => name)).toEqual(["mean", "variance", "value"]);
  expect(norm.at(-1)?.made).toMatch(/^\(input − mean\) \/ sqrt\(variance.* = \(.*\) \/ sqrt\(/);
  const attention = tellSteps(await explain("attention"));
  expect(attention[1]).toEqual({
    name: "score",
    made: "0.5 × product for each s",
    number: undefined,
  });
});

test.each<[Expression, string | undefined, number[]]>([
  [["add", ["read", 0], ["read", 1]], "+", [0, 1]],
  [["div", ["read", 1], ["read", 0]], "/", [1, 0]],
  [["mul", ["read", 0], 2], undefined, [0]],
  [["max", ["read", 0], ["read", 1]], undefined, [0, 1]],
  ["sum", undefined, []],
])("%j has the sign %s", (formula, sign, reads) => {
  expect(signsOf(formula)).toBe(sign);
  expect(readsOf(formula)).toEqual(reads);
});
