/** Which part of the sheet is in view, and how large. */

import { flushSync } from "svelte";
import { firstFit, largestOf, layOut, overviewFit, type Tiling } from "../../lib/raster/first_fit";
import { type Fit, fitOf, limitsOf, scaleOf, stepped, within } from "../../lib/raster/fit";
import type { Offset } from "../../lib/raster/frame";
import {
  type Box,
  carried,
  cellBox,
  type Layout,
  type Point,
  placeNear,
  tileBox,
} from "../../lib/raster/layout";

/** Around the tiles, for the frame of a chosen one, in CSS pixels. */
export const MARGIN = 4;

/** How wide a cell is when one has come close to a number, in CSS pixels. */
const CLOSE = 56;

/** The least height of the place for maps, in CSS pixels. */
const LEAST = 96;

/**
 * The browser scrolls, this zooms. Lengths are device pixels unless said otherwise: only so is
 * every number a whole number of them.
 */
export class Camera {
  /** Of the place for maps, without scroll bars, in CSS pixels. */
  size = $state.raw({ width: 0, height: 0 });
  /** Device pixels to a CSS pixel. */
  ratio = $state(1);
  /** How high the place may become, in CSS pixels. */
  room = $state(400);
  /** The element that scrolls. */
  scroller: HTMLElement | undefined;

  readonly #tiling: () => Tiling;
  /** In CSS pixels, as it was last heard: to ask would have the whole page laid out. */
  #scrolled: Offset = { left: 0, top: 0 };
  #zoomed = $state.raw<{ readonly fit: Fit; readonly key: string }>();

  readonly #place = $derived.by(() => ({
    width: Math.floor((this.size.width - 2 * MARGIN) * this.ratio),
    height: Math.floor((this.room - 2 * MARGIN) * this.ratio),
    ratio: this.ratio,
  }));
  /** The same for maps that are laid out alike. */
  readonly key = $derived.by(() => JSON.stringify(this.#tiling()));
  readonly #first = $derived.by(() => firstFit(this.#tiling(), this.#place));
  readonly #whole = $derived.by(() => layOut(this.#tiling(), this.#first, this.#place));
  /** Nobody needs it smaller than at a glance. */
  readonly #limits = $derived.by(() => ({
    ...limitsOf(largestOf(this.#tiling()), this.ratio),
    least: scaleOf(overviewFit(this.#tiling(), this.#place, this.#first)),
  }));
  readonly #fit = $derived.by(() =>
    this.#zoomed?.key === this.key ? this.#zoomed.fit : this.#first,
  );

  /** Where the tiles stand now. */
  readonly layout: Layout = $derived.by(() => {
    // Closer than at first, tiles keep their neighbours: one moves over them as over a map.
    const closer = scaleOf(this.#fit) > scaleOf(this.#first);
    return layOut(this.#tiling(), this.#fit, this.#place, closer ? this.#whole.columns : undefined);
  });
  /** How high the place for maps is, in CSS pixels: it does not change while one zooms. */
  readonly height = $derived.by(() =>
    Math.ceil(
      Math.max(LEAST, Math.min(this.room, this.#whole.height / this.ratio + 2 * MARGIN + 1)),
    ),
  );
  /** Whether it is as at first. */
  readonly fits = $derived.by(() => scaleOf(this.#fit) === scaleOf(this.#first));

  /** @param tiling - What is laid out. */
  constructor(tiling: () => Tiling) {
    this.#tiling = tiling;
  }

  /** Whether another step in is possible, or out. */
  can(by: 1 | -1): boolean {
    return scaleOf(stepped(this.#fit, by, this.#limits)) !== scaleOf(this.#fit);
  }

  /** Where the view's top left corner is on the sheet. */
  get offset(): Offset {
    return {
      left: Math.round((this.#scrolled.left - MARGIN) * this.ratio),
      top: Math.round((this.#scrolled.top - MARGIN) * this.ratio),
    };
  }

  /** The browser has scrolled. */
  heard(): void {
    const { scrollLeft = 0, scrollTop = 0 } = this.scroller ?? {};
    this.#scrolled = { left: scrollLeft, top: scrollTop };
  }

  /** What of the sheet is in view. */
  get view(): Box {
    const { width, height } = this.size;
    return { ...this.offset, width: width * this.ratio, height: height * this.ratio };
  }

  /** The place on the sheet of a point of the page, as events have it. */
  at({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Offset {
    const { left = 0, top = 0 } = this.scroller?.getBoundingClientRect() ?? {};
    const { offset } = this;
    return {
      left: Math.floor(offset.left + (clientX - left) * this.ratio),
      top: Math.floor(offset.top + (clientY - top) * this.ratio),
    };
  }

  /** The middle of a number, if it is in view. */
  middle(point: Point): Offset | undefined {
    const { left, top, width, height } = cellBox(this.layout, point);
    const { view } = this;
    const [x, y] = [left + width / 2, top + height / 2];
    const inside = x >= view.left && x < view.left + view.width;
    return inside && y >= view.top && y < view.top + view.height ? { left: x, top: y } : undefined;
  }

  /** A step in or out, about a place on the sheet or else the middle of the view. */
  step(by: 1 | -1, about?: Offset): void {
    this.#zoom(stepped(this.#fit, by, this.#limits), about);
  }

  /** So many pixels a number, as nearly as whole ones allow. */
  scale(wanted: number, about?: Offset): void {
    this.#zoom(within(fitOf(wanted), this.#limits), about);
  }

  /** Pixels a number. */
  get pixels(): number {
    return scaleOf(this.#fit);
  }

  /** As at first. */
  reset(about?: Offset): void {
    this.#zoom(this.#first, about);
  }

  /** The tile at a place of the sheet as large as the view; as at first, if it is so already. */
  toggle(about: Offset): void {
    if (!this.fits) {
      this.reset(about);
      return;
    }
    const { layout, view } = this;
    const place = placeNear(layout, about.left, about.top);
    const share = Math.min(
      (view.width - 2 * MARGIN * this.ratio) / layout.tile.width,
      (view.height - 2 * MARGIN * this.ratio - layout.caption) / layout.tile.height,
    );
    const whole = this.pixels * share;
    this.scale(whole > 1 ? Math.floor(whole) : whole);
    const { left, top } = tileBox(this.layout, place);
    const margin = MARGIN * this.ratio;
    this.#scrollTo({ left: left - margin, top: top - margin });
  }

  /** Scroll until a number is in view: as little as it takes. */
  reveal(point: Point): void {
    const { layout, view } = this;
    const cell = cellBox(layout, point);
    const tile = tileBox(layout, point.place);
    const whole = { ...tile, height: tile.height + layout.caption };
    // The whole tile, where there is room for it.
    const box = {
      ...(whole.width <= view.width
        ? { left: whole.left, width: whole.width }
        : { left: cell.left, width: cell.width }),
      ...(whole.height <= view.height
        ? { top: whole.top, height: whole.height }
        : { top: cell.top, height: cell.height }),
    };
    const near = (start: number, length: number, from: number, room: number): number =>
      start < from ? start : start + length > from + room ? start + length - room : from;
    const margin = MARGIN * this.ratio;
    this.#scrollTo({
      left: near(box.left - margin, box.width + 2 * margin, view.left, view.width),
      top: near(box.top - margin, box.height + 2 * margin, view.top, view.height),
    });
  }

  /** So near that the numbers stand in the cells, about a number. */
  approach(point: Point): void {
    this.scale(Math.max(this.pixels, CLOSE * this.ratio), this.middle(point));
  }

  /** Move the view by so many CSS pixels. */
  pan(left: number, top: number): void {
    this.scroller?.scrollBy({ left, top, behavior: "instant" });
  }

  /** The tile that fills most of the view. */
  get central(): number {
    const { left, top, width, height } = this.view;
    return placeNear(this.layout, left + width / 2, top + height / 2);
  }

  /** What is in view of one tile is now in view of another. */
  follow(from: number, to: number): void {
    const [here, there] = [tileBox(this.layout, from), tileBox(this.layout, to)];
    const { left, top } = this.view;
    this.#scrollTo({ left: left + there.left - here.left, top: top + there.top - here.top });
  }

  /** To the sheet's beginning. */
  rewind(): void {
    this.#scrollTo({ left: -MARGIN * this.ratio, top: -MARGIN * this.ratio });
  }

  #zoom(fit: Fit, about?: Offset): void {
    const { layout: before, view } = this;
    if (scaleOf(fit) === scaleOf(before.fit)) return;
    const { left, top } = about ?? {
      left: view.left + Math.min(view.width, before.width) / 2,
      top: view.top + Math.min(view.height, before.height) / 2,
    };
    this.#zoomed = { fit, key: this.key };
    // The sheet has to have its new size before it can be scrolled there.
    flushSync();
    const [right, down] = carried(before, this.layout, left, top);
    this.#scrollTo({ left: view.left + right - left, top: view.top + down - top });
  }

  #scrollTo({ left, top }: Offset): void {
    this.scroller?.scrollTo({
      left: left / this.ratio + MARGIN,
      top: top / this.ratio + MARGIN,
      behavior: "instant",
    });
    this.heard();
  }
}
