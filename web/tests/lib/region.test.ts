import { describe, expect, test } from "vitest";
import { regionOf } from "../../src/lib/region";

const tensor = {
  data: Float32Array.from({ length: 24 }, (_, k) => k),
  shape: [2, 3, 4],
  exact: true,
};

describe("a part of a tensor", () => {
  test.each([
    ["", [2, 3, 4], 0, 24],
    ["1", [3, 4], 12, 12],
    ["0,1:3", [2, 4], 4, 8],
    ["1,2,3", [], 23, 1],
  ])("%j", (region, shape, first, count) => {
    const found = regionOf(tensor, region);
    expect(found.shape).toEqual(shape);
    expect([...found.data]).toEqual(Array.from({ length: count }, (_, k) => first + k));
  });

  test("with gaps between its rows", () => {
    expect([...regionOf(tensor, "0:2,1,1:3").data]).toEqual([5, 6, 17, 18]);
  });

  test.each(["2", "0,3", "a", "0,1:1", "0,0,0,0", "0,2:4", "-1"])("there is no %j", (region) => {
    expect(() => regionOf(tensor, region)).toThrow(RangeError);
  });
});
