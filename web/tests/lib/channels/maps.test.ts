import { describe, expect, it } from "vitest";
import { differenceOf, mapsOf, numberAt, regionOfSample } from "../../../src/lib/channels/maps";
import { made, noise } from "./made";

describe("mapsOf", () => {
  it("reads a sample of a whole value and the sample alone alike", () => {
    const sheet = { shape: [3, 4, 5, 6], dtype: "float32" };
    const data = noise(3 * 4 * 5 * 6);
    const whole = mapsOf(sheet, { data, shape: sheet.shape, exact: true }, { sample: 2 });
    const part = mapsOf(
      sheet,
      { data: data.slice(2 * 120), shape: [4, 5, 6], exact: true },
      { sample: 2 },
    );
    const spot = { channel: 3, y: 1, x: 4 };
    expect(numberAt(part, spot)).toBe(data[2 * 120 + 3 * 30 + 6 + 4]);
    expect(numberAt(whole, spot)).toBe(numberAt(part, spot));
    expect(part.planes.at(spot)).toEqual([2, 3, 1, 4]);
  });

  it("reads channels that are last", () => {
    const maps = made([1, 2, 3, 4], { axis: -1 });
    expect(maps.planes).toMatchObject({ count: 4, height: 2, width: 3 });
    expect(numberAt(maps, { channel: 1, y: 1, x: 2 })).toBe(maps.numbers[12 + 8 + 1]);
  });

  it("asks for one sample only where there are more", () => {
    expect(regionOfSample(8, 3)).toBe("3");
    expect(regionOfSample(1, 0)).toBe("");
  });

  it("knows truth values", () => {
    const tensor = { data: Uint8Array.of(1), shape: [1, 1], exact: true };
    expect(mapsOf({ shape: [1, 1], dtype: "bool" }, tensor).truth).toBe(true);
  });
});

describe("differenceOf", () => {
  it("takes number from number, however they lie", () => {
    const after = made([1, 2, 3, 4]);
    const before = made([1, 3, 4, 2], { axis: -1 });
    const found = differenceOf(after, before);
    for (const channel of [0, 1]) {
      for (const spot of [
        { channel, y: 0, x: 0 },
        { channel, y: 2, x: 3 },
      ]) {
        const wanted = Math.fround(numberAt(after, spot) - numberAt(before, spot));
        expect(numberAt(found, spot)).toBe(wanted);
        expect(found.planes.at(spot)).toEqual(after.planes.at(spot));
      }
    }
  });

  it("takes every slice of a volume, and draws the same one", () => {
    const shape = [1, 2, 4, 3, 5];
    const sheet = { shape, dtype: "float32" };
    const [after, before] = [1, 2].map((seed) => {
      const tensor = { data: noise(120, seed), shape, exact: true };
      return mapsOf(sheet, tensor, { slice: [1] });
    });
    const found = differenceOf(after!, before!);
    const spot = { channel: 1, y: 2, x: 4 };
    expect(found.planes.at(spot)).toEqual([0, 1, 1, 2, 4]);
    for (const [slice, start] of found.planes.starts.entries()) {
      const at = (maps: typeof found): number =>
        numberAt({ ...maps, planes: { ...maps.planes, start: maps.planes.starts[slice]! } }, spot);
      expect(at(found)).toBe(Math.fround(at(after!) - at(before!)));
      expect(start === found.planes.start).toBe(slice === 1);
    }
  });

  it("refuses maps of different sizes", () => {
    expect(() => differenceOf(made([1, 2, 3, 4]), made([1, 2, 3, 3]))).toThrow("different sizes");
    expect(() => differenceOf(made([1, 2, 2, 3, 4]), made([1, 2, 3, 3, 4]))).toThrow("different");
  });
});
