import { expect, test } from "vitest";
import { dabOf, hiding, joined, strokeOf } from "../../../src/lib/edits/brush";

const PICTURE = { height: 20, width: 30 };

test("a square about the point, wholly on the picture", () => {
  expect(dabOf(PICTURE, 4, { y: 10, x: 10 })).toEqual({ top: 8, left: 8, height: 4, width: 4 });
  expect(dabOf(PICTURE, 4, { y: 0, x: 29.9 })).toEqual({ top: 0, left: 26, height: 4, width: 4 });
  expect(dabOf(PICTURE, 50, { y: 3, x: 3 })).toEqual({ top: 0, left: 0, height: 20, width: 30 });
  expect(dabOf(PICTURE, 1, { y: 3.5, x: 7.5 })).toEqual({ top: 3, left: 7, height: 1, width: 1 });
});

test("a level stroke is one rectangle", () => {
  const stroke = strokeOf(PICTURE, 4, { y: 10, x: 5 }, { y: 10, x: 21 });
  const [patch, ...rest] = joined(stroke, PICTURE);
  expect(rest).toEqual([]);
  expect(patch).toMatchObject({ top: 8, height: 4 });
  expect(patch?.left).toBeLessThanOrEqual(4);
});

test("a stroke is one edit", () => {
  const dab = dabOf(PICTURE, 4, { y: 10, x: 10 });
  expect(hiding([dab])).toEqual({ do: "hide", top: 8, left: 8, height: 4, width: 4 });
  expect(hiding([dab, { ...dab, top: 12 }])).toEqual({
    do: "hide_patches",
    patches: [
      [8, 8, 4, 4],
      [12, 8, 4, 4],
    ],
  });
});

test("rectangles cover what was covered, once", () => {
  const stroke = strokeOf(PICTURE, 4, { y: 2, x: 2 }, { y: 17, x: 27 });
  const patches = joined(stroke, PICTURE);
  const count = (list: typeof stroke): number[] => {
    const covered = new Array<number>(600).fill(0);
    for (const { top, left, height, width } of list)
      for (let y = top; y < top + height; y++)
        for (let x = left; x < left + width; x++) covered[y * 30 + x]! += 1;
    return covered;
  };
  expect(count(patches)).toEqual(count(stroke).map((times) => Math.min(times, 1)));
  expect(patches.length).toBeLessThan(20);
  expect(joined([], PICTURE)).toEqual([]);
});
