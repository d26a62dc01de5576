/** The functions against NumPy, where the two languages might differ. */

import { describe, expect, test } from "vitest";
import { Evaluator } from "../../../src/lib/recipe/evaluate";
import { FUNCTIONS, functionOf } from "../../../src/lib/recipe/functions";
import { WRITTEN_OUT } from "../../../src/lib/recipe/instructions";
import { operand } from "../../../src/lib/recipe/operand";

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;

// What NumPy gives.
test.each<[string, number[], number]>([
  ["mod", [7, 3], 1],
  ["mod", [-7, 3], 2],
  ["mod", [7, -3], -2],
  ["mod", [-7, -3], -1],
  ["mod", [-2.5, 1], 0.5],
  ["mod", [6, -3], -0],
  ["mod", [-1, inf], inf],
  ["mod", [1, 0], nan],
  ["floordiv", [-7, 3], -3],
  ["floordiv", [7, -3], -3],
  ["floordiv", [1, 0.1], 9],
  ["floordiv", [-1, inf], -1],
  ["floordiv", [-3, 0], -inf],
  ["floordiv", [0, 0], nan],
  ["floordiv", [-0, 3], -0],
  ["round", [0.5], 0],
  ["round", [1.5], 2],
  ["round", [2.5], 2],
  ["round", [-0.5], -0],
  ["round", [-1.5], -2],
  ["round", [-2.5], -2],
  ["round", [0.49999999999999994], 0],
  ["round", [2251799813685248.5], 2251799813685248],
  ["round", [-inf], -inf],
  ["round", [nan], nan],
  ["pow", [1, nan], 1],
  ["pow", [-1, -inf], 1],
  ["pow", [-8, 1 / 3], nan],
  ["max", [nan, 1], nan],
  ["min", [1, nan], nan],
  ["not", [nan], 0],
  ["and", [nan, 2], 1],
  ["or", [0, -0], 0],
  ["ne", [nan, nan], 1],
  ["where", [nan, 1, 2], 1],
  ["clamp", [nan, -1, 2], nan],
  ["clamp", [5, -1, 2], 2],
  ["sigmoid", [-1000], 0],
  ["sigmoid", [1000], 1],
  ["softplus", [1000], 1000],
  ["softplus", [-1000], 0],
  ["choose", [-2, 0, 3, 10, 7, 8, 9], 7],
  ["choose", [0, 0, 3, 10, 7, 8, 9], 8],
  ["choose", [9, 0, 3, 10, 7, 8, 9], 9],
  ["choose", [10, 0, 3, 10, 7, 8, 9], 0],
  ["rounded", [1 / 3, 11, -14], 0.333251953125],
  ["rounded", [65519.9, 11, -14], 65504],
  ["rounded", [65520, 11, -14], inf],
  ["rounded", [-65520, 11, -14], -inf],
  ["rounded", [2.98e-8, 11, -14], 0],
  ["rounded", [3e-8, 11, -14], 2 ** -24],
  ["rounded", [2049, 11, -14], 2048],
  ["rounded", [2051, 11, -14], 2052],
  ["rounded", [1 / 3, 8, -126], 0.333984375],
  ["rounded", [-0, 8, -126], -0],
  ["rounded", [nan, 8, -126], nan],
])("%s(%j) = %d", (name, given, value) => {
  expect(functionOf(name)(...given)).toBe(value);
});

test("rounded to 24 digits is float32", () => {
  const rounded = functionOf("rounded");
  for (const x of [1 / 3, -1e-40, 1e-45, 3.4028235e38, 3.5e38, -7.1e22, 123456789]) {
    expect(rounded(x, 24, -126)).toBe(Math.fround(x));
  }
});

test("mirrored at both ends", () => {
  const reflect = functionOf("reflect");
  expect([-1, 0, 1, 4, 5, 6, 8, 9].map((i) => reflect(i, 5))).toEqual([1, 0, 1, 4, 3, 2, 0, 1]);
  expect([-2, 0, 3].map((i) => reflect(i, 1))).toEqual([0, 0, 0]);
});

describe("the instructions that are written out are the functions", () => {
  const some = [-inf, -2.5, -1, -0, 0, 0.1, 1, 3, inf, nan];
  const triples = some.flatMap((a) => some.flatMap((b) => some.map((c) => [a, b, c])));

  test.each(WRITTEN_OUT)("%s", (name) => {
    const count = ["clamp", "where"].includes(name) ? 3 : 2;
    const columns = [0, 1, 2].slice(0, count).map((k) => triples.map((triple) => triple[k]!));
    const evaluator = new Evaluator(
      {
        axes: [["c", triples.length]],
        reads: columns.map((_, operand) => ({ operand, index: ["c"] })),
        steps: [],
        result: [name, ...columns.map((_, k) => ["read", k] as const)],
      },
      columns.map((column) => operand(Float64Array.from(column), [triples.length])),
    );
    const found = evaluator.fill([], new Float64Array(triples.length));
    const worked = functionOf(name);
    for (const [k, triple] of triples.entries()) {
      expect(found[k]).toBe(worked(...triple.slice(0, count)));
    }
  });
});

test("sums and products of any number", () => {
  expect(FUNCTIONS.add?.(1, 2, 3, 4)).toBe(10);
  expect(FUNCTIONS.mul?.(2, 3, 4)).toBe(24);
});
