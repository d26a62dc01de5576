/** The rasteriser: tiles into the pixels of a canvas, nearest neighbour, only what is in view. */

import type { Entries } from "../colour";
import type { Fit } from "./fit";
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
      paintMap(frame, picture, layout.fit, { left: box.left - left, top: box.top - top });
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
export function paintMap(frame: Frame, picture: Picture, fit: Fit, at: Offset): void {
  if (fit.step > 1) paintSparse(frame, picture, fit.step, at);
  else paintLarge(frame, picture, fit.zoom, at);
}

/** Every step-th number of every step-th row, a pixel each. */
function paintSparse(
  { data, width, height }: Frame,
  picture: Picture,
  step: number,
  { left, top }: Offset,
): void {
  const { entries, from, pixels } = picture;
  const [high, wide] = [Math.ceil(picture.height / step), Math.ceil(picture.width / step)];
  const first = Math.max(0, -left);
  const stop = Math.min(wide, width - left);
  for (let y = Math.max(0, -top); y < Math.min(high, height - top); y++) {
    const row = from + y * step * picture.width;
    const to = (top + y) * width + left;
    for (let x = first; x < stop; x++) data[to + x] = pixels[entries[row + x * step]!]!;
  }
}

/** Every number a square of pixels. */
function paintLarge(
  { data, width, height }: Frame,
  picture: Picture,
  zoom: number,
  { left, top }: Offset,
): void {
  const { entries, from, pixels } = picture;
  const first = Math.max(0, Math.floor(-left / zoom));
  const stop = Math.min(picture.width, Math.ceil((width - left) / zoom));
  const begin = Math.max(0, left + first * zoom);
  const end = Math.min(width, left + stop * zoom);
  if (end <= begin) return;
  const lowest = Math.min(picture.height, Math.ceil((height - top) / zoom));
  for (let y = Math.max(0, Math.floor(-top / zoom)); y < lowest; y++) {
    const upper = Math.max(0, top + y * zoom);
    const lower = Math.min(height, top + (y + 1) * zoom);
    const line = upper * width;
    const row = from + y * picture.width;
    // The first row of pixels by hand, the others as copies of it.
    let at = begin;
    for (let x = first; x < stop; x++) {
      const pixel = pixels[entries[row + x]!]!;
      const until = Math.min(end, left + (x + 1) * zoom);
      while (at < until) data[line + at++] = pixel;
    }
    for (let copy = upper + 1; copy < lower; copy++) {
      data.copyWithin(copy * width + begin, line + begin, line + end);
    }
  }
}
