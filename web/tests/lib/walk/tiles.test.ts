import { describe, expect, test } from "vitest";
import { regionOf } from "../../../src/lib/region";
import { type Colouring, fitsHalf, tileScale, tilesOf } from "../../../src/lib/walk/tiles";
import type { Digest, ValueSheet } from "../../../src/wire";

function value(...shape: number[]): ValueSheet {
  return { id: 0, name: "v", role: "result", shape, dtype: "float32", op: 0 };
}

const HOW = { axis: 1, sample: 0 };
const LOOK: Colouring = { map: "auto", scope: "layer", limits: [-1, 1] };
const DIGEST: Digest = {
  op: 0,
  low: -2,
  high: 3,
  zeros: 0,
  nan: 0,
  infinite: 0,
  size: 9,
  strongest: [2, 0, 1],
};

describe("which pictures show a value", () => {
  test("the strongest channels of maps", () => {
    expect(tilesOf(value(1, 8, 5, 6), [7, 0, 3], HOW)).toEqual([
      { region: "0,7,0:5,0:6", height: 5, width: 6, words: "channel 7" },
      { region: "0,0,0:5,0:6", height: 5, width: 6, words: "channel 0" },
      { region: "0,3,0:5,0:6", height: 5, width: 6, words: "channel 3" },
    ]);
  });

  test("of the sample that is looked at, and where the channels are last", () => {
    const [tile] = tilesOf(value(4, 5, 6, 8), [7], { axis: -1, sample: 2 });
    expect(tile?.region).toBe("2,0:5,0:6,7");
  });

  test("the middle slice of volumes", () => {
    expect(tilesOf(value(1, 2, 5, 3, 4), [1], HOW)[0]?.region).toBe("0,1,2,0:3,0:4");
  });

  test("a sequence as one picture", () => {
    const [tile, ...others] = tilesOf(value(1, 3, 7), [0, 1, 2], HOW);
    expect(others).toEqual([]);
    expect(tile).toMatchObject({ height: 3, width: 7 });
  });

  test("a vector in rows", () => {
    expect(tilesOf(value(1, 10), [], HOW)).toEqual([
      { region: "0", height: 3, width: 4, words: "10 numbers, in rows of 4" },
    ]);
    expect(tilesOf(value(1, 9, 1, 1), [], HOW)[0]).toMatchObject({ height: 3, width: 3 });
    expect(tilesOf(value(), [], HOW)[0]).toMatchObject({ region: "", height: 1, width: 1 });
  });

  test("large maps come alone, and nothing has no picture", () => {
    expect(tilesOf(value(1, 8, 600, 600), [0, 1, 2], HOW)).toHaveLength(1);
    expect(tilesOf(value(1, 0, 5, 5), [0], HOW)).toEqual([]);
  });

  test("what is asked for are as many numbers as are drawn", () => {
    for (const shape of [
      [2, 3, 4, 5],
      [1, 3, 4, 1],
      [1, 3, 1, 4],
      [2, 3, 7],
      [3, 4, 2, 5, 6],
      [5],
    ]) {
      const size = shape.reduce((product, length) => product * length, 1);
      const tensor = { data: new Float32Array(size), shape, exact: true };
      for (const { region, height, width } of tilesOf(value(...shape), [1, 2], HOW)) {
        const found = regionOf(tensor, region).data.length;
        // The last row of a vector may be shorter.
        expect(found).toBeLessThanOrEqual(height * width);
        expect(found).toBeGreaterThan(height * width - width);
      }
    }
  });
});

describe("colours", () => {
  const numbers = Float32Array.of(0.5, 1);

  test("are those of the whole layer, zero in the middle", () => {
    const scale = tileScale(LOOK, value(1, 2), DIGEST, numbers);
    expect(scale).toEqual({ low: -3, high: 3, map: "bluered", scope: "layer" });
  });

  test("of a channel of a signed layer are signed, too", () => {
    const scale = tileScale({ ...LOOK, scope: "channel" }, value(1, 2), DIGEST, numbers);
    expect(scale).toEqual({ low: -1, high: 1, map: "bluered", scope: "channel" });
  });

  test("are as the look says", () => {
    const magma = tileScale({ ...LOOK, map: "magma" }, value(1, 2), DIGEST, numbers);
    expect(magma).toEqual({ low: -2, high: 3, map: "magma", scope: "layer" });
    const fixed = tileScale({ ...LOOK, scope: "fixed" }, value(1, 2), DIGEST, numbers);
    expect(fixed).toEqual({ low: -1, high: 1, map: "bluered", scope: "fixed" });
  });

  test("without a digest are those of the numbers", () => {
    expect(tileScale(LOOK, value(1, 2), undefined, numbers)).toMatchObject({ low: 0.5, high: 1 });
  });
});

test("half precision is for numbers that it holds", () => {
  expect(fitsHalf(DIGEST)).toBe(true);
  expect(fitsHalf({ low: null, high: null })).toBe(true);
  expect(fitsHalf({ low: -70000, high: 1 })).toBe(false);
});
