/** Where tiles stand: a grid of them, in device pixels, each with a caption beneath. */

import { type Cells, cellsOf, type Fit, lengthOf, type Size } from "./fit";

/** What a tile is made of and where it goes. Lengths are device pixels. */
export interface Plan {
  /** How many tiles. */
  readonly count: number;
  /** The pictures of a tile, from left to right: one, or two that are compared. */
  readonly panes: readonly Size[];
  readonly fit: Fit;
  /** Device pixels to a CSS pixel. */
  readonly ratio?: number;
  /** How wide the place is; tiles that do not fit stand in the next row. */
  readonly room: number;
  readonly gap: number;
  /** How high a caption is; 0: none. */
  readonly caption: number;
  /** So many in a row, whatever the room. */
  readonly columns?: number | undefined;
}

/** A rectangle in device pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A picture within its tile. */
export interface PlacedPane extends Size {
  readonly left: number;
  /** How many rows and columns of numbers it has. */
  readonly rows: number;
  readonly columns: number;
}

export interface Layout {
  readonly count: number;
  readonly fit: Fit;
  /** The same, but where maps are narrow. */
  readonly cells: Cells;
  readonly columns: number;
  readonly rows: number;
  readonly panes: readonly PlacedPane[];
  /** Of one tile, without its caption. */
  readonly tile: Size;
  readonly caption: number;
  /** From one tile to the next. */
  readonly across: number;
  readonly down: number;
  /** Of everything. */
  readonly width: number;
  readonly height: number;
}

/** A number on the sheet: the place of its tile, the picture in it, and its row and column. */
export interface Point {
  readonly place: number;
  readonly pane: number;
  readonly y: number;
  readonly x: number;
}

/** Lays the tiles. */
export function layTiles(plan: Plan): Layout {
  const { count, panes, fit, ratio = 1, room, gap, caption, columns } = plan;
  const cells = cellsOf(fit, panes, ratio);
  const placed: PlacedPane[] = [];
  let left = 0;
  for (const { height, width } of panes) {
    const size = { height: lengthOf(cells.down, height), width: lengthOf(cells.across, width) };
    placed.push({ rows: height, columns: width, left, ...size });
    left += size.width + Math.ceil(gap / 2);
  }
  const last = placed.at(-1);
  const tile = {
    width: last ? last.left + last.width : 0,
    height: Math.max(0, ...placed.map(({ height }) => height)),
  };
  const fitting = Math.max(1, Math.floor((room + gap) / (tile.width + gap)));
  const inRow = Math.max(1, Math.min(count, columns ?? fitting));
  const rows = Math.ceil(count / inRow);
  // What is left over at the right goes between the tiles, as long as they stay together.
  const spare = room - inRow * (tile.width + gap) + gap;
  const more = inRow > 1 && count > inRow ? Math.floor(spare / (inRow - 1)) : 0;
  const across = tile.width + gap + Math.max(0, Math.min(more, 2 * gap));
  const down = tile.height + caption + gap;
  return {
    count,
    fit,
    cells,
    columns: inRow,
    rows,
    panes: placed,
    tile,
    caption,
    across,
    down,
    width: inRow * across - (across - tile.width),
    height: Math.max(0, rows * down - gap),
  };
}

/** Where a tile stands. */
export function tileBox({ columns, across, down, tile }: Layout, place: number): Box {
  const left = (place % columns) * across;
  return { left, top: Math.floor(place / columns) * down, ...tile };
}

/** Where one picture of a tile stands. */
export function paneBox(layout: Layout, place: number, pane: number): Box {
  const { left, top } = tileBox(layout, place);
  const { left: within, width, height } = layout.panes[pane]!;
  return { left: left + within, top, width, height };
}

/** Where a number stands; one that is left out stands where its nearest drawn one does. */
export function cellBox(layout: Layout, { place, pane, y, x }: Point): Box {
  const { left, top } = paneBox(layout, place, pane);
  const { across, down } = layout.cells;
  return {
    left: left + Math.floor(x / across.step) * across.zoom,
    top: top + Math.floor(y / down.step) * down.zoom,
    width: across.zoom,
    height: down.zoom,
  };
}

/** The number that is drawn at a point of the sheet, if one is. */
export function pointAt(layout: Layout, left: number, top: number): Point | undefined {
  const { across, down, columns, count, panes, cells } = layout;
  const [column, row] = [Math.floor(left / across), Math.floor(top / down)];
  const place = row * columns + column;
  if (left < 0 || top < 0 || column >= columns || place >= count) return undefined;
  const [inside, below] = [left - column * across, top - row * down];
  const pane = panes.findIndex(
    (one) => inside >= one.left && inside < one.left + one.width && below < one.height,
  );
  const found = panes[pane];
  if (!found) return undefined;
  const at = ({ zoom, step }: Fit, distance: number): number => Math.floor(distance / zoom) * step;
  return { place, pane, y: at(cells.down, below), x: at(cells.across, inside - found.left) };
}

/** The tile that is at, or nearest to, a point of the sheet. */
export function placeNear(layout: Layout, left: number, top: number): number {
  const { across, down, columns, rows, count } = layout;
  const bounded = (n: number, end: number): number => Math.max(0, Math.min(end - 1, n));
  const column = bounded(Math.floor(left / across), columns);
  const row = bounded(Math.floor(top / down), rows);
  return bounded(row * columns + column, count);
}

/** The places of the tiles of which something is in view, row by row. */
export function* placesIn(layout: Layout, view: Box): Generator<number> {
  const { columns, rows, across, down, tile, caption, count } = layout;
  const first = Math.max(0, Math.ceil((view.top - tile.height - caption + 1) / down));
  const last = Math.min(rows - 1, Math.floor((view.top + view.height - 1) / down));
  const from = Math.max(0, Math.ceil((view.left - tile.width + 1) / across));
  const to = Math.min(columns - 1, Math.floor((view.left + view.width - 1) / across));
  for (let row = first; row <= last; row++) {
    for (let column = from; column <= to; column++) {
      const place = row * columns + column;
      if (place < count) yield place;
    }
  }
}

/**
 * The point of another layout of the same tiles that shows what this one shows there: what
 * was under the pointer stays under it while one zooms.
 */
export function carried(from: Layout, to: Layout, left: number, top: number): [number, number] {
  const place = placeNear(from, left, top);
  const [here, there] = [tileBox(from, place), tileBox(to, place)];
  const along = (distance: number, old: number, now: number): number =>
    // Beyond the tile there are gaps and captions, which do not grow.
    distance <= old ? (distance / Math.max(1, old)) * now : now + distance - old;
  return [
    there.left + along(left - here.left, here.width, there.width),
    there.top + along(top - here.top, here.height, there.height),
  ];
}
