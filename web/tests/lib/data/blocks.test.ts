import { expect, test } from "vitest";
import { blocksOf, placeAfter, withBlock } from "../../../src/lib/data/blocks";

test("a part touches the blocks from its first place to its last", () => {
  expect(blocksOf(0, 47, 48)).toEqual([0]);
  expect(blocksOf(47, 96, 48)).toEqual([0, 1, 2]);
  expect(blocksOf(-5, 3, 48)).toEqual([0]);
  expect(blocksOf(0, -1, 48)).toEqual([]);
});

test("those farthest away make room", () => {
  let blocks: ReadonlyMap<number, string> = new Map();
  for (const number of [0, 1, 2, 9]) blocks = withBlock(blocks, number, `${number}`, 3);
  expect([...blocks.keys()].sort()).toEqual([1, 2, 9]);
  const again = withBlock(blocks, 9, "newer", 3);
  expect(again.get(9)).toBe("newer");
  expect(again.size).toBe(3);
});

test("keys lead along rows, and no farther than the ends", () => {
  const rows = { count: 10, across: 4, page: 2 };
  expect(placeAfter("ArrowRight", 3, rows)).toBe(4);
  expect(placeAfter("ArrowLeft", 0, rows)).toBe(0);
  expect(placeAfter("ArrowDown", 3, rows)).toBe(7);
  expect(placeAfter("ArrowDown", 7, rows)).toBe(9);
  expect(placeAfter("PageUp", 9, rows)).toBe(1);
  expect(placeAfter("Home", 9, rows)).toBe(0);
  expect(placeAfter("End", 1, rows)).toBe(9);
  expect(placeAfter("x", 1, rows)).toBeUndefined();
});
