import { describe, expect, it } from "vitest";
import { histogramOf } from "../../../src/lib/channels/histogram";
import { overall, statisticsOf } from "../../../src/lib/channels/statistics";
import { made, noise } from "./made";

describe("histogramOf", () => {
  it("counts every finite number once, and exact zeros apart", () => {
    const numbers = noise(200);
    numbers.set([0, 0, 0, Number.NaN, Number.POSITIVE_INFINITY], 50);
    const maps = made([1, 2, 10, 10], { numbers });
    const all = overall(statisticsOf(maps));
    const found = histogramOf(maps, [0, 1], all, 20)!;
    expect(found).toMatchObject({ low: all.low, high: all.high, zeros: 3 });
    expect(found.counts.reduce((sum, count) => sum + count, 0)).toBe(195);
    const width = (all.high - all.low) / 20;
    const third = [...numbers].filter(
      (n) => n !== 0 && n >= all.low + 3 * width && n < all.low + 4 * width,
    );
    expect(found.counts[3]).toBe(third.length);
  });

  it("puts the greatest number into the last step", () => {
    const maps = made([1, 1, 1, 3], { numbers: Float32Array.of(1, 2, 3) });
    expect(histogramOf(maps, [0], statisticsOf(maps)[0]!, 2)?.counts).toEqual([1, 2]);
  });

  it("holds for the largest numbers there are", () => {
    const data = Float64Array.of(-1.7e308, 1e300, 1.7e308);
    const maps = { ...made([1, 1, 1, 3]), numbers: data };
    expect(histogramOf(maps, [0], statisticsOf(maps)[0]!, 2)?.counts).toEqual([1, 2]);
  });

  it("has nothing to divide where all numbers are one", () => {
    const maps = made([1, 1, 2, 2], { numbers: new Float32Array(4).fill(7) });
    expect(histogramOf(maps, [0], statisticsOf(maps)[0]!)).toBeUndefined();
  });
});
