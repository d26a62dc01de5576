import { describe, expect, it } from "vitest";
import { EMPTY, flawsOf, tally, together } from "../../../src/lib/colour";

const MIXED = Float32Array.of(0, -1.5, Number.NaN, 2, Number.POSITIVE_INFINITY, -0, 7);

describe("tally", () => {
  it("counts zeros and what is not a number, and leaves that out of the range", () => {
    expect(tally(MIXED)).toEqual({ size: 7, low: -1.5, high: 7, zeros: 2, nan: 1, infinite: 1 });
  });

  it("has no range where nothing is finite", () => {
    expect(tally(Float32Array.of(Number.NaN))).toEqual({ ...EMPTY, size: 1, nan: 1 });
    expect(tally(new Float32Array())).toEqual(EMPTY);
  });

  it("counts a run", () => {
    expect(tally(MIXED, { start: 1, count: 3, step: 2 })).toMatchObject({ low: -1.5, high: 2 });
  });
});

it("counts parts together as it counts the whole", () => {
  const parts = [0, 1, 2].map((k) => tally(MIXED, { start: 2 * k, count: 2, step: 1 }));
  expect(together([EMPTY, ...parts, tally(MIXED.slice(6))])).toEqual(tally(MIXED));
  expect(together([])).toEqual(EMPTY);
});

it("says what has no colour", () => {
  expect(flawsOf(tally(MIXED))).toBe("1 NaN, 1 infinite");
  expect(flawsOf({ ...EMPTY, nan: 1200 })).toBe("1,200 NaN");
  expect(flawsOf(EMPTY)).toBe("");
});
