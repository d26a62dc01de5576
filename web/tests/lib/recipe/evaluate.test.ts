/** The evaluator against what the one in Python gives. */

import { describe, expect, test } from "vitest";
import { Evaluator } from "../../../src/lib/recipe/evaluate";
import { type Operand, operand, strides } from "../../../src/lib/recipe/operand";
import type { Recipe } from "../../../src/lib/recipe/recipe";
import { differences, FIXTURES, type Fixture, fixture, operandsOf, type Told } from "./fixtures";

describe.each(FIXTURES)("$name", (told) => {
  test("every value with its terms", () => {
    expect(differences(told)).toEqual([]);
  });

  test("all of the output, filled and one by one", () => {
    const evaluator = new Evaluator(told.recipe, operandsOf(told));
    const shape = told.recipe.axes.map(([, length]) => length);
    const filled = evaluator.fill();
    const exact = evaluator.fill([], new Float64Array(filled.length));
    for (const [k, number] of exact.entries()) {
      const { total } = evaluator.at(position(k, shape));
      expect(number).toBe(total);
      expect(filled[k]).toBe(Math.fround(total));
    }
  });

  test("a plane alone is that part of the whole", () => {
    const evaluator = new Evaluator(told.recipe, operandsOf(told));
    const shape = told.recipe.axes.map(([, length]) => length);
    const first = shape.slice(0, Math.max(shape.length - 2, 1)).map((length) => length - 1);
    const plane = evaluator.fill(first);
    // Asked anew, after another plane, it is the same.
    evaluator.fill(first.map(() => 0));
    expect(evaluator.fill(first)).toEqual(plane);
    expect(evaluator.fill().slice(-plane.length)).toEqual(plane);
  });
});

function position(place: number, shape: readonly number[]): number[] {
  return strides(shape).map((stride, k) => Math.floor(place / stride) % shape[k]!);
}

describe("a fixture that is wrong is not reproduced", () => {
  const conv = fixture("conv2d");
  const norm = fixture("batch_norm");

  function changed(told: Fixture, change: (value: Told) => Told): string[] {
    const [first, ...rest] = told.values;
    return differences({ ...told, values: [change(first!), ...rest] });
  }

  test.each<[string, Fixture, (value: Told) => Told]>([
    ["total", conv, (v) => ({ ...v, total: Number(v.total) * (1 + 1e-11) })],
    ["quantities", conv, (v) => ({ ...v, quantities: { sum: 0 } })],
    ["quantities", conv, (v) => ({ ...v, quantities: {} })],
    ["forms", norm, (v) => ({ ...v, forms: { folded: Number(v.forms.folded) + 1e-9 } })],
    [
      "results",
      conv,
      (v) => ({ ...v, terms: { ...v.terms, results: v.terms.results.map(() => 1) } }),
    ],
    ["count", conv, (v) => ({ ...v, terms: { ...v.terms, results: v.terms.results.slice(1) } })],
    [
      "numbers",
      conv,
      (v) => ({ ...v, terms: { ...v.terms, numbers: v.terms.numbers.toReversed() } }),
    ],
    ["places", conv, (v) => ({ ...v, terms: { ...v.terms, places: v.terms.places.toReversed() } })],
    ["padding", conv, (v) => ({ ...v, terms: { ...v.terms, padding: [[0, 1], []] } })],
  ])("%s", (what, told, change) => {
    const found = changed(told, change);
    expect(found.map((line) => line.split(": ")[1])).toContain(what);
  });

  test("operands", () => {
    const [first, ...rest] = conv.operands;
    const numbers = first!.numbers.map((number) => Number(number) + 0.125);
    expect(differences({ ...conv, operands: [{ ...first!, numbers }, ...rest] })).not.toEqual([]);
  });
});

describe("what stands beside the terms", () => {
  const conv = fixture("conv2d");
  const outcome = new Evaluator(conv.recipe, operandsOf(conv)).at([0, 0, 0, 0]);

  test("the bias and the way of combining", () => {
    expect(outcome.bias).toBe(2.625);
    expect(outcome.combine).toBe("sum");
    expect(outcome.terms.factors.map(({ operand }) => operand)).toEqual([0, 1]);
  });

  test("an op without a window has neither", () => {
    const relu = fixture("abs");
    const found = new Evaluator(relu.recipe, operandsOf(relu)).at([0, 0]);
    expect([found.bias, found.combine, found.terms.count]).toEqual([undefined, "", 1]);
  });

  test("a form is spelled", () => {
    const norm = fixture("batch_norm");
    const { forms } = new Evaluator(norm.recipe, operandsOf(norm)).at([0, 0, 0, 0]);
    expect(forms.map(({ text }) => text)).toEqual(["r2*slope + shift"]);
  });

  test("an earlier outcome is not written over by a later one", () => {
    const evaluator = new Evaluator(conv.recipe, operandsOf(conv));
    const before = evaluator.at([0, 0, 0, 0]);
    evaluator.at([0, 1, 2, 3]);
    expect(before).toEqual(outcome);
  });
});

describe("errors", () => {
  const x: Operand = operand(Float32Array.of(1, 2, 3), [3]);
  const plain: Recipe = {
    axes: [["c", 3]],
    reads: [{ operand: 0, index: ["c"] }],
    steps: [],
    result: ["read", 0],
  };

  function asked(change: Partial<Recipe>, operands: Operand[] = [x]): () => unknown {
    const evaluator = new Evaluator({ ...plain, ...change }, operands);
    return () => [evaluator.at([0]), evaluator.fill()];
  }

  test("none", () => expect(asked({})).not.toThrow());

  test.each<[string, Partial<Recipe>, RegExp]>([
    ["a function from later", { result: ["bessel", ["read", 0]] }, /"bessel".*newer Layerwalk/],
    ["what every object has", { result: ["constructor", 1] }, /"constructor".*newer Layerwalk/],
    ["complex numbers", { result: ["imag", ["read", 0]] }, /"imag" is.*complex/],
    ["arguments", { result: ["sub", 1] }, /"sub" does not take 1/],
    ["a name", { result: "q" }, /"q" is no axis, loop or step/],
    ["a read", { result: ["read", 4] }, /no read 4/],
    ["a table", { result: ["table", 0, "c"] }, /no table 0/],
    ["a word", { result: ["number", "many"] }, /"many" is no number/],
    ["dimensions", { reads: [{ operand: 0, index: ["c", 0] }] }, /2 indices.*shape \(3\)/],
    ["past the end", { reads: [{ operand: 0, index: [["add", "c", 1]] }] }, /past the ends/],
    [
      "before the beginning",
      { reads: [{ operand: 0, index: [["sub", "c", 1]] }] },
      /past the ends/,
    ],
    ["padding", { reads: [{ operand: 0, index: ["c"], beyond: "wrap" }] }, /neither "skip"/],
    [
      "a step that needs itself",
      { steps: [{ name: "s", loops: [["i", 2]], combine: "sum", term: "s" }], result: "s" },
      /needs itself/,
    ],
    [
      "a way of combining",
      {
        steps: [{ name: "s", loops: [["i", 2]], combine: "median" as "sum", term: "i" }],
        result: "s",
      },
      /"median"/,
    ],
  ])("%s", (_, change, message) => {
    expect(asked(change)).toThrow(message);
    expect(asked(change)).toThrow(expect.objectContaining({ name: "RecipeError" }));
  });

  test("an operand that is missing", () => {
    expect(asked({}, [])).toThrow(/operand 0 is missing/);
  });

  test("positions and lengths", () => {
    const evaluator = new Evaluator(plain, [x]);
    expect(() => evaluator.at([])).toThrow(/no position in shape \(3\)/);
    expect(() => evaluator.at([3])).toThrow(/\(3\) is outside of shape \(3\)/);
    expect(() => evaluator.at([0.5])).toThrow(/outside/);
    expect(() => evaluator.fill([1, 1])).toThrow(/outside/);
    expect(() => evaluator.fill([], new Float32Array(2))).toThrow(/3 numbers do not fit 2/);
    expect(() => operand(Float32Array.of(1), [2])).toThrow(/1 numbers are not of shape \(2\)/);
  });
});
