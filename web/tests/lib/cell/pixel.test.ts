import { describe, expect, test } from "vitest";
import { pixelOf } from "../../../src/lib/cell/pixel";
import type { Tensor } from "../../../src/source";

const PHOTO: Tensor = {
  data: Uint8Array.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120),
  shape: [2, 2, 3],
  exact: true,
};
const GREY: Tensor = { data: Uint8Array.of(0, 51, 102, 255), shape: [2, 2, 1], exact: true };
const USUAL =
  "shorter side to 256 (bicubic), centre crop 2x2, x/255, mean (0.485, 0.456, 0.406), std (0.229, 0.224, 0.225)";

describe("the arithmetic of the preprocessing", () => {
  test("by channel", () => {
    const found = pixelOf(PHOTO, [0, 1, 1, 0], (80 / 255 - 0.456) / 0.224, USUAL);
    expect(found).toEqual({
      row: 1,
      column: 0,
      levels: [70, 80, 90],
      channel: 1,
      made: "(80 / 255 − 0.456) / 0.224",
    });
  });

  test("one number for all channels, and none at all", () => {
    const same = "grey, x/255, mean 0.5, std 0.25";
    expect(pixelOf(GREY, [0, 0, 0, 1], (0.2 - 0.5) / 0.25, same)?.made).toBe(
      "(51 / 255 − 0.5) / 0.25",
    );
    const levels = "mean 0, std 1";
    expect(pixelOf(GREY, [0, 0, 1, 1], 255, levels)?.made).toBe("(255 − 0) / 1");
    const doubled = "x*2, mean 1, std 1";
    expect(pixelOf(GREY, [0, 0, 1, 0], 203, doubled)?.made).toBe("(102 × 2 − 1) / 1");
  });

  test("what does not give the recorded number is not claimed", () => {
    expect(pixelOf(PHOTO, [0, 1, 1, 0], 0.3, USUAL)?.made).toBeUndefined();
    expect(pixelOf(PHOTO, [0, 1, 1, 0], undefined, USUAL)?.made).toBeUndefined();
    expect(pixelOf(PHOTO, [0, 1, 1, 0], 0.3, undefined)?.made).toBeUndefined();
    expect(pixelOf(PHOTO, [0, 1, 1, 0], 0.3, "as it is")?.made).toBeUndefined();
  });
});

test("beyond the photo there is no pixel", () => {
  expect(pixelOf(PHOTO, [0, 0, 2, 0], 0, USUAL)).toBeUndefined();
  expect(pixelOf(PHOTO, [3], 0, USUAL)).toBeUndefined();
});

test("a channel that the photo does not have has no level", () => {
  const found = pixelOf(GREY, [0, 2, 0, 1], 0.5, USUAL);
  expect(found).toMatchObject({ levels: [51], channel: undefined, made: undefined });
});
