/** The marks over the sheet: the chosen tile, the chosen number and the one that is looked at. */

import { type Box, cellBox, type Layout, type Point, tileBox } from "../../lib/raster/layout";
import type { Canvas } from "./painting";

export interface Marks {
  /** The place of the tile that is chosen. */
  readonly tile: number | undefined;
  readonly chosen: Point | undefined;
  readonly looked: readonly Point[];
}

/** How small the frame round a number may be, in CSS pixels. */
const SMALLEST = 7;

/** Draws them on a canvas of their own, which shows this part of the sheet. */
export function drawMarks(
  { context, palette, ratio }: Omit<Canvas, "image">,
  marks: Marks,
  layout: Layout,
  view: Box,
): void {
  context.clearRect(0, 0, view.width, view.height);
  if (marks.tile !== undefined) {
    const tile = tileBox(layout, marks.tile);
    frame(context, grown(tile, 2 * ratio, view), 2 * ratio, palette.accent);
  }
  for (const point of [...(marks.chosen ? [marks.chosen] : []), ...marks.looked]) {
    const cell = cellBox(layout, point);
    const missing = Math.max(0, SMALLEST * ratio - Math.min(cell.width, cell.height)) / 2;
    const box = grown(cell, Math.ceil(missing) + ratio, view);
    // Dark outside, so that yellow is seen on yellow too.
    frame(context, grown(box, ratio, { left: 0, top: 0 }), 3 * ratio, "#1c1b19");
    frame(context, box, 1.5 * ratio, palette.selection);
  }
}

function grown(box: Box, by: number, origin: { left: number; top: number }): Box {
  return {
    left: box.left - by - origin.left,
    top: box.top - by - origin.top,
    width: box.width + 2 * by,
    height: box.height + 2 * by,
  };
}

/** A frame whose line lies within the box. */
function frame(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: Box,
  line: number,
  colour: string,
): void {
  context.strokeStyle = colour;
  context.lineWidth = line;
  context.strokeRect(left + line / 2, top + line / 2, width - line, height - line);
}
