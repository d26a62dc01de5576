/** How large maps are drawn: every number a whole number of pixels, or numbers left out. */

/**
 * Each number drawn `zoom` device pixels wide, of every `step`-th row and column. One of the two
 * is always 1: numbers are repeated or left out, never mixed.
 */
export interface Fit {
  readonly zoom: number;
  readonly step: number;
}

export interface Size {
  readonly height: number;
  readonly width: number;
}

/** How many pixels so many numbers take. */
export function lengthOf({ zoom, step }: Fit, count: number): number {
  return Math.ceil(count / step) * zoom;
}

/** Pixels a number, as one figure that grows. */
export function scaleOf({ zoom, step }: Fit): number {
  return zoom / step;
}

/** How columns and rows are drawn. */
export interface Cells {
  readonly across: Fit;
  readonly down: Fit;
}

/** How thick the short side of a number is drawn at least, and that of all of them, in CSS pixels. */
const THICK = 24;
const THICK_TOGETHER = 96;

/**
 * Numbers are squares, but where maps are so narrow that they would be hairlines: there the few
 * rows, or columns, are drawn thicker, and all of them.
 */
export function cellsOf(fit: Fit, maps: readonly Size[], ratio: number): Cells {
  const high = Math.max(0, ...maps.map(({ height }) => height));
  const wide = Math.max(0, ...maps.map(({ width }) => width));
  const [short, long] = [Math.min(high, wide), Math.max(high, wide)];
  const least = Math.round(Math.min(THICK, THICK_TOGETHER / short) * ratio);
  if (long < 8 * short || least <= fit.zoom) return { across: fit, down: fit };
  const thick = { zoom: least, step: 1 };
  return high < wide ? { across: fit, down: thick } : { across: thick, down: fit };
}

/** The fit nearest to so many pixels a number. */
export function fitOf(scale: number): Fit {
  if (scale >= 0.75) return { zoom: Math.max(1, Math.round(scale)), step: 1 };
  return { zoom: 1, step: Math.max(1, Math.round(1 / scale)) };
}

/** What was left out, in words; `""` where every number is drawn. */
export function fitNote({ across, down }: Cells): string {
  const step = Math.max(across.step, down.step);
  const sides = [...(down.step > 1 ? ["rows"] : []), ...(across.step > 1 ? ["columns"] : [])];
  return step === 1 ? "" : `1 of ${step} ${sides.join(" and ")} drawn`;
}

/** The smallest and the largest fit that makes sense for maps of a size. */
export interface Limits {
  readonly least: number;
  readonly most: number;
}

/** Pixels a number at which a tile is a dot, and at which a number fills a cell with ease. */
export function limitsOf({ height, width }: Size, ratio: number): Limits {
  const side = Math.max(height, width);
  const dot = 12 * ratio;
  const least = side >= dot ? 1 / Math.floor(side / dot) : Math.max(1, Math.round(dot / 4 / side));
  return { least: scaleOf(fitOf(least)), most: Math.round(96 * ratio) };
}

/** The next larger (`by` 1) or smaller (-1) fit that can be told from this one. */
export function stepped(fit: Fit, by: 1 | -1, limits: Limits): Fit {
  const now = scaleOf(fit);
  const wanted = by > 0 ? now * 1.35 : now / 1.35;
  let next = fitOf(wanted);
  if (scaleOf(next) === now) {
    const { zoom, step } = fit;
    if (by > 0) next = step > 1 ? { zoom: 1, step: step - 1 } : { zoom: zoom + 1, step: 1 };
    else next = zoom > 1 ? { zoom: zoom - 1, step: 1 } : { zoom: 1, step: step + 1 };
  }
  return within(next, limits);
}

/** The fit, or the nearest that is allowed. */
export function within(fit: Fit, { least, most }: Limits): Fit {
  const now = scaleOf(fit);
  return now < least ? fitOf(least) : now > most ? fitOf(most) : fit;
}
