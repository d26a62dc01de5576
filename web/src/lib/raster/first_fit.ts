/** How large the tiles of a layer are at first, and what goes between them. */

import { cellsOf, type Fit, fitOf, lengthOf, limitsOf, type Size, scaleOf, within } from "./fit";
import { type Layout, layTiles } from "./layout";

/** What is to be laid out, before anybody has zoomed. */
export interface Tiling {
  /** How many tiles, and the pictures of each. */
  readonly count: number;
  readonly panes: readonly Size[];
  /** Whether tiles carry their number. */
  readonly numbered: boolean;
  /** So large, in CSS pixels, is a tile drawn at first at most; not very large, if not given. */
  readonly largest?: number;
}

/** Where it is laid out: in device pixels, `ratio` of them to a CSS pixel. */
export interface Place extends Size {
  readonly ratio: number;
}

const GAP = 6;
const CAPTION = 15;
/** How wide a digit of a caption is. */
const DIGIT = 6.5;
const LARGEST_CELL = 64;
const LARGEST_SINGLE = 56;
/** A small picture is a small picture: what is beneath it matters too. */
const LARGEST_TILE = 256;

/** The layout of a tiling at a fit. Small tiles stand closer, and those of a few pixels unnumbered. */
export function layOut(
  { count, panes, numbered }: Tiling,
  fit: Fit,
  { width, ratio }: Place,
  columns?: number,
): Layout {
  const { across } = cellsOf(fit, panes, ratio);
  const side = lengthOf(across, Math.max(0, ...panes.map((pane) => pane.width))) / ratio;
  const legible = side >= DIGIT * String(count - 1).length + 2;
  return layTiles({
    count,
    panes,
    fit,
    ratio,
    room: width,
    gap: Math.round((side < 24 ? 2 : GAP) * ratio),
    caption: numbered && legible ? Math.round(CAPTION * ratio) : 0,
    columns,
  });
}

/**
 * The largest fit at which all tiles are in view; but no tile smaller than one can make out, and
 * no number larger than it takes to be read.
 */
export function firstFit(tiling: Tiling, place: Place): Fit {
  const { ratio } = place;
  const { width: side } = largestOf(tiling);
  const single = side === 1;
  const limits = limitsOf(largestOf(tiling), ratio);
  const cell = single
    ? LARGEST_SINGLE
    : Math.min(LARGEST_CELL, (tiling.largest ?? LARGEST_TILE) / side);
  const most = Math.max(1, Math.floor(cell * ratio));
  // Of few numbers each is seen even when they are small; of many, each needs to be.
  const least = (single ? 46 : side <= 16 ? 48 : 72) * ratio;
  let fit = fitOf(most);
  let legible = fit;
  while (scaleOf(fit) > limits.least) {
    if (lengthOf(fit, side) < least) break;
    legible = fit;
    const layout = layOut(tiling, fit, place);
    if (layout.width <= place.width && layout.height <= place.height) break;
    fit = smaller(fit);
  }
  return within(legible, limits);
}

/** The largest fit at which all is in view at once, or else the least there is. */
export function overviewFit(tiling: Tiling, place: Place, first: Fit): Fit {
  const { least } = limitsOf(largestOf(tiling), place.ratio);
  let fit = first;
  while (scaleOf(fit) > least) {
    const layout = layOut(tiling, fit, place);
    if (layout.width <= place.width && layout.height <= place.height) break;
    fit = smaller(fit);
  }
  return scaleOf(fit) < least ? fitOf(least) : fit;
}

/** A square that holds each picture of a tile. */
export function largestOf({ panes }: Tiling): Size {
  const side = Math.max(1, ...panes.flatMap(({ height, width }) => [height, width]));
  return { height: side, width: side };
}

function smaller({ zoom, step }: Fit): Fit {
  return zoom > 1 ? { zoom: zoom - 1, step: 1 } : { zoom: 1, step: step + 1 };
}
