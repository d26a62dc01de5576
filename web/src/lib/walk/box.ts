/** Cards and open groups as boxes within boxes, and which of those side by side feed which. */

import type { Link } from "./links";
import { type Group, opsIn, type WalkNode } from "./node";

/** A card, or an open group round its cards; the layout fills in where it stands. */
export interface Box {
  readonly node: WalkNode;
  readonly parent: Box | null;
  readonly depth: number;
  /** Of an open group, in the order of the walk. */
  readonly children: Box[];
  /** Its place among the cards, or -1. */
  readonly card: number;
  /** Its place among its siblings. */
  readonly place: number;
  /** Siblings that read from it, and those that it reads. */
  readonly next: Set<Box>;
  readonly before: Set<Box>;
  /** Whether anything comes in from outside its siblings. */
  fed: boolean;
  /** How many ops it holds: what the longest path is measured in, folded or not. */
  readonly weight: number;

  /** From the left edge of its parent, and then of everything. */
  x: number;
  width: number;
  /** 0: on the straight line of its parent; 1 and on: under it. */
  lane: number;
  /** Levels of headings over its cards. */
  levels: number;
  /** How far it reaches down from the upper edge of its cards, branches and all. */
  under: number;
  /** Of each of its lanes, how far down its cards begin. */
  readonly laneY: number[];
}

/** The boxes of these cards, with the links between siblings; the root's box comes back. */
export function boxesOf(cards: readonly WalkNode[], links: readonly Link[]): Box {
  const groups = new Map<Group, Box>();
  const groupBox = (group: Group): Box => {
    const known = groups.get(group);
    if (known) return known;
    const made = boxOf(group, group.parent && groupBox(group.parent), -1);
    groups.set(group, made);
    return made;
  };
  const leaves = cards.map((node, k) => boxOf(node, node.parent && groupBox(node.parent), k));
  for (const { from, to } of links) connect(leaves[from]!, leaves[to]!);
  const root = leaves[0]?.parent;
  if (!root) throw new RangeError("a walk without any card");
  return root;
}

function boxOf(node: WalkNode, parent: Box | null, card: number): Box {
  const box: Box = {
    node,
    parent,
    depth: parent ? parent.depth + 1 : 0,
    children: [],
    card,
    place: parent?.children.length ?? 0,
    next: new Set(),
    before: new Set(),
    fed: false,
    weight: Math.max(1, opsIn(node)),
    x: 0,
    width: 0,
    lane: 0,
    levels: 0,
    under: 0,
    laneY: [],
  };
  parent?.children.push(box);
  return box;
}

/** A link between two cards is one between the siblings that hold them. */
function connect(from: Box, to: Box): void {
  let [a, b] = [from, to];
  while (a.depth > b.depth) a = a.parent!;
  while (b.depth > a.depth) {
    b.fed = true;
    b = b.parent!;
  }
  while (a.parent !== b.parent) {
    b.fed = true;
    a = a.parent!;
    b = b.parent!;
  }
  a.next.add(b);
  b.before.add(a);
}
