import { describe, expect, it } from "vitest";
import { digitsOf } from "../../../src/lib/channels/digits";
import { overall, statisticsOf } from "../../../src/lib/channels/statistics";
import { tellCell } from "../../../src/lib/numerals";
import { made, noise } from "./made";

function digits(...numbers: number[]) {
  const maps = made([1, 1, 1, numbers.length], { numbers: Float32Array.from(numbers) });
  return digitsOf(maps, overall(statisticsOf(maps)));
}

describe("digitsOf", () => {
  it.each([
    [[1, 2, 3], { decimals: 0, letters: 1 }],
    [[-12, 3.5], { decimals: 2, letters: 6 }],
    [[0.25, 0.5], { decimals: 2, letters: 4 }],
    [[1e7, 0.5], { decimals: undefined, letters: 8 }],
    [[0, 0], { decimals: 0, letters: 1 }],
    [[1, Number.POSITIVE_INFINITY], { decimals: 0, letters: 4 }],
    [[Number.NaN], { decimals: 0, letters: 3 }],
  ])("of %o", (numbers, wanted) => {
    expect(digits(...numbers)).toEqual(wanted);
  });

  it("leaves room for every number", () => {
    const numbers = noise(400).map((n) => n * 37);
    const maps = made([1, 4, 10, 10], { numbers });
    const { decimals, letters } = digitsOf(maps, overall(statisticsOf(maps)));
    const longest = Math.max(...[...numbers].map((n) => tellCell(n, decimals).length));
    expect(letters).toBe(longest);
  });
});
