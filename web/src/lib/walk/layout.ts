/** The walk as a picture: where each card, each heading and each arrow stands. */

import { type Box, boxesOf } from "./box";
import { spread } from "./lanes";
import { type Link, linksBetween } from "./links";
import type { Group, WalkNode } from "./node";
import { type Drawn, Pen, type Route, routesOf, type Way } from "./routes";
import { type Row, rowsOf, type Sizes, stack } from "./rows";

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedCard extends Rectangle {
  readonly node: WalkNode;
  /** Whether it stands in a branch, where cards are lower. */
  readonly branch: boolean;
}

/** The heading over an open group, as wide as the group. */
export interface PlacedHeading extends Rectangle {
  readonly group: Group;
}

export interface PlacedLink extends Link, Drawn {
  readonly way: Way;
  /** From where to where it runs. */
  readonly left: number;
  readonly right: number;
  /** Whether it is one of so many arcs that together they would cover everything. */
  readonly crowded: boolean;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** In the order of the walk. */
  readonly cards: readonly PlacedCard[];
  readonly headings: readonly PlacedHeading[];
  readonly links: readonly PlacedLink[];
}

/** More arcs than these over one another are drawn faintly. */
const CROWD = 4;

/**
 * The picture of these cards. The same cards give the same picture.
 *
 * @param cards - In the order of the walk, as {@link Folding.cards} gives them.
 * @param reads - Which ops each op read, as {@link readsOf} tells it.
 */
export function layOut(
  cards: readonly WalkNode[],
  reads: readonly (readonly number[])[],
  sizes: Sizes,
): Layout {
  const links = linksBetween(cards, reads);
  const root = boxesOf(cards, links);
  spread(root, sizes.cardWidth, sizes.gap);
  const rows = rowsOf(root);
  const boxes: Box[] = [];
  for (const box of rows.keys()) if (box.card >= 0) boxes[box.card] = box;
  const routes = routesOf(links, boxes, rows);
  const height = stack(root, rows, sizes);
  const pen = new Pen(boxes, rows, sizes);
  return {
    width: root.width,
    height,
    cards: boxes.map((box) => placedCard(box, rows.get(box)!, sizes)),
    headings: headingsOf(rows, sizes),
    links: routes.map((route) => placedLink(route, boxes, pen)),
  };
}

function placedCard({ node, x, width }: Box, row: Row, sizes: Sizes): PlacedCard {
  return { node, x, y: row.y, width, height: row.height(sizes), branch: !row.straight };
}

function headingsOf(rows: ReadonlyMap<Box, Row>, sizes: Sizes): PlacedHeading[] {
  const found: PlacedHeading[] = [];
  for (const [{ node, parent, x, width, levels }, row] of rows) {
    if (node.kind !== "group" || !parent || levels === 0) continue;
    const y = row.y - row.band(sizes) - levels * sizes.heading;
    found.push({ group: node, x, y, width, height: sizes.heading });
  }
  return found;
}

function placedLink(route: Route, boxes: readonly Box[], pen: Pen): PlacedLink {
  const [from, to] = [boxes[route.from]!, boxes[route.to]!];
  return {
    from: route.from,
    to: route.to,
    way: route.way,
    ...pen.draw(route),
    left: from.x,
    right: to.x + to.width,
    crowded: route.tracks > CROWD,
  };
}
