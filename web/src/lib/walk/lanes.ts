/** Siblings from left to right: the longest path straight, branches in the free lanes under it. */

import type { Box } from "./box";

/**
 * Places the boxes within a box, and those within them: `x`, `width` and `lane`.
 *
 * Each stands right of all that it reads. Lanes depend on the number of ops, which no folding
 * changes, so that nothing jumps to another lane when a group opens.
 */
export function spread(box: Box, cardWidth: number, gap: number): void {
  if (box.card >= 0) {
    box.width = cardWidth;
    return;
  }
  for (const child of box.children) spread(child, cardWidth, gap);
  place(box.children, gap);
  const spine = spineOf(box.children);
  const lanes = new Lanes();
  const waiting = box.children.filter((child) => !spine.has(child));
  for (const child of spine) child.lane = 0;
  for (const chain of chainsOf(waiting)) {
    const lane = lanes.take(...spanOf(chain, gap));
    for (const child of chain) child.lane = lane;
  }
  box.width = Math.max(...box.children.map(({ x, width }) => x + width));
  box.levels = levelsOf(box);
}

/** How many headings stand over the straight line of an open group, its own one too. */
function levelsOf(box: Box): number {
  const inner = box.children.filter(({ lane }) => lane === 0).map(({ levels }) => levels);
  return Math.max(0, ...inner) + (box.parent ? 1 : 0);
}

/** As far left as what it reads allows; what reads only constants, close to its reader. */
function place(boxes: readonly Box[], gap: number): void {
  const floating = new Set<Box>();
  for (const box of boxes) {
    const before = [...box.before];
    box.x = Math.max(0, ...before.map(({ x, width }) => x + width + gap));
    const given = box.fed || box.node.kind === "input";
    if (!given && before.every((one) => floating.has(one))) floating.add(box);
  }
  for (const box of [...floating].reverse()) {
    const readers = [...box.next];
    if (readers.length > 0) box.x = Math.min(...readers.map(({ x }) => x)) - gap - box.width;
    else box.x = besideTheLast(boxes, box, gap);
  }
  const left = Math.min(...boxes.map(({ x }) => x));
  for (const box of boxes) box.x -= left;
}

/** What nobody reads and what read nothing stands under the one that ran before it. */
function besideTheLast(boxes: readonly Box[], box: Box, gap: number): number {
  const last = boxes[box.place - 1];
  return last && box.before.size === 0 ? last.x + last.width + gap : box.x;
}

/** The path of the most ops. */
function spineOf(boxes: readonly Box[]): Set<Box> {
  const longest = new Map<Box, number>();
  const onwards = new Map<Box, Box>();
  for (const box of boxes.toReversed()) {
    let [most, best] = [0, undefined as Box | undefined];
    for (const next of box.next) {
      const length = longest.get(next)!;
      // Of equal ones that which ran first: a set keeps no order of places.
      if (length > most || (length === most && best && next.place < best.place)) {
        [most, best] = [length, next];
      }
    }
    longest.set(box, most + box.weight);
    if (best) onwards.set(box, best);
  }
  let start = boxes[0];
  if (start?.node.kind !== "input") {
    for (const box of boxes) if (longest.get(box)! > longest.get(start!)!) start = box;
  }
  const spine = new Set<Box>();
  for (let at = start; at; at = onwards.get(at)) spine.add(at);
  return spine;
}

/** The rest as paths, each as long as it goes. */
function chainsOf(boxes: readonly Box[]): Box[][] {
  const left = new Set(boxes);
  const found: Box[][] = [];
  for (const first of boxes) {
    if (!left.delete(first)) continue;
    const chain = [first];
    for (;;) {
      const onwards = [...chain.at(-1)!.next].filter((box) => left.has(box));
      const next = onwards.sort((a, b) => b.weight - a.weight || a.place - b.place)[0];
      if (!next) break;
      left.delete(next);
      chain.push(next);
    }
    found.push(chain);
  }
  return found;
}

/** From where a path comes to where it goes: its lane is kept free for its arrows, too. */
function spanOf(chain: readonly Box[], gap: number): [left: number, right: number] {
  const [first, last] = [chain[0]!, chain.at(-1)!];
  const from = Math.max(...[...first.before].map(({ x, width }) => x + width));
  const to = Math.min(...[...last.next].map(({ x }) => x));
  return [
    Number.isFinite(from) ? from : first.x - gap / 2,
    Number.isFinite(to) ? to : last.x + last.width + gap / 2,
  ];
}

/** Which stretches of which lanes are taken. */
class Lanes {
  readonly #taken: [left: number, right: number][][] = [];

  /** The first lane, from 1, that is free from left to right; it is taken now. */
  take(left: number, right: number): number {
    for (let lane = 0; ; lane++) {
      const stretches = this.#taken[lane] ?? [];
      this.#taken[lane] = stretches;
      if (stretches.some(([a, b]) => a < right && left < b)) continue;
      stretches.push([left, right]);
      return lane + 1;
    }
  }
}
