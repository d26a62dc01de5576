/** The walk as it is shown: what is unfolded, where everything stands, what has the focus. */

import { tick } from "svelte";
import { touchedChannels } from "../../lib/edits/touched";
import type { Network } from "../../lib/network";
import { Digests } from "../../lib/walk/digests";
import { Folding } from "../../lib/walk/folding";
import { type Layout, layOut } from "../../lib/walk/layout";
import { readsOf } from "../../lib/walk/links";
import { type Group, groupsAround, outputOp, type WalkNode } from "../../lib/walk/node";
import { type Direction, stepFrom } from "../../lib/walk/steps";
import { WalkTree } from "../../lib/walk/tree";
import { type Wrapped, wrap } from "../../lib/walk/wrap";
import type { View } from "../../view.svelte";
import type { Digest } from "../../wire";
import { clarity, MARGIN, type Manner, NARROW, sizesFor } from "./manner";

/** A place in the strip's window, in pixels of the page. */
interface Place {
  readonly x: number;
  readonly y: number;
}

export class Walking {
  readonly #view: View;
  /** What the strip scrolls in. */
  viewport = $state.raw<HTMLElement>();
  details = $state(false);
  graph = $state(false);
  /** The width of the panel. */
  width = $state(1000);
  /** How large the graph is drawn; the strip always as it is. */
  zoom = $state(1);
  readonly manner: Manner = $derived.by(() => this.#mannerAt(this.zoom));
  /** The width of what the strip scrolls in. */
  room = $state(0);
  hovered = $state.raw<WalkNode>();
  #folding = $state.raw<Folding>();
  #focus = $state.raw<string>();
  /** The op that this walk selected itself, having unfolded what it wanted. */
  #chosen: number | null | undefined;

  readonly tree: WalkTree = $derived.by(() => new WalkTree(this.network.sheet));
  readonly #root: Network = $derived.by(() => this.network.root);
  readonly #order = $derived.by(() =>
    (this.#root.sheet.prediction || this.#view.about.target) &&
    this.#view.look.ordering === "attribution"
      ? "attribution"
      : "strength",
  );
  readonly #edited: Digests = $derived.by(
    () => new Digests(this.#view.source, this.network.id, "strength"),
  );
  /**
   * Of the walk without edits: they say which channels stand on the cards. With edits these stay,
   * so that one sees what became of them.
   */
  readonly digests: Digests = $derived.by(
    () => new Digests(this.#view.source, this.#root.id, this.#order, this.#view.about.target),
  );
  readonly #reads = $derived.by(() => readsOf(this.network.sheet));
  /** Another picture through the same network leaves open what is open. */
  readonly folding: Folding = $derived.by(
    () => this.#folding?.on(this.tree) ?? Folding.usual(this.tree),
  );
  readonly layout: Layout = $derived.by(() => this.#layOut(this.manner));
  /** Where everything stands in the window: the strip is one line, the graph has as many as it needs. */
  readonly wrapped: Wrapped = $derived.by(() => this.wrappedAt(this.zoom));
  /** Whether cards are so small that they are boxes in the colours of their kinds. */
  readonly boxes = $derived.by(() => clarity(this.manner) === "boxes");
  /** The card of what is selected. */
  readonly current: WalkNode = $derived.by(() =>
    this.folding.card(this.tree.leaf(this.#view.selection.op)),
  );
  /** The card or heading that the tab key leads to. */
  readonly focused: WalkNode = $derived.by(() => {
    const { cards, headings } = this.wrapped;
    const nodes = [...cards.map(({ node }) => node), ...headings.map(({ group }) => group)];
    return nodes.find(({ id }) => id === this.#focus) ?? this.current;
  });

  constructor(view: View) {
    this.#view = view;
  }

  /** The channels that edits are about, by op: they stand first on the cards. */
  readonly touched: ReadonlyMap<number, readonly number[]> = $derived.by(() => {
    const { edited, edits } = this.#view.editing;
    return edited ? touchedChannels(edited, edits) : new Map();
  });

  /** What an op's output holds in the walk that is shown. */
  digest(op: number): Promise<Digest> {
    const { network } = this;
    const [made = -1] = network.op(op).outputs;
    return network.home(made) === this.#root.id ? this.digests.get(op) : this.#edited.get(op);
  }

  get network(): Network {
    const { network } = this.#view;
    if (!network) throw new Error("the walk is shown before there is one");
    return network;
  }

  /** Where everything would stand at another size. */
  wrappedAt(zoom: number): Wrapped {
    const manner = this.#mannerAt(zoom);
    const sizes = sizesFor(manner);
    const layout = this.layoutAt(zoom);
    const fitting = (this.room / zoom - 2 * MARGIN) / (sizes.cardWidth + sizes.gap);
    return wrap(layout, manner.graph ? Math.floor(fitting) : Infinity, sizes);
  }

  /** Where everything would stand in one line at another size. */
  layoutAt(zoom: number): Layout {
    return zoom === this.zoom ? this.layout : this.#layOut(this.#mannerAt(zoom));
  }

  #mannerAt(zoom: number): Manner {
    return { details: this.details, graph: this.graph, narrow: this.width < NARROW, zoom };
  }

  #layOut(manner: Manner): Layout {
    const begun = performance.now();
    const found = layOut(this.folding.cards(), this.#reads, sizesFor(manner));
    performance.measure("layout", { start: begun, end: performance.now() });
    return found;
  }

  /** The selection changed: unfold the way to it, and bring it into view. */
  async follow(op: number | null): Promise<void> {
    const mine = this.#chosen === op;
    this.#chosen = undefined;
    if (mine) return;
    // The card that has the focus may be gone afterwards, and the focus with it.
    const hadFocus = this.viewport?.matches(":focus-within") ?? false;
    this.#focus = undefined;
    // What a link leads to is shown itself, and not the group that it is in.
    const wholly = !this.#folding?.fits(this.tree);
    await this.#refold(this.folding.walkTo(op, { wholly }), this.tree.leaf(op));
    if (hadFocus) await this.#giveFocus(this.current);
    else this.#reveal(this.current);
  }

  /** The focus came to a card or heading by itself: by the pointer. */
  attend(node: string | undefined): void {
    if (node !== undefined) this.#focus = node;
  }

  /** Look at an op, and unfold the way even to that op. */
  async find(op: number): Promise<void> {
    this.#select(op);
    await this.#refold(this.folding.walkTo(op, { wholly: true }), this.tree.leaf(op));
    await this.#giveFocus(this.current);
  }

  /** A card was chosen: an op is looked at, a group opens where its card stood. */
  async choose(node: WalkNode): Promise<void> {
    const op = outputOp(node);
    this.#select(op);
    const folding = node.kind === "group" ? this.folding.open(node) : this.folding;
    await this.#refold(folding.walkTo(op), node);
    await this.#giveFocus(this.folding.card(node));
  }

  /** Fold a group; its card stands where its heading was. */
  async fold(group: Group): Promise<void> {
    await this.#refold(this.folding.fold(group), group);
    await this.#giveFocus(group);
  }

  /** From a card or heading to the group around it, which folds; whether there is one. */
  leave(node: WalkNode): boolean {
    const isOpen = node.kind === "group" && this.folding.isOpen(node);
    const group = isOpen ? node : groupsAround(node)[0];
    if (!group) return false;
    this.#select(outputOp(group));
    void this.fold(group);
    return true;
  }

  /** An arrow key: the card it leads to is looked at. */
  async step(from: WalkNode, direction: Direction, held: boolean): Promise<void> {
    const to = stepFrom(this.wrapped, from, direction);
    if (!to) return;
    // At once: the next key may come before everything stands.
    this.#focus = to.id;
    const isHeading = to.kind === "group" && this.folding.isOpen(to);
    if (!isHeading) {
      const op = outputOp(to);
      this.#select(op, !held);
      await this.#refold(this.folding.walkTo(op), to);
    }
    await this.#giveFocus(to);
  }

  /** The op before or after the one that is looked at, in the order in which they ran. */
  go(by: 1 | -1, held: boolean): void {
    const op = (this.#view.selection.op ?? -1) + by;
    if (op < -1 || op >= this.tree.ops) return;
    this.#view.select({ op: op < 0 ? null : op }, { step: !held });
  }

  /** Open or fold everything. */
  async every(open: boolean): Promise<void> {
    await this.#refold(this.folding.every(open), this.current);
  }

  /** Draw larger or smaller, with what is looked at staying in view. */
  async enlarge(zoom: number): Promise<void> {
    this.zoom = zoom;
    await tick();
    this.#reveal(this.current);
  }

  /** Draw in another manner, with what is looked at staying in view. */
  async draw({ details = this.details, graph = this.graph }): Promise<void> {
    this.details = details;
    this.graph = graph;
    if (!graph) this.zoom = 1;
    await tick();
    this.#reveal(this.current);
  }

  #select(op: number | null, step = true): void {
    // What is looked at already keeps its channel and number.
    if (op === this.#view.selection.op) return;
    this.#chosen = op;
    this.#view.select({ op }, { step });
  }

  /** Fold otherwise, with one node staying where it is in the window. */
  async #refold(folding: Folding, node: WalkNode): Promise<void> {
    const before = this.#place(node);
    this.#folding = folding;
    await tick();
    const after = this.#place(node);
    if (!before || !after || !this.viewport) return;
    const { scrollLeft, scrollTop } = this.viewport;
    this.viewport.scrollTo({
      left: scrollLeft + after.x - before.x,
      // At the upper edge the new headings are worth more than the place.
      top: scrollTop === 0 ? 0 : scrollTop + after.y - before.y,
      behavior: "instant",
    });
  }

  /** Where in the window a card, or the control in a heading, stands. */
  #place(node: WalkNode): Place | undefined {
    const { viewport } = this;
    const { cards, headings } = this.wrapped;
    const heading = headings.find(({ group }) => group === node);
    const shown = this.folding.card(node);
    const card = cards.find((card) => card.node === shown);
    if (!viewport || !card) return undefined;
    const y = (card.y + MARGIN) * this.zoom - viewport.scrollTop;
    const x = ((heading ?? card).x + MARGIN) * this.zoom - viewport.scrollLeft;
    // A heading's control stays in view as long as some of its group is.
    return { x: heading ? Math.max(0, x) : x, y };
  }

  async #giveFocus(node: WalkNode): Promise<void> {
    this.#focus = node.id;
    await tick();
    const found = this.viewport?.querySelector<HTMLElement>(`[data-node="${CSS.escape(node.id)}"]`);
    found?.focus({ preventScroll: true });
    this.#reveal(node);
  }

  /** Scroll so far that a card or heading is in the window. */
  #reveal(node: WalkNode): void {
    const { viewport, zoom } = this;
    const { cards, headings } = this.wrapped;
    const card = cards.find((card) => card.node === node);
    const box = card ?? headings.find(({ group }) => group === node);
    if (!viewport || !box) return;
    const reach = (at: number, size: number, from: number, room: number): number => {
      const [near, far] = [at * zoom - 24, (at + size + 2 * MARGIN) * zoom + 24];
      // What is larger than the window shows its beginning.
      if (size * zoom > room) return near;
      // What was out of sight comes to the middle, with what is around it.
      if (near > from + room || far < from) return (near + far - room) / 2;
      return near < from ? near : far > from + room ? far - room : from;
    };
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = viewport;
    // A heading's control is in view wherever its group is.
    const left = card ? reach(box.x, box.width, scrollLeft, clientWidth) : scrollLeft;
    const top = reach(box.y, box.height, scrollTop, clientHeight);
    const isFar = Math.abs(left - scrollLeft) > 2 * clientWidth;
    viewport.scrollTo({ left, top, behavior: isFar ? "instant" : "auto" });
  }
}
