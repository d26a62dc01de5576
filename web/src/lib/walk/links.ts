/** Which card's output goes into which other card. */

import type { TraceSheet } from "../../wire";
import { INPUT, type WalkNode } from "./node";

/** An arrow between two cards, by their places in the walk. */
export interface Link {
  readonly from: number;
  readonly to: number;
}

/** For each op, which ops it read ({@link INPUT}: the network's input); weights are no ops. */
export function readsOf({ ops, values }: Pick<TraceSheet, "ops" | "values">): number[][] {
  const makers = new Map<number, number>();
  for (const { id, op, role } of values) {
    if (op !== null) makers.set(id, op);
    else if (role === "input") makers.set(id, INPUT);
  }
  return ops.map(({ inputs }) => [
    ...new Set(inputs.map((id) => makers.get(id)).filter((op) => op !== undefined)),
  ]);
}

/** The arrows between cards, each once, those into the same card together and in order. */
export function linksBetween(
  cards: readonly WalkNode[],
  reads: readonly (readonly number[])[],
): Link[] {
  // The card of each op, the input's first.
  const cardOf = new Int32Array(reads.length + 2);
  for (const [k, { first, stop }] of cards.entries()) cardOf.fill(k, first - INPUT, stop - INPUT);
  const found: Link[] = [];
  for (const [to, card] of cards.entries()) {
    const from = new Set<number>();
    for (let op = Math.max(0, card.first); op < card.stop; op++) {
      for (const read of sourcesOf(card, reads, op)) from.add(cardOf[read - INPUT]!);
    }
    from.delete(to);
    found.push(...[...from].sort((a, b) => a - b).map((from) => ({ from, to })));
  }
  return found;
}

function sourcesOf(
  card: WalkNode,
  reads: readonly (readonly number[])[],
  op: number,
): readonly number[] {
  if (card.kind !== "end") return reads[op] ?? [];
  return card.source === null ? [] : [card.source];
}
