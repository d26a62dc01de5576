/** From number to number by the keyboard, as in a grid. */

import type { Layout, Point } from "./layout";

/** A key of the W3C grid pattern; `far`: with Ctrl or Shift held, from tile to tile. */
export interface Press {
  readonly key: string;
  readonly far: boolean;
}

/** The number that a key leads to; undefined where the key means nothing here. */
export function moved(layout: Layout, point: Point, { key, far }: Press): Point | undefined {
  switch (key) {
    case "ArrowRight":
      return far ? toTile(layout, point, 1) : across(layout, point, 1);
    case "ArrowLeft":
      return far ? toTile(layout, point, -1) : across(layout, point, -1);
    case "ArrowDown":
      return far ? toTile(layout, point, layout.columns) : down(layout, point, 1);
    case "ArrowUp":
      return far ? toTile(layout, point, -layout.columns) : down(layout, point, -1);
    case "PageDown":
      return toTile(layout, point, layout.columns);
    case "PageUp":
      return toTile(layout, point, -layout.columns);
    case "Home":
      return { ...point, ...(far && { place: 0, y: 0 }), x: 0 };
    case "End":
      return far
        ? { ...point, place: layout.count - 1 }
        : { ...point, x: last(layout, point.pane).x };
    default:
      return undefined;
  }
}

function across(layout: Layout, point: Point, by: 1 | -1): Point {
  const x = point.x + by * layout.cells.across.step;
  if (x >= 0 && x <= last(layout, point.pane).x) return { ...point, x };
  // On into the picture beside it, in the same tile or the next one of the row.
  const pane = point.pane + by;
  const inTile = pane >= 0 && pane < layout.panes.length;
  const place = inTile ? point.place : point.place + by;
  const sameRow = Math.floor(place / layout.columns) === Math.floor(point.place / layout.columns);
  if (!sameRow || place < 0 || place >= layout.count) return point;
  const next = inTile ? pane : by > 0 ? 0 : layout.panes.length - 1;
  const end = last(layout, next);
  return { place, pane: next, y: Math.min(point.y, end.y), x: by > 0 ? 0 : end.x };
}

function down(layout: Layout, point: Point, by: 1 | -1): Point {
  const y = point.y + by * layout.cells.down.step;
  const end = last(layout, point.pane).y;
  if (y >= 0 && y <= end) return { ...point, y };
  const next = toTile(layout, point, by * layout.columns);
  return next === point ? point : { ...next, y: by > 0 ? 0 : end };
}

function toTile(layout: Layout, point: Point, by: number): Point {
  const place = point.place + by;
  return place < 0 || place >= layout.count ? point : { ...point, place };
}

/** The last number of a picture that is drawn. */
function last({ panes, cells }: Layout, pane: number): { y: number; x: number } {
  const { rows, columns } = panes[pane]!;
  const drawn = (count: number, step: number): number => Math.floor((count - 1) / step) * step;
  return { y: drawn(rows, cells.down.step), x: drawn(columns, cells.across.step) };
}
