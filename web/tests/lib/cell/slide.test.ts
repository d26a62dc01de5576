import { expect, test } from "vitest";
import { lengthOf, positionAt, stepOf, wayOf } from "../../../src/lib/cell/slide";

const WAY = wayOf([1, 4, 3, 5], 2)!;

test("row by row over the map, the channel stays", () => {
  expect(lengthOf(WAY)).toBe(15);
  const at = [0, 2, 1, 4];
  expect(stepOf(WAY, at)).toBe(9);
  expect(positionAt(WAY, at, 10)).toEqual([0, 2, 2, 0]);
  for (let k = 0; k < 15; k++) expect(stepOf(WAY, positionAt(WAY, at, k))).toBe(k);
});

test("past the ends it begins anew", () => {
  expect(positionAt(WAY, [0, 2, 2, 4], 15)).toEqual([0, 2, 0, 0]);
  expect(positionAt(WAY, [0, 2, 0, 0], -1)).toEqual([0, 2, 2, 4]);
});

test("a window of one dimension goes along the row", () => {
  const row = wayOf([1, 4, 7], 1)!;
  expect([lengthOf(row), positionAt(row, [0, 3, 6], 2)]).toEqual([7, [0, 3, 2]]);
});

test("without a map there is nowhere to go", () => {
  expect(wayOf([1, 14], 2)).toBeUndefined();
  expect(wayOf([1, 14, 1, 1], 2)).toBeUndefined();
});
