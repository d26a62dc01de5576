/** What the page shows now: the one state that all panels share. */

import { getContext, setContext } from "svelte";
import { Editing, type Side } from "./editing.svelte";
import { Asking } from "./lib/asking";
import { madeAgain } from "./lib/edits/dropped";
import { editsFromText, editsToText } from "./lib/edits/link";
import { Network } from "./lib/network";
import { fromAddress, lacking, type Selection, START, toAddress } from "./lib/selection";
import { Tensors } from "./lib/tensors";
import { type Order, type PlainEdit, SourceError, type TraceSource } from "./source";
import type { JobSheet, Problem, TraceCard, ValueSheet, Welcome } from "./wire";

/** `auto`: diverging about zero where there are negative numbers, else sequential. */
export type MapChoice = "auto" | "viridis" | "magma" | "grey" | "bluered";
export type Scope = "layer" | "channel" | "fixed";
export type Ordering = "index" | "strength" | "variance" | "attribution";

/** What is shown of an op: its maps, those that went in beside them, or what it changed. */
export type Comparison = "none" | "pair" | "difference";

/** How numbers become colours, and in which order channels stand. */
export interface Look {
  readonly map: MapChoice;
  readonly scope: Scope;
  /** The ends of a fixed scale. */
  readonly limits: readonly [low: number, high: number];
  readonly ordering: Ordering;
  readonly comparison: Comparison;
  /** Whether what is compared has one scale for both. */
  readonly common: boolean;
}

const BENCH = "edges";

export const USUAL_LOOK: Look = {
  map: "auto",
  scope: "layer",
  limits: [-1, 1],
  ordering: "index",
  comparison: "none",
  common: true,
};

/** Where the page keeps its state between visits: the address in a browser, nothing in a cell. */
export interface Address {
  read(): URLSearchParams;
  /** `step`: a new entry, so that Back leads to where the user was. */
  write(said: URLSearchParams, step: boolean): void;
  /** Tells when the user went back or on; gives back what stops it. */
  changed(tell: () => void): () => void;
  /** The whole address as a link, where there is one to share. */
  link(): string | undefined;
}

export type Status =
  | { readonly kind: "loading"; readonly what: string }
  | { readonly kind: "ready" }
  | { readonly kind: "empty" }
  | { readonly kind: "problem"; readonly problem: Problem };

export class View {
  readonly source: TraceSource;
  readonly address: Address;
  readonly tensors: Tensors;
  readonly editing: Editing;

  status = $state.raw<Status>({ kind: "loading", what: "Opening" });
  welcome = $state.raw<Welcome>();
  cards = $state.raw<readonly TraceCard[]>([]);
  selection = $state.raw<Selection>(START);
  look = $state.raw<Look>(USUAL_LOOK);
  /** The walk that is under way, if one is. */
  job = $state.raw<JobSheet>();
  /** A sentence to be read once, beside whatever is shown. */
  notice = $state.raw<string>();
  /** Why nobody answers, as long as nobody does: what was asked waits until then. */
  lost = $state.raw<string>();
  /** The number under the pointer: looked at, not chosen. */
  hovered = $state.raw<readonly number[]>();
  /** Whether the dialog for pictures and networks is open. */
  choosing = $state.raw<"picture" | "model">();

  readonly #asking: Asking;
  #stop: AbortController | undefined;

  constructor(source: TraceSource, address: Address) {
    const look = async (): Promise<void> => {
      // A walk that was followed when the answers stopped may be done by now.
      this.cards = await source.traces();
    };
    this.#asking = new Asking(source, look, (lost) => {
      this.lost = lost;
    });
    this.editing = new Editing(() => this.source, {
      changed: (step) => this.#write(step),
      come: (trace) => this.tensors.join(trace),
      gone: (trace) => this.tensors.forget(trace),
      complain: (error) => this.#complain(error),
    });
    this.source = madeAgain(this.#asking.source, (trace) => this.editing.again(trace));
    this.address = address;
    this.tensors = new Tensors(this.source);
  }

  /** What the walk is called in questions and links, whatever edits are made of it. */
  get trace(): string | undefined {
    return this.editing.base?.id;
  }

  /** The walk that is shown: with the user's edits, or without. */
  get network(): Network | undefined {
    return this.editing.network;
  }

  /** The value that is looked at. */
  get value(): ValueSheet | undefined {
    return this.network?.value(this.selection.op, this.selection.output);
  }

  /** Ask what there is, and open what the address names, or the newest trace. */
  async start(): Promise<void> {
    await this.#guarded("Opening", async () => {
      const [welcome, cards] = await Promise.all([this.source.welcome(), this.source.traces()]);
      this.welcome = welcome;
      this.editing.possible = welcome.edits;
      this.cards = cards;
      const wanted = this.address.read().get("trace");
      const card = cards.find(({ id, open }) => (wanted === null ? open : id === wanted));
      if (wanted !== null && !card) this.notice = "The walk of this link is not open here.";
      if (card) await this.#show(card.id);
      else this.status = { kind: "empty" };
    });
  }

  /** Another open trace; the same layer of it, if it has one of this name. */
  async open(trace: string): Promise<void> {
    this.notice = undefined;
    await this.#guarded("Opening the walk", async () => {
      await this.#show(trace, { quiet: true });
      this.#write(true);
    });
  }

  /** Look at something else; what is not said stays, as far as it still has a meaning. */
  select(change: Partial<Selection>, { step = true }: { step?: boolean } = {}): void {
    const moved = "op" in change || "output" in change;
    const base: Selection = moved
      ? { ...START, sample: this.selection.sample, op: this.selection.op }
      : this.selection;
    this.selection = { ...base, ...change };
    if (moved) this.hovered = undefined;
    this.#write(step);
  }

  /** Draw otherwise. */
  draw(change: Partial<Look>): void {
    this.look = { ...this.look, ...change };
    this.#write(false);
  }

  /** Take the state from the address, after Back. */
  follow(): void {
    const said = this.address.read();
    this.look = lookFrom(said);
    const trace = said.get("trace");
    if (!this.network) return;
    if (trace !== null && trace !== this.trace) {
      void this.#guarded("Opening the walk", () => this.#show(trace));
    } else {
      this.editing.follow(this.#editsFrom(said), sideFrom(said));
      this.selection = fromAddress(said, this.network);
      this.hovered = undefined;
      this.notice = lacking(said, this.network) || undefined;
    }
  }

  /** Walk a picture through a network, and show it; what is shown stays until it is done. */
  async walk(order: Order): Promise<void> {
    this.#stop?.abort();
    const stop = new AbortController();
    this.#stop = stop;
    try {
      const job = await this.source.walk(
        order,
        (sheet) => {
          if (this.#stop === stop) this.job = sheet;
        },
        stop.signal,
      );
      if (this.#stop !== stop) return;
      this.job = job.state === "failed" ? job : undefined;
      this.cards = await this.source.traces();
      if (job.trace) await this.open(job.trace);
      if (job.notes.length > 0) this.notice = job.notes.join(" ");
    } catch (error) {
      if (this.#stop === stop) this.job = undefined;
      if (!stop.signal.aborted) this.#complain(error);
    }
  }

  /** A network of one layer, whose kernels are to be typed into, on the picture that is shown. */
  async bench(): Promise<void> {
    const from = this.trace;
    await this.walk({ ...(from !== undefined && { trace: from }), model: BENCH });
    const { network } = this;
    const value = network?.value(0);
    if (this.trace === from || network?.sheet.name !== BENCH || !value) return;
    const [, , height = 1, width = 1] = value.shape;
    this.select({ op: 0, channel: 0, at: [0, 0, height >> 1, width >> 1] });
    this.editing.wanted = true;
  }

  /** Stop the walk that is under way. */
  cancel(): void {
    this.#stop?.abort();
    this.job = undefined;
  }

  /** Where nobody answers: look at once whether somebody does again. */
  askNow(): void {
    this.#asking.now();
  }

  /** The page is taken away. */
  end(): void {
    this.#asking.end();
  }

  /** Say in one sentence what went wrong, and leave the rest as it is. */
  complain(error: unknown): void {
    this.#complain(error);
  }

  async #show(trace: string, { quiet = false } = {}): Promise<void> {
    const network = new Network(await this.source.sheet(trace));
    const said = this.address.read();
    // Another picture through the same network: what was edited stays edited.
    const same = said.get("trace") === trace || this.network?.sheet.name === network.sheet.name;
    this.editing.begin(network, same ? this.#editsFrom(said) : [], sideFrom(said));
    this.look = lookFrom(said);
    // In another network a name may mean something else, but a link's network is its own.
    this.selection = fromAddress(said, network);
    if (!quiet) this.notice = lacking(said, network) || this.notice;
    this.hovered = undefined;
    this.status = { kind: "ready" };
  }

  #write(step: boolean): void {
    if (!this.network || !this.trace) return;
    const said = toAddress(this.selection, this.network);
    said.set("trace", this.trace);
    const { edits, chosen } = this.editing;
    if (edits.length > 0) said.set("edits", editsToText(edits));
    if (edits.length > 0 && chosen !== "after") said.set("side", chosen);
    for (const [name, value] of lookToAddress(this.look)) said.set(name, value);
    this.address.write(said, step);
  }

  #editsFrom(said: URLSearchParams): readonly PlainEdit[] {
    const text = said.get("edits");
    if (text === null || !this.editing.possible) return [];
    const edits = editsFromText(text);
    if (!edits) this.notice = "The edits of this link cannot be read: it may have been cut off.";
    return edits ?? [];
  }

  async #guarded(what: string, work: () => Promise<void>): Promise<void> {
    if (!this.network) this.status = { kind: "loading", what };
    try {
      await work();
    } catch (error) {
      this.#complain(error);
    }
  }

  #complain(error: unknown): void {
    // That nobody answers is said once, for the whole page.
    if (error instanceof SourceError && error.offline) {
      this.notice = undefined;
      return;
    }
    const problem: Problem =
      error instanceof SourceError
        ? error.problem
        : { what: String(error), where: null, mend: null, sentence: String(error) };
    if (this.network) this.notice = problem.sentence;
    else this.status = { kind: "problem", problem };
  }
}

const MAPS: readonly MapChoice[] = ["auto", "viridis", "magma", "grey", "bluered"];
const SCOPES: readonly Scope[] = ["layer", "channel", "fixed"];
const ORDERINGS: readonly Ordering[] = ["index", "strength", "variance", "attribution"];
const COMPARISONS: readonly Comparison[] = ["none", "pair", "difference"];

const SIDES: readonly Side[] = ["after", "before", "difference"];

function sideFrom(said: URLSearchParams): Side {
  return SIDES.find((side) => side === said.get("side")) ?? "after";
}

function lookToAddress(look: Look): [string, string][] {
  const said: [string, string][] = [];
  if (look.map !== USUAL_LOOK.map) said.push(["map", look.map]);
  if (look.scope !== USUAL_LOOK.scope) said.push(["scale", look.scope]);
  if (look.scope === "fixed") said.push(["limits", look.limits.join(",")]);
  if (look.ordering !== USUAL_LOOK.ordering) said.push(["order", look.ordering]);
  if (look.comparison !== USUAL_LOOK.comparison) said.push(["compare", look.comparison]);
  if (!look.common) said.push(["scales", "own"]);
  return said;
}

function lookFrom(said: URLSearchParams): Look {
  const one = <T extends string>(name: string, known: readonly T[], usual: T): T =>
    known.find((word) => word === said.get(name)) ?? usual;
  const [low = Number.NaN, high = Number.NaN] = (said.get("limits") ?? "").split(",").map(Number);
  return {
    map: one("map", MAPS, USUAL_LOOK.map),
    scope: one("scale", SCOPES, USUAL_LOOK.scope),
    limits: low < high ? [low, high] : USUAL_LOOK.limits,
    ordering: one("order", ORDERINGS, USUAL_LOOK.ordering),
    comparison: one("compare", COMPARISONS, USUAL_LOOK.comparison),
    common: said.get("scales") !== "own",
  };
}

const KEY = Symbol("view");

/** Give the view to all components within. */
export function provideView(view: View): void {
  setContext(KEY, view);
}

/** The view that this component is within. */
export function useView(): View {
  return getContext<View>(KEY);
}
