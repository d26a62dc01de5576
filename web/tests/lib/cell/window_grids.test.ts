import { expect, test } from "vitest";
import { planeOf } from "../../../src/lib/cell/window";
import { type WindowGrids, windowGrids } from "../../../src/lib/cell/window_grids";
import { USUAL_LOOK } from "../../../src/lib/look";
import { explainWindow } from "./walks";

async function grids(name: string, at?: readonly number[]): Promise<WindowGrids> {
  const { explanation, window } = await explainWindow(name, at);
  return windowGrids(explanation, window, planeOf(explanation, window, 0), USUAL_LOOK);
}

test("a convolution: the window of a channel, its kernel, their products", async () => {
  const { grids: found, signs } = await grids("conv2d", [0, 1, 1, 2]);
  expect(signs).toEqual(["×", "="]);
  const titles = found.map(({ title }) => title);
  expect(titles.slice(0, 2)).toEqual(["window of channel 0", "kernel 3×3"]);
  expect(titles[2]).toMatch(/^products, Σ −?\d/);
  // The rows of a kernel that is there whole need no names.
  expect(found[1]?.rows).toEqual([]);
});

test("of a transposed convolution's kernel, what of it reaches the number", async () => {
  // Stride 2, padding 1: row 4 is met by the kernel's row 1 alone, column 5 by its columns 0 and 2.
  const { grids: found } = await grids("conv_transpose2d", [0, 1, 4, 5]);
  const [window, kernel, products] = found;
  expect(kernel?.title).toBe("kernel 3×3, 1×2 of it here");
  expect(kernel?.rows).toEqual(["1"]);
  expect(new Set(kernel?.columns)).toEqual(new Set(["0", "2"]));
  expect([products?.rows, products?.columns]).toEqual([kernel?.rows, kernel?.columns]);
  // The window's own rows and columns are those of the input.
  expect(window?.rows).toEqual(["2"]);
  expect(new Set(window?.columns)).toEqual(new Set(["2", "3"]));
});

test("pooling: the window alone, what was picked marked", async () => {
  const { grids: found, signs } = await grids("max_pool2d", [0, 0, 1, 1]);
  expect(signs).toEqual([]);
  expect(found).toHaveLength(1);
  const marks = found[0]!.cells.flat().filter(({ mark }) => mark === "winner");
  expect(marks).toHaveLength(1);
});
