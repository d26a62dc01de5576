import { describe, expect, it } from "vitest";
import { type Maps, numberAt } from "../../../src/lib/channels/maps";
import { overall, statisticsOf, variancesOf } from "../../../src/lib/channels/statistics";
import { tally } from "../../../src/lib/colour";
import { made, noise } from "./made";

/** All numbers of a channel, one at a time. */
function channelOf(maps: Maps, channel: number): number[] {
  const { height, width, starts } = maps.planes;
  const numbers: number[] = [];
  for (const start of starts) {
    const slice = { ...maps, planes: { ...maps.planes, start } };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) numbers.push(numberAt(slice, { channel, y, x }));
    }
  }
  return numbers;
}

function flawed(): Float32Array {
  const numbers = noise(120);
  numbers.set([Number.NaN, Number.POSITIVE_INFINITY, 0, 0], 20);
  return numbers;
}

describe.each([
  ["channels first", made([1, 4, 5, 6], { numbers: flawed() })],
  ["channels last", made([1, 5, 6, 4], { numbers: flawed(), axis: -1 })],
  ["all slices of a volume", made([1, 2, 3, 4, 5], { numbers: flawed() })],
  ["a vector", made([2, 60], { numbers: flawed(), sample: 1 })],
  ["rows", made([1, 10, 12], { numbers: flawed() })],
])("%s", (_, maps) => {
  const found = statisticsOf(maps);

  it("leaves no number out", () => {
    expect(overall(found).size).toBe(
      maps.numbers.length / (maps.planes.layout === "vector" ? 2 : 1),
    );
  });

  it("counts each channel as one that goes from number to number", () => {
    found.forEach((one, channel) => {
      const numbers = channelOf(maps, channel);
      const finite = numbers.filter(Number.isFinite);
      const mean = finite.reduce((sum, number) => sum + number, 0) / finite.length;
      expect(one).toMatchObject(tally(Float64Array.from(numbers)));
      expect(one.mean).toBeCloseTo(mean, 12);
      const sizes = finite.reduce((sum, number) => sum + Math.abs(number), 0);
      expect(one.strength).toBeCloseTo(sizes / finite.length, 12);
      const spread = finite.reduce((sum, number) => sum + (number - mean) ** 2, 0) / finite.length;
      expect(variancesOf(maps, found)[channel]).toBeCloseTo(spread, 12);
    });
  });

  it("adds up to the whole", () => {
    const numbers = found.flatMap((_, channel) => channelOf(maps, channel));
    const finite = numbers.filter(Number.isFinite);
    expect(overall(found)).toMatchObject(tally(Float64Array.from(numbers)));
    expect(overall(found).mean).toBeCloseTo(
      finite.reduce((sum, number) => sum + number, 0) / finite.length,
      12,
    );
  });
});

it("has no mean where nothing is finite", () => {
  const maps = made([1, 1, 1, 2], { numbers: Float32Array.of(Number.NaN, Number.NaN) });
  const [one] = statisticsOf(maps);
  expect(one).toMatchObject({ size: 2, nan: 2, mean: Number.NaN, strength: 0 });
  expect(overall([one!])).toMatchObject({ mean: Number.NaN, strength: 0 });
});
