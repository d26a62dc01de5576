/** What stands beside the results of the terms. */

import { expect, test } from "vitest";
import { Evaluator, type Outcome } from "../../../src/lib/recipe/evaluate";
import { fixture, operandsOf } from "./fixtures";

function outcome(name: string): Outcome {
  const told = fixture(name);
  return new Evaluator(told.recipe, operandsOf(told)).at(told.values[0]!.index);
}

test("an interpolation has the weight of each neighbour", () => {
  const { terms } = outcome("bilinear");
  expect(terms.weights).toHaveLength(terms.count);
  for (let k = 0; k < terms.count; k++) {
    expect(terms.factors[0]!.numbers[k]! * terms.weights![k]!).toBe(terms.results[k]);
  }
  expect(terms.weights!.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 6);
});

test("attention has the score and the weight of each key", () => {
  const { terms, quantities } = outcome("attention");
  expect(terms.along.map(({ name }) => name)).toEqual(["product", "score", "weight"]);
  const [product, score, weight] = terms.along.map(({ numbers }) => numbers);
  expect([...terms.weights!]).toEqual([...weight!]);
  expect(score![1]).toBe(0.5 * product![1]!);
  const peak = quantities.find(({ name }) => name === "peak")!.value;
  expect(Math.max(...score!)).toBe(peak);
});

test("a product of what is read has no weights", () => {
  const { terms } = outcome("conv2d");
  expect(terms.weights).toBeUndefined();
  expect(terms.along).toEqual([]);
});

test("what the result reads beside its terms", () => {
  const names = (name: string): number[] => outcome(name).beside.map(({ operand }) => operand);
  expect(names("conv2d")).toEqual([2]);
  expect(names("layer_norm")).toEqual([0, 1, 2]);
  expect(names("softmax")).toEqual([0]);
  expect(names("batch_norm")).toEqual([0, 3, 4, 1, 2]);
  expect(names("sum")).toEqual([]);
  const moved = outcome("cat");
  expect(moved.beside).toEqual(moved.terms.factors);
});
