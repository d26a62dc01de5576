/** Operands of which only a part is here. */

import { expect, test } from "vitest";
import { Evaluator } from "../../../src/lib/recipe/evaluate";
import { type Operand, operand, Part } from "../../../src/lib/recipe/operand";
import type { Recipe } from "../../../src/lib/recipe/recipe";
import { numbers } from "./layers";

const LINEAR: Recipe = {
  axes: [
    ["n", 2],
    ["c", 6],
  ],
  reads: [
    { operand: 0, index: ["n", "i"] },
    { operand: 1, index: ["c", "i"] },
  ],
  steps: [
    { name: "sum", loops: [["i", 5]], combine: "sum", term: ["mul", ["read", 0], ["read", 1]] },
  ],
  result: "sum",
};

const [INPUT, WEIGHT] = [numbers(2, 5), numbers(6, 5)];
const WHOLE = new Evaluator(LINEAR, [INPUT, WEIGHT]);

function row(c: number): Operand["data"] {
  return WEIGHT.data.slice(5 * c, 5 * (c + 1));
}

test("a part gives what the whole gives, and another may take its place", () => {
  const part = new Part([6, 5], row(2), 10);
  const evaluator = new Evaluator(LINEAR, [INPUT, part]);
  expect(evaluator.at([1, 2])).toEqual(WHOLE.at([1, 2]));
  part.replace(row(5), 25);
  expect(evaluator.at([0, 5])).toEqual(WHOLE.at([0, 5]));
  expect(evaluator.at([1, 5]).total).toBe(WHOLE.at([1, 5]).total);
});

test("rows are filled from a part too", () => {
  const half = new Part([2, 5], INPUT.data.slice(5), 5);
  const evaluator = new Evaluator(LINEAR, [half, WEIGHT]);
  expect(evaluator.fill([1])).toEqual(WHOLE.fill([1]));
});

test("what is not in the part is not made up", () => {
  const evaluator = new Evaluator(LINEAR, [INPUT, new Part([6, 5], row(2), 10)]);
  expect(() => evaluator.at([0, 1])).toThrow(/past the ends of operand 1/);
  expect(() => evaluator.at([0, 3])).toThrow(/past the ends of operand 1/);
});

const WINDOW: Recipe = {
  axes: [
    ["c", 3],
    ["x", 4],
  ],
  reads: [{ operand: 0, index: ["c", ["add", "x", "v", -1]], beyond: 0 }],
  steps: [{ name: "sum", loops: [["v", 3]], combine: "sum", term: ["read", 0] }],
  result: "sum",
};

test.each<[string, Recipe]>([
  ["padding", WINDOW],
  ["no terms", { ...WINDOW, reads: [{ ...WINDOW.reads[0]!, beyond: "skip" }] }],
])("past the ends of the whole there is %s, as ever", (_, recipe) => {
  const map = numbers(3, 4);
  const whole = new Evaluator(recipe, [map]);
  const part = new Part([3, 4], map.data.slice(4, 8), 4);
  const evaluator = new Evaluator(recipe, [part]);
  for (let x = 0; x < 4; x++) expect(evaluator.at([1, x])).toEqual(whole.at([1, x]));
  expect(evaluator.fill([1])).toEqual(whole.fill([1]));
});

test("an operand that is whole has no start", () => {
  expect(operand(Float32Array.of(1), [1]).start).toBeUndefined();
});
