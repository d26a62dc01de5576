import { expect, test } from "vitest";
import { shiftsOf, tellMove } from "../../../src/lib/edits/shift";
import { predictionOf } from "../../../src/lib/prediction";
import type { Prediction } from "../../../src/wire";

const of = (...scores: number[]): Prediction =>
  predictionOf({ value: 0, made: "softmax", top: [] }, scores, null, Number.POSITIVE_INFINITY);

test("the first classes, and those that were", () => {
  const found = shiftsOf(of(0, 4, 3, 2), of(5, 1, 2, 3), 2);
  expect(found.map(({ after, place, placeBefore }) => [after.number, place, placeBefore])).toEqual([
    [1, 0, 3],
    [2, 1, 2],
    [3, 2, 1],
    [0, 3, 0],
  ]);
  expect(found.map(tellMove)).toEqual(["↑3", "↑1", "↓1", "↓3"]);
  expect(found[3]?.before).toBeGreaterThan(0.8);
});

test("nothing moved", () => {
  expect(shiftsOf(of(3, 2, 1), of(3, 2, 1), 2).map(tellMove)).toEqual(["", ""]);
});
