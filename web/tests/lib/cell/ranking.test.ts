import { expect, test } from "vitest";
import { largest, ranked } from "../../../src/lib/cell/ranking";

const KEYS = [1, 5, Number.NaN, 5, -2, 3, Number.POSITIVE_INFINITY, 0];

test("the largest first; of equals the first; what is no number before all", () => {
  expect([...ranked(KEYS)]).toEqual([2, 6, 1, 3, 5, 0, 7, 4]);
});

test.each([0, 1, 3, 5, 8, 20])("the largest %i are the first of all", (count) => {
  expect(largest(KEYS, count)).toEqual([...ranked(KEYS)].slice(0, count));
});

test("of many", () => {
  const keys = Float64Array.from({ length: 5000 }, (_, k) => Math.sin(k * k));
  expect(largest(keys, 12)).toEqual([...ranked(keys)].slice(0, 12));
});
