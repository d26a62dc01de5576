import { describe, expect, test } from "vitest";
import {
  cellOf,
  heatPicture,
  heatScale,
  overlayPicture,
  overlayRamp,
  shareOf,
} from "../../../src/lib/attribution/overlay";
import type { Tensor } from "../../../src/source";

const SIGNED = heatScale({ signed: true, reach: 1 });

function map(rows: number, columns: number, ...numbers: number[]): Tensor {
  return { data: Float64Array.from(numbers), shape: [rows, columns], exact: true };
}

function photo(width: number, level: number): Tensor {
  const data = new Uint8Array(3 * width).fill(level);
  return { data, shape: [1, width, 3], exact: true };
}

describe("a map over a picture", () => {
  test("its scale runs both ways from zero where numbers speak against", () => {
    expect(SIGNED).toMatchObject({ low: -1, high: 1, map: "bluered" });
    expect(heatScale({ signed: false, reach: 2 })).toMatchObject({ low: 0, high: 2 });
    expect(Object.is(heatScale({ signed: true, reach: 0 }).low, -0)).toBe(false);
  });

  test.each([
    [5, 2],
    [224, 7],
    [7, 7],
    [300, 9],
  ])("each of %i places has one of %i cells, and the cells have all places", (side, cells) => {
    const taken = Array.from({ length: cells }, (_, cell) => shareOf(cell, side, cells));
    expect([taken[0]![0], taken.at(-1)![1]]).toEqual([0, side]);
    taken.forEach(([first, stop], cell) => {
      for (let place = first; place < stop; place++) expect(cellOf(place, side, cells)).toBe(cell);
    });
  });

  test("nothing is blended from cell to cell", () => {
    const { pixels, width, height } = heatPicture(map(1, 2, -1, 1), SIGNED, 2, 5);
    expect([width, height]).toEqual([5, 2]);
    const words = new Uint32Array(pixels.buffer);
    expect(new Set(words.slice(0, 3)).size).toBe(1);
    expect(new Set(words.slice(3, 5)).size).toBe(1);
    expect(words[0]).not.toBe(words[4]);
    expect([...words.slice(0, 5)]).toEqual([...words.slice(5)]);
  });

  test("zero leaves the photo, in pale grey, and the largest do not hide it", () => {
    const { pixels } = overlayPicture(photo(4, 200), map(1, 4, 0, 9, -9, Number.NaN), SIGNED);
    const [zero, most, least, none] = [0, 4, 8, 12].map((at) => [...pixels.slice(at, at + 4)]);
    expect(zero).toEqual([240, 240, 240, 255]);
    expect(none).toEqual(zero);
    expect(most![0]).toBeGreaterThan(most![2]!);
    expect(least![2]).toBeGreaterThan(least![0]!);
    const dark = overlayPicture(photo(1, 0), map(1, 1, 9), SIGNED).pixels;
    expect([...dark.slice(0, 3)]).not.toEqual(most!.slice(0, 3));
  });

  test("the legend runs from the one colour to the other", () => {
    const ramp = overlayRamp(SIGNED, 3);
    expect(ramp).toHaveLength(3);
    expect(ramp[1]).toEqual([240, 240, 240]);
    expect(ramp[0]![2]).toBeGreaterThan(ramp[0]![0]!);
    expect(ramp[2]![0]).toBeGreaterThan(ramp[2]![2]!);
  });
});
