/** Which groups of the walk are open: by rule, by hand, or for as long as one walks within them. */

import { type Group, groupsAround, opsIn, outputOp, type WalkNode } from "./node";
import type { WalkTree } from "./tree";

/** As many cards as one looks over at once. */
const FEWEST = 6;
const MOST = 16;

export class Folding {
  readonly tree: WalkTree;
  readonly #usual: ReadonlySet<string>;
  /** What the user opened (true) or folded (false). */
  readonly #byHand: ReadonlyMap<string, boolean>;
  /** Open because what is selected lies within. */
  readonly #walked: ReadonlySet<string>;

  private constructor(
    tree: WalkTree,
    usual: ReadonlySet<string>,
    byHand: ReadonlyMap<string, boolean>,
    walked: ReadonlySet<string>,
  ) {
    this.tree = tree;
    this.#usual = usual;
    this.#byHand = byHand;
    this.#walked = walked;
  }

  /** Open so far that it shows about 6 to 16 cards. */
  static usual(tree: WalkTree): Folding {
    return new Folding(tree, usuallyOpen(tree), new Map(), new Set());
  }

  /** The same on the tree of another picture's walk; on that of another network, as usual. */
  on(tree: WalkTree): Folding {
    if (tree === this.tree) return this;
    return this.fits(tree)
      ? new Folding(tree, this.#usual, this.#byHand, this.#walked)
      : Folding.usual(tree);
  }

  /** Whether a tree is that of another walk through the same network. */
  fits({ ops, root }: WalkTree): boolean {
    return ops === this.tree.ops && root.type === this.tree.root.type;
  }

  isOpen({ id, parent }: Group): boolean {
    if (parent === null || this.#walked.has(id)) return true;
    return this.#byHand.get(id) ?? this.#usual.has(id);
  }

  /** The card that a node is seen in: its own, or that of the outermost folded group around it. */
  card(node: WalkNode): WalkNode {
    let found = node.kind === "group" && this.isOpen(node) ? this.card(node.children[0]!) : node;
    for (const group of groupsAround(node)) if (!this.isOpen(group)) found = group;
    return found;
  }

  /** All cards, in the order of the walk. */
  cards(): WalkNode[] {
    const found: WalkNode[] = [];
    const visit = (node: WalkNode): void => {
      if (node.kind === "group" && this.isOpen(node)) node.children.forEach(visit);
      else found.push(node);
    };
    visit(this.tree.root);
    return found;
  }

  /** The user opens a group: it stays open, and so do those around it. */
  open(group: Group): Folding {
    const byHand = new Map(this.#byHand);
    for (const one of [group, ...groupsAround(group)]) byHand.set(one.id, true);
    return new Folding(this.tree, this.#usual, byHand, this.#walked);
  }

  /** The user folds a group. */
  fold(group: Group): Folding {
    const byHand = new Map(this.#byHand).set(group.id, false);
    const walked = new Set(this.#walked);
    for (const inner of [group, ...this.tree.groups().filter((one) => isWithin(one, group))]) {
      walked.delete(inner.id);
    }
    return new Folding(this.tree, this.#usual, byHand, walked);
  }

  /**
   * An op is selected (null: the input): the way to it opens, and what was open only for the last
   * one folds again. The card of a folded group shows the output of its last op already.
   *
   * @param wholly - Open the way even to that op.
   */
  walkTo(op: number | null, { wholly = false }: { wholly?: boolean } = {}): Folding {
    const leaf = this.tree.leaf(op);
    const around = groupsAround(leaf);
    const kept = new Set(around.map(({ id }) => id).filter((id) => this.#walked.has(id)));
    const found = new Folding(this.tree, this.#usual, this.#byHand, kept);
    const card = found.card(leaf);
    const shown = card === leaf || (!wholly && outputOp(card) === op);
    const missing = shown ? [] : around.filter((group) => !found.isOpen(group));
    if (missing.length === 0 && kept.size === this.#walked.size) return this;
    for (const { id } of missing) kept.add(id);
    return new Folding(this.tree, this.#usual, this.#byHand, kept);
  }

  /** Every group open, or every one folded. */
  every(open: boolean): Folding {
    const byHand = new Map(this.tree.groups().map(({ id }) => [id, open]));
    return new Folding(this.tree, this.#usual, byHand, new Set());
  }
}

function isWithin(group: Group, outer: Group): boolean {
  return groupsAround(group).includes(outer);
}

/**
 * What opens by itself: whatever holds most of a network, and more while there is little to see.
 */
function usuallyOpen(tree: WalkTree): Set<string> {
  const open = new Set<string>();
  const small = tree.ops < MOST;
  let frontier: readonly WalkNode[] = tree.root.children;
  for (;;) {
    const largest = greatest(frontier.filter((node) => node.kind === "group"));
    if (!largest) break;
    const cards = frontier.length - 1 + largest.children.length;
    const dominates = opsIn(largest) > tree.ops / 2 && cards <= 3 * MOST;
    if (!small && !dominates && frontier.length >= FEWEST) break;
    open.add(largest.id);
    frontier = frontier.flatMap((node) => (node === largest ? largest.children : [node]));
  }
  return open;
}

function greatest(groups: readonly Group[]): Group | undefined {
  return groups.reduce<Group | undefined>(
    (best, group) => (best && opsIn(best) >= opsIn(group) ? best : group),
    undefined,
  );
}
