import { expect, test } from "vitest";
import { Compiler } from "../../../src/lib/recipe/compiler";
import { Evaluator } from "../../../src/lib/recipe/evaluate";
import { Machine, nest } from "../../../src/lib/recipe/machine";
import { type Operand, operand } from "../../../src/lib/recipe/operand";
import type { Recipe } from "../../../src/lib/recipe/recipe";
import { batchNorm, convolution, GELU, maxPooling, numbers, pointwise } from "./layers";

const SOFTMAX: Recipe = {
  axes: [
    ["n", 3],
    ["c", 5],
  ],
  reads: [
    { operand: 0, index: ["n", "i"] },
    { operand: 0, index: ["n", "c"] },
  ],
  steps: [
    { name: "total", loops: [["i", 5]], combine: "sum", term: ["exp", ["read", 0]] },
    { name: "unused", loops: [["i", 5]], combine: "max", term: ["read", 0] },
  ],
  result: ["div", ["exp", ["read", 1]], "total"],
};

test("what a row shares is worked out once a row, and what nobody uses not at all", () => {
  const compiler = new Compiler(SOFTMAX, [numbers(3, 5)]);
  compiler.value(SOFTMAX.result);
  const [rows, columns] = compiler.machine.axes;
  // The sum over i; of a row alone: where it begins.
  expect(rows?.block).toHaveLength(2);
  // The number, its exponential and the quotient.
  expect(columns?.block).toHaveLength(3);
});

test("the same expression is made once", () => {
  const compiler = new Compiler(SOFTMAX, [numbers(3, 5)]);
  const once = compiler.value(["exp", ["read", 1]]);
  expect(compiler.value(["exp", ["read", 1]])).toBe(once);
  expect(compiler.value(["exp", ["add", ["read", 1], 0]])).not.toBe(once);
});

test("zero and minus zero are two constants", () => {
  const machine = new Machine([]);
  expect(machine.constant(0)).not.toEqual(machine.constant(-0));
});

test("loops run the last fastest", () => {
  const machine = new Machine([
    ["y", 2],
    ["x", 3],
  ]);
  const seen: number[][] = [];
  const [y, x] = machine.axes.map(({ value }) => value.register);
  nest(machine.axes, (r) => seen.push([r[y!]!, r[x!]!]))(machine.registers());
  expect(seen).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test.each([1, 255, 256, 257, 600])("a row of %d, which has parts", (length) => {
  const row = numbers(2, length);
  const recipe: Recipe = {
    axes: [
      ["n", 2],
      ["c", length],
    ],
    reads: [{ operand: 0, index: ["n", ["sub", "c", "i"]], beyond: "skip" }],
    steps: [{ name: "mean", loops: [["i", 3]], combine: "mean", term: ["read", 0] }],
    result: ["sub", "mean", "c"],
  };
  const evaluator = new Evaluator(recipe, [row]);
  const filled = evaluator.fill([], new Float64Array(2 * length));
  for (let k = 0; k < filled.length; k++) {
    expect(filled[k]).toBe(evaluator.at([Math.floor(k / length), k % length]).total);
  }
  expect([...evaluator.fill([1])]).toEqual([...filled.slice(length)].map(Math.fround));
});

test.each([
  ["convolution", convolution(5, 3, 7)],
  ["max pooling", maxPooling(3, 5)],
  ["batch norm", batchNorm(3, 6)],
  ["GELU", pointwise(2, 5, GELU)],
])("%s of a layer, filled and one by one", (_, evaluator) => {
  const plane = evaluator.fill([0, 1]);
  const size = Math.sqrt(plane.length);
  for (const [k, number] of plane.entries()) {
    const { total } = evaluator.at([0, 1, Math.floor(k / size), k % size]);
    expect(number).toBe(Math.fround(total));
  }
});

test("a step that keeps a loop apart, with a number for each position of the last axis", () => {
  const recipe: Recipe = {
    axes: [
      ["n", 2],
      ["c", 4],
    ],
    reads: [{ operand: 0, index: ["e", "s", "c"] }],
    steps: [
      {
        name: "part",
        loops: [["e", 2]],
        combine: "sum",
        term: ["mul", ["read", 0], "n"],
        each: [["s", 3]],
      },
      { name: "most", loops: [["s", 3]], combine: "max", term: ["add", "part", "s"] },
    ],
    result: "most",
  };
  const x = numbers(2, 3, 4);
  const evaluator = new Evaluator(recipe, [x]);
  const filled = evaluator.fill([], new Float64Array(8));
  const slow = (n: number, c: number): number => {
    const at = (e: number, s: number): number => x.data[(e * 3 + s) * 4 + c]!;
    return Math.max(...[0, 1, 2].map((s) => at(0, s) * n + at(1, s) * n + s));
  };
  for (let k = 0; k < 8; k++) {
    expect(filled[k]).toBe(slow(k >> 2, k & 3));
    expect(evaluator.at([k >> 2, k & 3]).total).toBe(filled[k]);
  }
});

function padded(x: Operand, beyond: number): Evaluator {
  const reads = [{ operand: 0, index: [["sub", "c", 1]] as const, beyond }];
  return new Evaluator({ axes: [["c", 4]], reads, steps: [], result: ["read", 0] }, [x]);
}

test("padding is what the operand could hold", () => {
  const found = padded(operand(Float32Array.of(5), [1]), 0.1).at([0]);
  expect(found.total).toBe(Math.fround(0.1));
  expect([...found.terms.factors[0]!.padding]).toEqual([1]);
  expect(padded(operand(Float64Array.of(5), [1]), 0.1).at([2]).total).toBe(0.1);
  expect(padded(operand(Int32Array.of(5), [1]), 2.5).at([0]).total).toBe(2);
});

test("an empty operand is padding all around", () => {
  expect([...padded(operand(new Float32Array(0), [0]), 0.5).fill()]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test("numbers alone, and outputs without numbers", () => {
  const one: Recipe = {
    axes: [],
    reads: [{ operand: 0, index: [] }],
    steps: [],
    result: ["read", 0],
  };
  const evaluator = new Evaluator(one, [operand(BigInt64Array.of(7n), [])]);
  expect(evaluator.at([]).total).toBe(7);
  expect([...evaluator.fill()]).toEqual([7]);
  const none = new Evaluator(
    {
      ...SOFTMAX,
      axes: [
        ["n", 0],
        ["c", 5],
      ],
    },
    [numbers(0, 5)],
  );
  expect(none.fill()).toHaveLength(0);
  expect(none.fill([], new Float64Array(0))).toHaveLength(0);
});

test("all axes given, one number is filled", () => {
  const evaluator = new Evaluator(SOFTMAX, [numbers(3, 5)]);
  expect(evaluator.fill([2, 1])[0]).toBe(Math.fround(evaluator.at([2, 1]).total));
});
