import { describe, expect, test } from "vitest";
import { planesOf } from "../../src/lib/planes";
import { strides } from "../../src/lib/recipe/operand";

/** The flat position of an index. */
function flat(at: readonly number[], shape: readonly number[]): number {
  const along = strides(shape);
  return at.reduce((sum, place, k) => sum + place * along[k]!, 0);
}

describe("the maps of a value", () => {
  test.each([
    { shape: [1, 8, 5, 7], axis: 1, layout: "maps", size: [8, 5, 7] },
    { shape: [2, 5, 7, 8], axis: -1, layout: "maps", size: [8, 5, 7] },
    { shape: [1, 4, 6, 5, 7], axis: 1, layout: "maps", size: [4, 5, 7] },
    { shape: [1, 10], axis: 1, layout: "vector", size: [10, 1, 1] },
    { shape: [1, 10, 1, 1], axis: 1, layout: "vector", size: [10, 1, 1] },
    { shape: [2, 3, 9], axis: 1, layout: "plane", size: [1, 3, 9] },
    { shape: [9], axis: 1, layout: "vector", size: [9, 1, 1] },
    { shape: [], axis: 1, layout: "vector", size: [1, 1, 1] },
  ])("of shape $shape", ({ shape, axis, layout, size }) => {
    const planes = planesOf(shape, axis);
    expect(planes.layout).toBe(layout);
    expect([planes.count, planes.height, planes.width]).toEqual(size);
    for (const spot of [
      { channel: 0, y: 0, x: 0 },
      { channel: planes.count - 1, y: planes.height - 1, x: planes.width - 1 },
    ]) {
      const at = planes.at(spot);
      const { start, channelStride, rowStride, columnStride } = planes;
      const place =
        start + spot.channel * channelStride + spot.y * rowStride + spot.x * columnStride;
      expect(place).toBe(flat(at, shape));
      expect(planes.spot(at)).toEqual(spot);
    }
  });

  test("of an unbatched network", () => {
    const planes = planesOf([6, 5, 7], 1, { flat: true });
    expect([planes.count, planes.height, planes.width]).toEqual([6, 5, 7]);
  });

  test("of another sample say so, and hold no other", () => {
    const planes = planesOf([3, 2, 4, 4], 1, { sample: 2 });
    expect(planes.notes).toEqual(["sample 2 of 0..2"]);
    expect(planes.start).toBe(64);
    expect(planes.spot([0, 1, 2, 3])).toBeUndefined();
    expect(planes.at({ channel: 1, y: 2, x: 3 })).toEqual([2, 1, 2, 3]);
  });

  test("of a volume are its middle slice", () => {
    const planes = planesOf([1, 4, 6, 5, 7]);
    expect(planes.notes).toEqual(["middle slice: depth 3 of 0..5"]);
    expect(planes.at({ channel: 1, y: 2, x: 3 })).toEqual([0, 1, 3, 2, 3]);
  });
});
