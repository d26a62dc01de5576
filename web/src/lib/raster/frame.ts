/** The rasteriser: tiles into the pixels of a canvas, nearest neighbour, only what is in view. */

import type { Entries } from "../colour";
import type { Cells } from "./fit";
import { type Box, type Layout, paneBox, placesIn } from "./layout";
import type { Pane } from "./pane";

/** The pixels of a canvas, a number each. */
export interface Frame {
  readonly data: Uint32Array;
  readonly width: number;
  readonly height: number;
}

/** Where the frame's top left corner is on the sheet. */
export interface Offset {
  readonly left: number;
  readonly top: number;
}

/** A view of an image's bytes as whole pixels. */
export function frameOf({ data, width, height }: ImageData): Frame {
  return { data: new Uint32Array(data.buffer), width, height };
}

/**
 * Paints the tiles that are in view; what is between them is left transparent.
 *
 * @param order - Which channel stands at which place.
 */
export function paintTiles(
  frame: Frame,
  layout: Layout,
  panes: readonly Pane[],
  order: Uint32Array,
  { left, top }: Offset,
): void {
  frame.data.fill(0);
  const view: Box = { left, top, width: frame.width, height: frame.height };
  for (const place of placesIn(layout, view)) {
    panes.forEach((pane, k) => {
      const box = paneBox(layout, place, k);
      const size = pane.height * pane.width;
      const channel = order[place]!;
      pane.prepare(channel);
      const from = channel * size;
      const picture = { ...pane, from };
      paintMap(frame, picture, layout.cells, { left: box.left - left, top: box.top - top });
    });
  }
}

/** One map among the entries of many. */
export interface Picture {
  readonly entries: Entries;
  /** Where its first entry is. */
  readonly from: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint32Array;
}

/** Paints one map with its top left corner at a place of the frame; what is outside is cut off. */
export function paintMap(
  { data, width, height }: Frame,
  { entries, from, pixels, ...size }: Picture,
  { across, down }: Cells,
  { left, top }: Offset,
): void {
  const wide = Math.ceil(size.width / across.step);
  const first = Math.max(0, Math.floor(-left / across.zoom));
  const stop = Math.min(wide, Math.ceil((width - left) / across.zoom));
  const begin = Math.max(0, left + first * across.zoom);
  const end = Math.min(width, left + stop * across.zoom);
  if (end <= begin) return;
  const high = Math.ceil(size.height / down.step);
  const lowest = Math.min(high, Math.ceil((height - top) / down.zoom));
  for (let y = Math.max(0, Math.floor(-top / down.zoom)); y < lowest; y++) {
    const upper = Math.max(0, top + y * down.zoom);
    const lower = Math.min(height, top + (y + 1) * down.zoom);
    const line = upper * width;
    const row = from + y * down.step * size.width;
    // The first row of pixels by hand, the others as copies of it.
    let at = begin;
    for (let x = first; x < stop; x++) {
      const pixel = pixels[entries[row + x * across.step]!]!;
      const until = Math.min(end, left + (x + 1) * across.zoom);
      while (at < until) data[line + at++] = pixel;
    }
    for (let copy = upper + 1; copy < lower; copy++) {
      data.copyWithin(copy * width + begin, line + begin, line + end);
    }
  }
}
