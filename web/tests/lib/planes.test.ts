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
    const planes = planesOf([6, 5, 7], 0);
    expect([planes.count, planes.height, planes.width]).toEqual([6, 5, 7]);
  });

  test("of another sample hold no other", () => {
    const planes = planesOf([3, 2, 4, 4], 1, { sample: 2 });
    expect(planes.start).toBe(64);
    expect(planes.spot([0, 1, 2, 3])).toBeUndefined();
    expect(planes.at({ channel: 1, y: 2, x: 3 })).toEqual([2, 1, 2, 3]);
  });

  test("of a volume are its middle slice, or another", () => {
    const shape = [2, 4, 6, 5, 7];
    const middle = planesOf(shape, 1, { sample: 1 });
    expect(middle.cuts).toEqual([{ axis: 2, name: "depth", place: 3, length: 6 }]);
    expect(middle.at({ channel: 1, y: 2, x: 3 })).toEqual([1, 1, 3, 2, 3]);
    expect(middle.starts).toEqual([0, 1, 2, 3, 4, 5].map((z) => flat([1, 0, z, 0, 0], shape)));
    const first = planesOf(shape, 1, { sample: 1, slice: [0] });
    expect(first.start).toBe(flat([1, 0, 0, 0, 0], shape));
    expect(first.spot([1, 2, 0, 3, 4])).toEqual({ channel: 2, y: 3, x: 4 });
    expect(first.spot([1, 2, 1, 3, 4])).toBeUndefined();
    const about = planesOf(shape, 1, { sample: 1, slice: [0], at: [1, 2, 5, 3, 4] });
    expect(about.cuts[0]!.place).toBe(5);
    expect(planesOf(shape, 1, { slice: [6] }).cuts[0]!.place).toBe(3);
  });

  test("of windows are cut along every axis that is too many", () => {
    const planes = planesOf([1, 2, 3, 4, 5, 8], -1, { slice: [1, 0] });
    expect(planes.cuts.map(({ name, place }) => [name, place])).toEqual([
      ["axis 1", 1],
      ["axis 2", 0],
    ]);
    expect(planes.starts).toHaveLength(6);
    expect(new Set(planes.starts).size).toBe(6);
    expect(planes.at({ channel: 7, y: 1, x: 2 })).toEqual([0, 1, 0, 1, 2, 7]);
  });
});
