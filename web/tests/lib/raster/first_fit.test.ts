import { describe, expect, it } from "vitest";
import { firstFit, layOut, overviewFit, type Place } from "../../../src/lib/raster/first_fit";
import { lengthOf, scaleOf } from "../../../src/lib/raster/fit";

const PLACE: Place = { width: 654, height: 440, ratio: 1 };

function square(count: number, side: number) {
  return { count, panes: [{ height: side, width: side }], numbered: true };
}

describe("firstFit", () => {
  it.each([
    [8, 32],
    [3, 224],
    [4, 7],
    [16, 28],
  ])("shows all of %d maps of %d", (count, side) => {
    const set = square(count, side);
    const layout = layOut(set, firstFit(set, PLACE), PLACE);
    expect(layout.width).toBeLessThanOrEqual(PLACE.width);
    expect(layout.height).toBeLessThanOrEqual(PLACE.height);
  });

  it.each([
    [64, 112, 112],
    [64, 224, 75],
    [2048, 7, 49],
    [256, 56, 112],
    [512, 28, 84],
    [512, 14, 56],
  ])("shows %d maps of %d in tiles of %d", (count, side, wanted) => {
    expect(lengthOf(firstFit(square(count, side), PLACE), side)).toBe(wanted);
  });

  it("counts in device pixels", () => {
    const dense = { width: 1308, height: 880, ratio: 2 };
    expect(lengthOf(firstFit(square(64, 112), dense), 112)).toBe(224);
    expect(lengthOf(firstFit(square(2048, 7), dense), 7)).toBe(98);
  });

  it("gives a number of a vector a cell to be read in", () => {
    expect(firstFit(square(1000, 1), PLACE)).toEqual({ zoom: 46, step: 1 });
    expect(firstFit(square(4, 1), PLACE)).toEqual({ zoom: 56, step: 1 });
  });

  it("does not blow a small picture up", () => {
    const wide = { width: 2000, height: 900, ratio: 1 };
    expect(lengthOf(firstFit(square(3, 64), wide), 64)).toBe(256);
    expect(lengthOf(firstFit(square(1, 28), wide), 28)).toBe(252);
    expect(lengthOf(firstFit(square(3, 300), wide), 300)).toBe(300);
  });

  it("makes room for what is compared", () => {
    const pair = { ...square(8, 32), panes: [square(8, 32).panes[0]!, { height: 16, width: 16 }] };
    const layout = layOut(pair, firstFit(pair, PLACE), PLACE);
    expect(layout.width).toBeLessThanOrEqual(PLACE.width);
  });
});

describe("overviewFit", () => {
  it.each([
    [2048, 7],
    [64, 224],
    [96, 56],
    [1000, 1],
    [8, 32],
  ])("shows all of %d maps of %d at once", (count, side) => {
    const tiling = square(count, side);
    const fit = overviewFit(tiling, PLACE, firstFit(tiling, PLACE));
    expect(layOut(tiling, fit, PLACE).height).toBeLessThanOrEqual(PLACE.height);
    expect(scaleOf(fit)).toBeLessThanOrEqual(scaleOf(firstFit(tiling, PLACE)));
  });

  it("leaves a tile visible, however many there are", () => {
    const tiling = square(100_000, 7);
    expect(overviewFit(tiling, PLACE, firstFit(tiling, PLACE))).toEqual({ zoom: 1, step: 1 });
  });
});

describe("layOut", () => {
  it("numbers tiles that are wide enough for it", () => {
    expect(layOut(square(2048, 7), { zoom: 7, step: 1 }, PLACE).caption).toBe(15);
    expect(layOut(square(2048, 7), { zoom: 2, step: 1 }, PLACE).caption).toBe(0);
    expect(layOut({ ...square(1, 50), numbered: false }, { zoom: 9, step: 1 }, PLACE).caption).toBe(
      0,
    );
  });
});
