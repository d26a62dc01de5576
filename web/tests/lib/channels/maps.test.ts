import { describe, expect, it } from "vitest";
import {
  differenceOf,
  isFlat,
  mapsOf,
  numberAt,
  regionOfSample,
} from "../../../src/lib/channels/maps";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";
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
    expect(regionOfSample({ shape: [8, 3, 4, 4] }, 3)).toBe("3");
    expect(regionOfSample({ shape: [1, 3, 4, 4] }, 0)).toBe("");
    expect(regionOfSample({ shape: [5] }, 0)).toBe("");
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

  it("refuses maps of different sizes", () => {
    expect(() => differenceOf(made([1, 2, 3, 4]), made([1, 2, 3, 3]))).toThrow("different sizes");
  });
});

it("knows a network without batches by its convolutions", () => {
  const { sheet } = madeUp();
  expect(isFlat(new Network(sheet))).toBe(false);
  const values = sheet.values.map((value) =>
    value.shape.length === 4 && value.role === "result"
      ? { ...value, shape: value.shape.slice(1) }
      : value,
  );
  expect(isFlat(new Network({ ...sheet, values }))).toBe(true);
});
