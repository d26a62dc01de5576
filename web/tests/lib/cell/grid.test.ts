import { expect, test } from "vitest";
import { gridOf } from "../../../src/lib/cell/grid";
import { ownScale, tellScale } from "../../../src/lib/cell/scales";
import { planeOf } from "../../../src/lib/cell/window";
import { windowGrids } from "../../../src/lib/cell/window_grids";
import { colourTable, MAP_NAMES } from "../../../src/lib/colour";
import { USUAL_LOOK } from "../../../src/lib/look";
import { explainWindow } from "./walks";

test("numbers in rows, with as many decimals as they need", () => {
  const numbers = Float64Array.of(0.5, 0, -0.25, Number.NaN);
  const grid = gridOf({
    title: "kernel",
    note: "",
    numbers,
    width: 2,
    scale: ownScale(numbers),
    rows: [-1, 0],
    absent: Uint8Array.of(0, 0, 0, 1),
    padding: Uint8Array.of(1, 0, 0, 0),
    winner: 2,
    to: (cell) => ({ op: 0, output: 0, at: [cell] }),
  });
  expect(grid.cells.map((row) => row.map(({ text }) => text))).toEqual([
    ["0.50", "0"],
    ["−0.25", ""],
  ]);
  expect(grid.cells.flat().map(({ mark }) => mark)).toEqual(["padding", "", "winner", "absent"]);
  expect(grid.cells.flat().map(({ to }) => to?.at[0])).toEqual([undefined, 1, 2, undefined]);
  expect(grid.rows).toEqual(["−1", "0"]);
});

test("text has a contrast of 4.5 on every colour of every map", () => {
  const linear = (byte: number): number => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  for (const map of MAP_NAMES) {
    const table = colourTable(map);
    for (let k = 0; k < 255; k++) {
      const number = map === "bluered" ? (k - 127) / 127 : (k + 0.5) / 256;
      const low = map === "bluered" ? -1 : 0;
      const scale = { low, high: 1, map, scope: "channel" as const };
      const parts = { title: "", note: "", numbers: Float64Array.of(number), width: 1, scale };
      const cell = gridOf(parts).cells[0]![0]!;
      expect([...cell.colour]).toEqual([...table.slice(3 * k, 3 * k + 3)]);
      const [red = 0, green = 0, blue = 0] = cell.colour.map(linear);
      const light = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      const contrast = cell.dark ? 1.05 / (light + 0.05) : (light + 0.05) / 0.05;
      expect(contrast).toBeGreaterThanOrEqual(4.5);
    }
  }
});

test("window × kernel = products, each with its scale", async () => {
  const { explanation, window } = await explainWindow("conv2d", [0, 1, 0, 3]);
  const plane = planeOf(explanation, window, 2);
  const { grids, signs } = windowGrids(explanation, window, plane, USUAL_LOOK);
  expect(signs).toEqual(["×", "="]);
  expect(grids.map(({ title }) => title)).toEqual([
    "window of channel 2",
    "kernel 3×3",
    expect.stringMatching(/^products, Σ /),
  ]);
  expect(grids[0]?.note).toBe("−3 to 3, of the whole layer");
  const [read, weights, products] = grids.map(({ cells }) => cells.flat());
  for (const [k, cell] of products!.entries()) {
    expect(cell.number).toBe(read![k]!.number * weights![k]!.number);
  }
  // Only what the walk came by leads on, and not out of the padding.
  expect(read!.map(({ to }) => to?.at)).toEqual(
    plane.places.map((place, k) => (plane.padding[k] ? undefined : place)),
  );
  expect(weights!.every(({ to }) => to === undefined)).toBe(true);
});

test("a channel's own scale, and a fixed one", async () => {
  const { explanation, window } = await explainWindow("max_pool2d");
  const plane = planeOf(explanation, window, 0);
  const note = (look: Partial<typeof USUAL_LOOK>): string | undefined =>
    windowGrids(explanation, window, plane, { ...USUAL_LOOK, ...look }).grids[0]?.note;
  expect(note({ scope: "channel" })).toMatch(/, of this channel$/);
  expect(note({ scope: "fixed", limits: [0, 2], map: "magma" })).toBe("0 to 2, fixed");
});

test("a scale says its range and what it was chosen from", () => {
  const scale = ownScale(Float64Array.of(0.25, -0.5));
  expect(scale).toMatchObject({ low: -0.5, high: 0.5, map: "bluered" });
  expect(tellScale(scale, "of this kernel")).toBe("−0.5000 to 0.5000, of this kernel");
});
