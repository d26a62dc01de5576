import { describe, expect, it, test } from "vitest";
import {
  cellsOf,
  type Fit,
  fitNote,
  fitOf,
  lengthOf,
  limitsOf,
  scaleOf,
  stepped,
  within,
} from "../../../src/lib/raster/fit";

test.each([
  [7, { zoom: 16, step: 1 }, 112],
  [224, { zoom: 1, step: 2 }, 112],
  [225, { zoom: 1, step: 2 }, 113],
] as const)("%d numbers at %o take %d pixels", (count, fit, wanted) => {
  expect(lengthOf(fit, count)).toBe(wanted);
});

describe("fitOf", () => {
  it.each([
    [0.1, { zoom: 1, step: 10 }],
    [0.5, { zoom: 1, step: 2 }],
    [0.9, { zoom: 1, step: 1 }],
    [7.4, { zoom: 7, step: 1 }],
  ])("%d pixels a number", (scale, wanted) => {
    expect(fitOf(scale)).toEqual(wanted);
  });
});

describe("steps", () => {
  const limits = limitsOf({ height: 224, width: 224 }, 1);

  it("lead from the least to the most and back, each a different one", () => {
    const up: Fit[] = [fitOf(limits.least)];
    while (scaleOf(up.at(-1)!) < limits.most) up.push(stepped(up.at(-1)!, 1, limits));
    const scales = up.map(scaleOf);
    expect(scales).toEqual([...new Set(scales)].sort((a, b) => a - b));
    let fit = up.at(-1)!;
    let count = 0;
    while (scaleOf(fit) > limits.least && count < 100) {
      const next = stepped(fit, -1, limits);
      expect(scaleOf(next)).toBeLessThan(scaleOf(fit));
      fit = next;
      count++;
    }
    expect(scaleOf(fit)).toBe(limits.least);
  });

  it("go no further than the limits", () => {
    expect(within({ zoom: 500, step: 1 }, limits)).toEqual({ zoom: 96, step: 1 });
    expect(scaleOf(within({ zoom: 1, step: 500 }, limits))).toBe(limits.least);
  });

  it.each([
    [{ height: 1, width: 1 }, 2],
    [{ height: 7, width: 7 }, 1],
    [{ height: 3, width: 224 }, 1],
  ])("leave a tile of %o visible", (size, ratio) => {
    const { least, most } = limitsOf(size, ratio);
    const fit = fitOf(least);
    expect(scaleOf(fit)).toBe(least);
    expect(lengthOf(fit, Math.max(size.height, size.width))).toBeGreaterThanOrEqual(3 * ratio);
    expect(least).toBeLessThan(most);
  });
});

it("says what is left out", () => {
  const [all, some] = [
    { zoom: 3, step: 1 },
    { zoom: 1, step: 3 },
  ];
  expect(fitNote({ across: all, down: all })).toBe("");
  expect(fitNote({ across: some, down: some })).toBe("1 of 3 rows and columns drawn");
  expect(fitNote({ across: some, down: all })).toBe("1 of 3 columns drawn");
  expect(fitNote({ across: all, down: some })).toBe("1 of 3 rows drawn");
});

describe("cellsOf", () => {
  const two = { zoom: 2, step: 1 };

  it("are squares where maps are no hairlines", () => {
    for (const size of [62, 300]) {
      const maps = [{ height: 62, width: size }];
      expect(cellsOf(two, maps, 1)).toEqual({ across: two, down: two });
    }
  });

  it.each([
    [1, 300, 24],
    [4, 300, 24],
    [16, 300, 6],
  ])("make %d rows of %d thick, and draw all of them", (height, width, zoom) => {
    const thick = { zoom, step: 1 };
    expect(cellsOf(two, [{ height, width }], 1)).toEqual({ across: two, down: thick });
    expect(cellsOf(two, [{ height: width, width: height }], 1)).toEqual({
      across: thick,
      down: two,
    });
    const sparse = { zoom: 1, step: 5 };
    expect(cellsOf(sparse, [{ height, width }], 2).down).toEqual({ zoom: 2 * zoom, step: 1 });
  });

  it("are squares again as soon as those are thick enough", () => {
    const close = { zoom: 30, step: 1 };
    expect(cellsOf(close, [{ height: 1, width: 300 }], 1).down).toEqual(close);
  });
});
