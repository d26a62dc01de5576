import { describe, expect, test } from "vitest";
import {
  dotsOf,
  pathOf,
  reachOf,
  tellTick,
  valueAt,
  valueTicks,
  yOf,
} from "../../../src/lib/run/curves";

const LINE = { name: "loss", steps: [0, 5, 10], values: [2, null, 1] };
const FRAME = {
  width: 100,
  height: 50,
  end: 10,
  along: "linear",
  low: 0,
  high: 2,
  logarithmic: false,
} as const;

describe("curves", () => {
  test("a line breaks where there is no number", () => {
    expect(pathOf(LINE, FRAME)).toBe("M0.0 0.0M100.0 25.0");
    expect(pathOf({ ...LINE, values: [2, 1, 0] }, FRAME)).toBe("M0.0 0.0L50.0 25.0L100.0 50.0");
  });

  test("few points are dots, many are not", () => {
    expect(dotsOf(LINE, FRAME)).toBe("M0.0 0.0h0M100.0 25.0h0");
    const steps = Array.from({ length: 31 }, (_, k) => k);
    expect(dotsOf({ name: "loss", steps, values: steps }, FRAME)).toBe("");
  });

  test("on a logarithmic axis powers of ten are evenly apart, and zero is not drawn", () => {
    const frame = { ...FRAME, low: 0.01, high: 1, logarithmic: true };
    expect(yOf(0.1, frame)).toBeCloseTo(25, 9);
    expect(pathOf({ ...LINE, values: [1, 0, 0.01] }, frame)).toBe("M0.0 0.0M100.0 50.0");
    expect(valueTicks(frame)).toEqual([0.01, 0.1, 1]);
  });

  test("an axis holds all numbers, from zero or from a power of ten", () => {
    expect(reachOf([LINE], false)).toEqual([0, 2]);
    expect(reachOf([{ ...LINE, values: [-1, 3] }], false)).toEqual([-1, 3]);
    expect(reachOf([{ ...LINE, values: [0, 0.02, 0.5] }], true)).toEqual([0.01, 1]);
    expect(reachOf([], true)).toEqual([0, 1]);
  });

  test("the last number that was known", () => {
    expect(valueAt(LINE, 4)).toBe(2);
    expect(valueAt(LINE, 7)).toBeNull();
    expect(valueAt({ ...LINE, steps: [3, 5, 10] }, 1)).toBeUndefined();
  });

  test("numbers at an axis are short", () => {
    expect([0, 0.5, -2, 1e-4, 1e6].map(tellTick)).toEqual(["0", "0.5", "−2", "1e−4", "1e6"]);
  });
});
