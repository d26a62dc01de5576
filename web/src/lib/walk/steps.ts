/** Where the arrow keys lead from a card or a heading. */

import type { Layout, PlacedCard } from "./layout";
import type { Group, WalkNode } from "./node";

export type Direction = "left" | "right" | "up" | "down" | "first" | "last";

/**
 * The next card or heading; undefined at an edge.
 *
 * Left and right follow the walk, up and down go from branch to branch, and over the cards to the
 * headings of the groups they are in.
 */
export function stepFrom(
  { cards, headings }: Pick<Layout, "cards" | "headings">,
  node: WalkNode,
  direction: Direction,
): WalkNode | undefined {
  const k = cards.findIndex((card) => card.node === node);
  if (direction === "first") return cards[0]?.node;
  if (direction === "last") return cards.at(-1)?.node;
  if (k < 0) return fromHeading(cards, node as Group, direction);
  if (direction === "left") return cards[k - 1]?.node;
  if (direction === "right") return cards[k + 1]?.node;
  const { parent } = node;
  const near = nearest(cards, cards[k]!, direction);
  const heading = headings.find(({ group }) => group === parent);
  // Over a group's own cards its heading is nearer than whatever stands above it.
  const between = heading && (!near || near.y + near.height <= heading.y);
  return direction === "up" && between ? heading.group : near?.node;
}

function fromHeading(
  cards: readonly PlacedCard[],
  group: Group,
  direction: Direction,
): WalkNode | undefined {
  const inside = cards.findIndex(({ node }) => node.first === group.first);
  if (direction === "down") return cards[inside]?.node;
  if (direction === "up") return group.parent?.parent ? group.parent : undefined;
  if (direction === "left") return cards[inside - 1]?.node;
  return cards.find(({ node }) => node.first >= group.stop)?.node;
}

/** The closest card of another row, above or below, of those that stand over or under this one. */
function nearest(
  cards: readonly PlacedCard[],
  from: PlacedCard,
  direction: "up" | "down",
): PlacedCard | undefined {
  const sign = direction === "up" ? -1 : 1;
  let best: { card: PlacedCard; distance: number } | undefined;
  for (const card of cards) {
    const down = sign * (card.y - from.y);
    const aside = Math.abs(card.x - from.x);
    if (down <= 0 || aside >= card.width + from.width) continue;
    const distance = down + aside;
    if (!best || distance < best.distance) best = { card, distance };
  }
  return best?.card;
}
