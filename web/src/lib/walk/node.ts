/** What the walk is made of: modules that hold ops, the input before and the prediction behind. */

import type { FailureSheet, OpSheet, Prediction } from "../../wire";

/**
 * Ops by their index, the network's input being -1 and the end as many as there are ops: every node
 * is a run of these, `first` to before `stop`.
 */
interface Run {
  /** Unlike any other node's of its tree, and the same each time the tree is made. */
  readonly id: string;
  /** What its card says: the last parts of the path. */
  readonly label: string;
  /** The whole path, as PyTorch names it. */
  readonly path: string;
  readonly first: number;
  readonly stop: number;
  /** The group it is in; null for the root. */
  readonly parent: Group | null;
}

/** A module that ran several ops. */
export interface Group extends Run {
  readonly kind: "group";
  /** In the order in which they ran. */
  readonly children: readonly WalkNode[];
  /** How many groups it is in. */
  readonly depth: number;
  /** The class of the module: `"Bottleneck"`. */
  readonly type: string;
  /** How many learned numbers it was the first to read. */
  readonly parameters: number;
}

/** One op. */
export interface Leaf extends Run {
  readonly kind: "op";
  readonly op: OpSheet;
}

/** What the network was given. */
export interface Input extends Run {
  readonly kind: "input";
}

/** What came of it: the prediction, or why it stopped. */
export interface End extends Run {
  readonly kind: "end";
  readonly prediction: Prediction | null;
  readonly failure: FailureSheet | null;
  /** The op whose output it is about, if any. */
  readonly source: number | null;
}

export type WalkNode = Group | Leaf | Input | End;

/** The place of the network's input among the ops. */
export const INPUT = -1;

/** How many ops a node holds. */
export function opsIn(node: WalkNode): number {
  return node.kind === "group" ? node.stop - node.first : node.kind === "op" ? 1 : 0;
}

/** The op whose output a node's card shows; null: the network's input. */
export function outputOp(node: WalkNode): number | null {
  if (node.kind === "input") return null;
  if (node.kind === "end") return node.source;
  return node.stop - 1;
}

/** The groups that a node is in, the innermost first, without the root. */
export function groupsAround(node: WalkNode): Group[] {
  const found: Group[] = [];
  for (let at = node.parent; at?.parent; at = at.parent) found.push(at);
  return found;
}
