/** Which way each arrow goes: straight, from lane to lane, or in an arc over the cards between. */

import type { Box } from "./box";
import type { Link } from "./links";
import { lift, type Row, type Sizes } from "./rows";

/**
 * `straight`: along the row; `early`: to the other row at once, then along it; `late`: along its own
 * row first; `arc`: over the cards of the row it ends in.
 */
export type Way = "straight" | "early" | "late" | "arc";

export interface Route extends Link {
  readonly way: Way;
  /** Of an arc, the line over the cards that it runs along, the lowest being 0... */
  track: number;
  /** ...of so many in this place. */
  tracks: number;
  /** Of an arc, the reader before its own along the same track. */
  after: number | null;
}

/** The ways of all links; the tracks of the rows are counted here. */
export function routesOf(
  links: readonly Link[],
  cards: readonly Box[],
  rows: ReadonlyMap<Box, Row>,
): Route[] {
  const arcs = new Map<Row, Map<number, Route[]>>();
  const routes = links.map((link): Route => {
    const [from, to] = [cards[link.from]!, cards[link.to]!];
    const route: Route = { ...link, way: wayOf(from, to, rows), track: 0, tracks: 0, after: null };
    if (route.way === "arc") {
      const row = rows.get(to)!;
      if (!arcs.has(row)) arcs.set(row, new Map());
      const bundles = arcs.get(row)!;
      // All arcs from one card share a track: a bundle that sends one down to each reader.
      if (!bundles.has(link.from)) bundles.set(link.from, []);
      bundles.get(link.from)!.push(route);
    }
    return route;
  });
  for (const [row, bundles] of arcs) row.tracks = assignTracks([...bundles.values()], cards);
  return routes;
}

function wayOf(from: Box, to: Box, rows: ReadonlyMap<Box, Row>): Way {
  const [own, other] = [rows.get(from)!, rows.get(to)!];
  const [left, right] = [from.x + from.width, to.x];
  if (own === other) return own.isFree(left, right) ? "straight" : "arc";
  if (other.isFree(left, right)) return "early";
  return own.isFree(left, right) ? "late" : "arc";
}

/** All arcs from one card over one row. */
interface Bundle {
  readonly routes: readonly Route[];
  readonly left: number;
  readonly right: number;
  track: number;
}

/** Gives each bundle its track; gives back how many there are. */
function assignTracks(all: readonly (readonly Route[])[], cards: readonly Box[]): number {
  const bundles = all.map((routes): Bundle => {
    const from = cards[routes[0]!.from]!;
    const right = Math.max(...routes.map(({ to }) => cards[to]!.x));
    return { routes, left: from.x + from.width, right, track: 0 };
  });
  // Short bundles run low and long ones over them, so that arcs within arcs do not cross.
  bundles.sort((a, b) => a.right - a.left - (b.right - b.left) || a.left - b.left);
  for (const [k, bundle] of bundles.entries()) {
    for (const lower of bundles.slice(0, k)) {
      if (meet(lower, bundle)) bundle.track = Math.max(bundle.track, lower.track + 1);
    }
  }
  let most = 0;
  for (const cluster of clustersOf(bundles)) {
    const tracks = Math.max(...cluster.map(({ track }) => track)) + 1;
    most = Math.max(most, tracks);
    for (const { routes, track } of cluster) {
      let after: number | null = null;
      for (const route of routes) {
        Object.assign(route, { track, tracks, after });
        after = route.to;
      }
    }
  }
  return most;
}

function meet(one: Bundle, other: Bundle): boolean {
  return one.left < other.right && other.left < one.right;
}

/** Bundles that meet, and those that meet these: a crowd in one place spreads no others. */
function clustersOf(bundles: readonly Bundle[]): Bundle[][] {
  const found: Bundle[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const bundle of bundles.toSorted((a, b) => a.left - b.left)) {
    if (bundle.left < end) found.at(-1)!.push(bundle);
    else found.push([bundle]);
    end = Math.max(end, bundle.right);
  }
  return found;
}

/** An arrow as paths for SVG. */
export interface Drawn {
  /** All of it. */
  readonly path: string;
  /** What it adds to the arrows before it in its bundle: for those that are not drawn alone. */
  readonly spur: string;
  /** Its head. */
  readonly tip: string;
  /** From where to where it reaches down. */
  readonly top: number;
  readonly bottom: number;
}

/** Draws routes: the rows have to stand already. */
export class Pen {
  readonly #cards: readonly Box[];
  readonly #rows: ReadonlyMap<Box, Row>;
  readonly #sizes: Sizes;

  constructor(cards: readonly Box[], rows: ReadonlyMap<Box, Row>, sizes: Sizes) {
    this.#cards = cards;
    this.#rows = rows;
    this.#sizes = sizes;
  }

  draw(route: Route): Drawn {
    const [from, to] = [this.#cards[route.from]!, this.#cards[route.to]!];
    const [own, other] = [this.#rows.get(from)!, this.#rows.get(to)!];
    if (route.way === "arc") return this.#arc(route, from, to, own, other);
    const [left, right] = [from.x + from.width, to.x];
    const [y, z] = [this.#middle(own), this.#middle(other)];
    const tip = `M${right} ${z}l-5 -3v6z`;
    let path = `M${left} ${y}H${right}`;
    if (route.way === "early") {
      const on = left + this.#sizes.gap;
      path = `M${left} ${y}${curve(left, y, on, z)}${on < right ? `H${right}` : ""}`;
    } else if (route.way === "late") {
      const off = right - this.#sizes.gap;
      path = `M${left} ${y}${off > left ? `H${off}` : ""}${curve(off, y, right, z)}`;
    }
    return { path, spur: path, tip, top: Math.min(y, z), bottom: Math.max(y, z) };
  }

  #arc(route: Route, from: Box, to: Box, own: Row, other: Row): Drawn {
    const track = other.y - lift(route.track, route.tracks, this.#sizes.band);
    const round = Math.min(10, other.y - track);
    const down = to.x + INSET;
    const landing = `H${down - round}Q${down} ${track} ${down} ${track + round}V${other.y}`;
    const left = from.x + from.width;
    const up = left - INSET;
    const start =
      own === other
        ? `M${up} ${own.y}V${track + round}Q${up} ${track} ${up + round} ${track}`
        : `M${left} ${this.#middle(own)}${curve(left, this.#middle(own), left + this.#sizes.gap, track)}`;
    const before = route.after === null ? undefined : this.#cards[route.after]!.x + INSET - round;
    return {
      path: start + landing,
      spur: before === undefined ? start + landing : `M${before} ${track}${landing}`,
      tip: `M${down} ${other.y}l-3 -5h6z`,
      top: Math.min(track - 2, own === other ? track : this.#middle(own)),
      bottom: Math.max(other.y, own === other ? other.y : this.#middle(own)),
    };
  }

  /** Where arrows leave and enter the sides of the cards of a row. */
  #middle(row: Row): number {
    return row.y + Math.min(row.height(this.#sizes) / 2, 40);
  }
}

/** From the edge of a card to where arcs leave and enter it. */
const INSET = 12;

function curve(x: number, y: number, toX: number, toY: number): string {
  const half = (x + toX) / 2;
  return `C${half} ${y} ${half} ${toY} ${toX} ${toY}`;
}
