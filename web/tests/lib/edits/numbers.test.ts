import { describe, expect, test } from "vitest";
import { moved, stepFor, typed, typedMatrix, typedNumber } from "../../../src/lib/edits/numbers";

describe("typed numbers", () => {
  test.each([
    ["0.5", 0.5],
    ["−1", -1],
    ["-.25", -0.25],
    [" 1,5 ", 1.5],
    ["1e-3", 0.001],
    ["1/4", 0.25],
    ["0.", 0],
  ])("%s", (text, number) => {
    expect(typedNumber(text)).toBe(number);
  });

  test.each(["", "-", "1e", "a", "1/0", "1 2", "."])("%j is none yet", (text) => {
    expect(typedNumber(text)).toBeUndefined();
  });
});

describe("pasted matrices", () => {
  const edge = [
    [0, 1, 0],
    [1, -4, 1],
    [0, 1, 0],
  ];
  test.each([
    "0 1 0; 1 -4 1; 0 1 0",
    "0\t1\t0\n1\t−4\t1\n0\t1\t0\n",
    "[[0, 1, 0],\n [1, -4, 1],\n [0, 1, 0]]",
    "((0, 1, 0), (1, -4, 1), (0, 1, 0))",
    "0,1,0\r\n1,-4,1\r\n0,1,0",
  ])("%j", (text) => {
    expect(typedMatrix(text)).toEqual(edge);
  });

  test("a factor before it", () => {
    expect(typedMatrix("1/4 * (1 1; 1 1)")).toEqual([
      [0.25, 0.25],
      [0.25, 0.25],
    ]);
  });

  test.each(["", "0.5", "1 2; 3", "a b; c d", "x * (1 2; 3 4)"])("%j is none", (text) => {
    expect(typedMatrix(text)).toBeUndefined();
  });
});

test("steps fit the kernel, and leave no dust", () => {
  expect(stepFor([0.35, -0.02])).toBe(0.01);
  expect(stepFor([-1, 1])).toBe(0.1);
  expect(stepFor([0, 0])).toBe(0.1);
  expect(moved(0.1, 2, 0.1)).toBe(0.3);
  expect(moved(0.1, -1, 0.1)).toBe(0);
  expect(Object.is(moved(0.1, -1, 0.1), 0)).toBe(true);
  expect(typed(Math.fround(0.1))).toBe("0.1");
});
