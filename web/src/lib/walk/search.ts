/** Ops found by a few letters of their name or kind. */

import type { OpSheet } from "../../wire";

/**
 * The ops that hold all words of a query in their name, kind or class, the closest first.
 *
 * @example
 * search(ops, "layer1 conv"); // layer1.0.conv1, layer1.0.conv2, ...
 */
export function search(ops: readonly OpSheet[], query: string, most = 50): OpSheet[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const found: { op: OpSheet; rank: number }[] = [];
  for (const op of ops) {
    const ranks = words.map((word) => rankOf(op, word));
    if (ranks.every((rank) => rank < NO)) found.push({ op, rank: Math.max(...ranks) });
  }
  // A stable sort: of equal ones that which ran first.
  found.sort((a, b) => a.rank - b.rank);
  return found.slice(0, most).map(({ op }) => op);
}

const NO = 9;

/** 0 for the whole name, and more the farther it is from it. */
function rankOf({ name, kind, module_type: type }: OpSheet, word: string): number {
  const [path, own] = [name.toLowerCase(), kind.toLowerCase()];
  if (path === word) return 0;
  if (path.split(".").includes(word)) return 1;
  if (own === word) return 2;
  if (path.startsWith(word) || path.includes(`.${word}`)) return 3;
  if (path.includes(word)) return 4;
  if (own.includes(word)) return 5;
  return type.toLowerCase().includes(word) ? 6 : NO;
}
