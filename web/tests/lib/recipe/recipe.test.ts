import { expect, test } from "vitest";
import { mainStep, opened, recipeOf } from "../../../src/lib/recipe/recipe";
import { fixture } from "./fixtures";

const { recipe } = fixture("conv2d");
const text = JSON.stringify({ version: 1, recipes: [recipe], ops: [[0], [null]] });

test("the recipe of an op", () => {
  const book = opened(text);
  expect(recipeOf(book, 0)).toEqual(recipe);
  expect(recipeOf(book, 1)).toBeUndefined();
  expect(recipeOf(book, 0, 1)).toBeUndefined();
  expect(recipeOf(book, 7)).toBeUndefined();
});

test("a version from later, in whatever form", () => {
  expect(() => opened('{"version": 2, "pages": []}')).toThrow(/version 2.*newer Layerwalk/);
});

test.each([
  "{}",
  "[]",
  "null",
  "3",
  '{"version": 1}',
  '{"version": "1", "recipes": [], "ops": []}',
])("%s is no book", (other) => {
  expect(() => opened(other)).toThrow(/no book of recipes/);
});

test("the step whose terms are shown", () => {
  expect(mainStep(recipe)?.name).toBe("sum");
  expect(mainStep(fixture("batch_norm").recipe)).toBeUndefined();
  expect(mainStep(fixture("attention").recipe)?.name).toBe("sum");
});
