/** Cards in one line from left to right: the straight line of the walk, or a branch of a group. */

import type { Box } from "./box";

/** What a layout measures with, in pixels. */
export interface Sizes {
  readonly cardWidth: number;
  /** Of the cards on the straight line. */
  readonly cardHeight: number;
  /** Of those in branches. */
  readonly branchHeight: number;
  /** Between a card and the next. */
  readonly gap: number;
  /** Between a branch and what is over it. */
  readonly laneGap: number;
  /** Of a heading over an open group. */
  readonly heading: number;
  /** The most that the arcs over a line of cards may take. */
  readonly band: number;
}

export class Row {
  /** From left to right. */
  readonly cards: Box[] = [];
  readonly straight: boolean;
  /** How many arcs run over one another above the cards, at most. */
  tracks = 0;
  /** The upper edge of the cards. */
  y = 0;

  constructor(straight: boolean) {
    this.straight = straight;
  }

  height(sizes: Sizes): number {
    return this.straight ? sizes.cardHeight : sizes.branchHeight;
  }

  /** How much room the arcs take. */
  band({ band }: Sizes): number {
    return this.tracks === 0 ? 0 : lift(this.tracks - 1, this.tracks, band) + 4;
  }

  /** Whether no card stands between these two places. */
  isFree(left: number, right: number): boolean {
    let [low, high] = [0, this.cards.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { x, width } = this.cards[middle]!;
      if (x + width <= left) low = middle + 1;
      else high = middle;
    }
    const next = this.cards[low];
    return !next || next.x >= right;
  }
}

/** From the cards to the first arc over them, and from an arc to the next where there is room. */
const FIRST_TRACK = 12;
const PITCH = 7;

/** How high over its cards a track runs, of so many over one another, in a band so wide. */
export function lift(track: number, tracks: number, band: number): number {
  return FIRST_TRACK + track * Math.min(PITCH, (band - FIRST_TRACK) / tracks);
}

/** Rows by what stands in them: a card, or an open group whose straight line it is. */
export function rowsOf(root: Box): Map<Box, Row> {
  const rows = new Map<Box, Row>();
  const visit = (box: Box, row: Row): void => {
    rows.set(box, row);
    if (box.card >= 0) {
      row.cards.push(box);
      return;
    }
    const lanes = [row];
    for (const child of box.children) {
      lanes[child.lane] ??= new Row(false);
      // From here on from the left edge of everything: siblings and groups need no more.
      child.x += box.x;
      visit(child, lanes[child.lane]!);
    }
  };
  visit(root, new Row(true));
  for (const row of new Set(rows.values())) row.cards.sort((a, b) => a.x - b.x);
  return rows;
}

/** Sets the height at which each row stands; gives back the height of all. */
export function stack(root: Box, rows: ReadonlyMap<Box, Row>, sizes: Sizes): number {
  measure(root, rows, sizes);
  const top = rows.get(root)!.band(sizes) + root.levels * sizes.heading;
  lower(root, rows, top);
  return top + root.under;
}

/** How far a box and its lanes reach down from the upper edge of its first cards. */
function measure(box: Box, rows: ReadonlyMap<Box, Row>, sizes: Sizes): void {
  const row = rows.get(box)!;
  box.under = row.height(sizes);
  if (box.card >= 0) return;
  const lanes: Box[][] = [];
  for (const child of box.children) {
    measure(child, rows, sizes);
    lanes[child.lane] ??= [];
    lanes[child.lane]!.push(child);
  }
  for (const [lane, boxes] of lanes.entries()) {
    let y = 0;
    if (lane > 0) {
      const over = Math.max(...boxes.map(({ levels }) => levels)) * sizes.heading;
      const above = lanes.slice(0, lane).flat();
      const free = Math.max(row.height(sizes), reachOver(boxes, above, box.laneY));
      y = free + sizes.laneGap + rows.get(boxes[0]!)!.band(sizes) + over;
    }
    box.laneY[lane] = y;
    box.under = Math.max(box.under, y + Math.max(...boxes.map(({ under }) => under)));
  }
}

/** How far down those reach that stand over a lane: what stands beside it is not in its way. */
function reachOver(lane: readonly Box[], above: readonly Box[], laneY: readonly number[]): number {
  // Its arrows need room too, from what it reads to what reads it.
  const left = Math.min(...lane.flatMap(({ x, before }) => [x, ...[...before].map(endOf)]));
  const right = Math.max(
    ...lane.flatMap((box) => [endOf(box), ...[...box.next].map(({ x }) => x)]),
  );
  const over = above.filter((box) => box.x < right && endOf(box) > left);
  return Math.max(0, ...over.map(({ lane, under }) => laneY[lane]! + under));
}

function endOf({ x, width }: Box): number {
  return x + width;
}

function lower(box: Box, rows: ReadonlyMap<Box, Row>, y: number): void {
  rows.get(box)!.y = y;
  for (const child of box.children) lower(child, rows, y + box.laneY[child.lane]!);
}
