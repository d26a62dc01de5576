import { expect, test } from "vitest";
import { drawingOf } from "../../../src/lib/cell/drawing";
import { arithmeticSvg } from "../../../src/lib/cell/svg";
import { planeOf } from "../../../src/lib/cell/window";
import { USUAL_LOOK } from "../../../src/lib/look";
import { explain, explainWindow } from "./walks";

test("the grids of a convolution, its padding hatched, and its sums", async () => {
  const { explanation, window } = await explainWindow("conv2d", [0, 1, 0, 3]);
  const plane = planeOf(explanation, window, 0);
  const drawing = drawingOf(explanation, window, plane, USUAL_LOOK);
  const svg = arithmeticSvg(drawing);
  expect(drawing.title).toBe("block.layer [1, 0, 3]");
  expect(svg.match(/url\(#beyond\)/g)).toHaveLength(3);
  expect(svg).toContain(">×</text>");
  for (const line of drawing.lines) expect(svg).toContain(`>${line}</text>`);
  expect(drawing.lines.at(-1)).toMatch(
    /^Σ \S+ {3}bias \S+ {3}result \S+ {3}recorded \S+ {3}residue/,
  );
});

test("a formula is drawn rung by rung", async () => {
  const drawing = drawingOf(await explain("softmax"), undefined, undefined, USUAL_LOOK);
  expect(drawing.grids).toEqual([]);
  expect(drawing.lines.slice(3, 6).map((line) => line.trim().split("  ")[0])).toEqual([
    "− peak",
    "exp(·)",
    "/ total",
  ]);
});

test("names are text, whatever they are", () => {
  const title = `<script>"&'`;
  const svg = arithmeticSvg({ title, grids: [], signs: [], lines: ["a < b & c"] });
  expect(svg).not.toContain("<script>");
  expect(svg).toContain("&lt;script&gt;&quot;&amp;'");
  expect(svg).toContain("a &lt; b &amp; c");
});
