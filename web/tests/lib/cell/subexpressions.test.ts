import { expect, test } from "vitest";
import { numberOf } from "../../../src/lib/cell/explanation";
import { keyOf, withParts } from "../../../src/lib/cell/subexpressions";
import { fixture } from "../recipe/fixtures";
import { explain } from "./walks";

test("every part of the result, the steps without loops and the forms, each once", () => {
  const { recipe } = fixture("batch_norm");
  const forms = withParts(recipe).forms!;
  expect(forms[0]).toEqual(recipe.forms![0]);
  const names = forms.slice(1).map(([name]) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toContain(keyOf(["add", ["read", 1], 1e-5]));
  expect(names).toContain(keyOf(["mul", ["read", 0], "slope"]));
  expect(names).not.toContain("slope");
});

test("a position is no number", () => {
  const names = withParts(fixture("bilinear").recipe).forms!.map(([name]) => name);
  expect(names).toEqual([]);
});

test("what a part comes to", async () => {
  const explanation = await explain("softmax", [1, 2]);
  const logit = numberOf(explanation, ["read", 1])!;
  const peak = numberOf(explanation, "peak")!;
  expect(numberOf(explanation, ["sub", ["read", 1], "peak"])).toBe(logit - peak);
  expect(numberOf(explanation, "c")).toBe(2);
  expect(numberOf(explanation, 2.5)).toBe(2.5);
  expect(numberOf(explanation, true)).toBe(1);
  expect(numberOf(explanation, ["exp", "c"])).toBeUndefined();
  expect(numberOf(explanation, "nothing")).toBeUndefined();
});
