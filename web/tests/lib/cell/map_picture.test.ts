import { expect, test } from "vitest";
import { channelRun, mapPicture, photoPicture, thinned } from "../../../src/lib/cell/map_picture";
import { colourise } from "../../../src/lib/colour";
import { planesOf } from "../../../src/lib/planes";

const SCALE = { low: 0, high: 24, map: "viridis", scope: "layer" } as const;
const NUMBERS = Float32Array.from({ length: 24 }, (_, k) => k);

test("a channel, pixel for pixel", () => {
  const planes = planesOf([1, 2, 3, 4]);
  const { width, height, pixels } = mapPicture(NUMBERS, planes, 1, SCALE);
  expect([width, height]).toEqual([4, 3]);
  expect(pixels).toEqual(colourise(NUMBERS.slice(12), SCALE));
  expect(channelRun(planes, 1)).toEqual({ start: 12, count: 12, step: 1 });
});

test("a channel that stands last", () => {
  const planes = planesOf([1, 3, 4, 2], -1);
  const { width, height, pixels } = mapPicture(NUMBERS, planes, 1, SCALE);
  expect([width, height]).toEqual([4, 3]);
  expect(pixels).toEqual(colourise(NUMBERS, SCALE, { start: 1, count: 12, step: 2 }));
  expect(channelRun(planes, 1)).toBeUndefined();
});

test("photos in colour and in grey", () => {
  const colour = { data: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [1, 2, 3], exact: true };
  expect([...photoPicture(colour).pixels]).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  const grey = { data: Uint8Array.of(7, 9), shape: [2, 1, 1], exact: true };
  expect(photoPicture(grey)).toMatchObject({ width: 1, height: 2 });
  expect([...photoPicture(grey).pixels]).toEqual([7, 7, 7, 255, 9, 9, 9, 255]);
});

test("every second pixel, none of them mixed", () => {
  const picture = mapPicture(NUMBERS, planesOf([1, 2, 3, 4]), 0, SCALE);
  const small = thinned(picture, 2);
  expect([small.width, small.height]).toEqual([2, 2]);
  expect(small.pixels).toEqual(colourise(Float32Array.of(0, 2, 8, 10), SCALE));
  expect(thinned(picture, 1).pixels).toBe(picture.pixels);
});
