/** What the page shows now: the one state that all panels share. */

import { getContext, setContext } from "svelte";
import { Editing, type Side } from "./editing.svelte";
import { Asking } from "./lib/asking";
import {
  type About,
  aboutFrom,
  aboutToAddress,
  lackingTarget,
  NOTHING_ASKED,
} from "./lib/attribution/about";
import { type Browsed, browsedFrom } from "./lib/browsed";
import { madeAgain } from "./lib/edits/dropped";
import { editsFromText, editsToText } from "./lib/edits/link";
import { type Look, lookFrom, lookToAddress, USUAL_LOOK } from "./lib/look";
import { Network } from "./lib/network";
import { runOf } from "./lib/run/steps";
import { fromAddress, lacking, type Selection, START, toAddress } from "./lib/selection";
import { Tensors } from "./lib/tensors";
import { Replay } from "./replay.svelte";
import {
  type Order,
  type PlainEdit,
  type RunSource,
  SourceError,
  type TraceSource,
} from "./source";
import type { JobSheet, Problem, TraceCard, ValueSheet, Welcome } from "./wire";

const BENCH = "edges";

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
  readonly replay: Replay;

  status = $state.raw<Status>({ kind: "loading", what: "Opening" });
  welcome = $state.raw<Welcome>();
  cards = $state.raw<readonly TraceCard[]>([]);
  selection = $state.raw<Selection>(START);
  look = $state.raw<Look>(USUAL_LOOK);
  /** Of which score it is asked what mattered, and how. */
  about = $state.raw<About>(NOTHING_ASKED);
  /** Whether the map of what mattered, which was asked for elsewhere, is to be brought into view. */
  mapWanted = $state(false);
  /** The walk that is under way, if one is. */
  job = $state.raw<JobSheet>();
  /** A sentence to be read once, beside whatever is shown. */
  notice = $state.raw<string>();
  /** Why nobody answers, as long as nobody does: what was asked waits until then. */
  lost = $state.raw<string>();
  /** The number under the pointer: looked at, not chosen. */
  hovered = $state.raw<readonly number[]>();
  /** What of a data set is looked at, if one is. */
  browsed = $state.raw<Browsed>({});
  /** Whether the data set, which was chosen elsewhere, is to be brought into view. */
  dataWanted = false;
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
    this.replay = new Replay(
      () => this.runs,
      () => this.tensors,
      {
        turned: (...turned) => this.editing.turn(...turned),
        changed: (step) => this.#write(step),
        complain: (error) => this.#complain(error),
      },
    );
    this.source = madeAgain(this.#asking.source, (trace) => this.editing.again(trace));
    this.address = address;
    this.tensors = new Tensors(this.source);
  }

  /** What the walk is called in questions and links, whatever edits are made of it. */
  get trace(): string | undefined {
    return this.editing.own?.id;
  }

  /** The source, where it knows of runs: as it does where there is one. */
  get runs(): TraceSource & RunSource {
    return this.source as TraceSource & RunSource;
  }

  /** The walk that is shown: with the user's edits, or without. */
  get network(): Network | undefined {
    return this.editing.network;
  }

  /** How the two are called of which a difference is shown. */
  get sides(): { readonly before: string; readonly after: string } {
    return this.editing.compares
      ? this.replay.names
      : { before: "without edits", after: "with them" };
  }

  /** The value that is looked at. */
  get value(): ValueSheet | undefined {
    return this.network?.value(this.selection.op, this.selection.output);
  }

  /** Ask what there is, and open what the address names, or the newest trace. */
  async start(): Promise<void> {
    this.browsed = browsedFrom(this.address.read());
    await this.#guarded("Opening", async () => {
      const [welcome, cards] = await Promise.all([this.source.welcome(), this.source.traces()]);
      this.welcome = welcome;
      this.editing.possible = welcome.edits;
      this.cards = cards;
      const wanted = this.address.read().get("trace");
      const home = runOf(wanted) ?? wanted;
      const card = cards.find(({ id, open }) =>
        home === null ? open && !this.browsed.data : id === home,
      );
      if (wanted !== null && !card) this.notice = "The walk of this link is not open here.";
      if (card) await this.#show(wanted ?? card.id);
      else this.status = { kind: "empty" };
      // The link of a run leads to a step: the address is to say to which.
      if (this.replay.sheet) this.#write(false);
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

  /** Look at something else of a data set; what is undefined is not said any more. */
  browse(change: Browsed, { step = true } = {}): void {
    this.browsed = { ...this.browsed, ...change };
    this.#write(step);
  }

  /** Ask what mattered to something else, or by another method. */
  attribute(change: Partial<About>): void {
    this.about = { ...this.about, ...change };
    this.#write(true);
  }

  /** Show on the picture what mattered to a target. */
  showMattered(target: string): void {
    const { method } = this.about;
    this.about = { target, method: method ?? "" };
    this.mapWanted = true;
    this.select({ op: null });
  }

  /** Take the state from the address, after Back. */
  follow(): void {
    const said = this.address.read();
    this.look = lookFrom(said);
    this.browsed = browsedFrom(said);
    const trace = said.get("trace");
    if (!this.network) return;
    // Back to a data set, before a picture of it was walked.
    this.status = { kind: trace === null && this.browsed.data ? "empty" : "ready" };
    const against = againstFrom(said);
    if (trace !== null && (trace !== this.trace || against !== this.replay.against)) {
      void this.#guarded("Opening the walk", () => this.#show(trace));
    } else {
      this.editing.follow(this.#editsFrom(said), sideFrom(said));
      this.about = aboutFrom(said, this.network);
      this.selection = fromAddress(said, this.network);
      this.hovered = undefined;
      this.notice = missing(said, this.network) || undefined;
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
    this.replay.leave();
  }

  /** Say in one sentence what went wrong, and leave the rest as it is. */
  complain(error: unknown): void {
    this.#complain(error);
  }

  async #show(trace: string, { quiet = false } = {}): Promise<void> {
    const against = againstFrom(this.address.read());
    const run = runOf(trace) ?? this.cards.find(({ id, steps }) => id === trace && steps)?.id;
    const turned = run === undefined ? undefined : await this.replay.enter(run, trace, against);
    if (!turned) this.replay.leave();
    const network = turned?.network ?? new Network(await this.source.sheet(trace));
    // Only now: meanwhile a link may have led on.
    const said = this.address.read();
    // Another picture through the same network: what was edited stays edited.
    const same = said.get("trace") === trace || this.network?.sheet.name === network.sheet.name;
    this.editing.begin(network, same ? this.#editsFrom(said) : [], sideFrom(said));
    if (turned) this.editing.turn(turned.network, turned.compared);
    this.look = lookFrom(said);
    // What a target is called may be something else in another network.
    this.about = { ...aboutFrom(said, network), ...(!same && { target: "" }) };
    // In another network a name may mean something else, but a link's network is its own.
    this.selection = fromAddress(said, network);
    if (!quiet) this.notice = missing(said, network) || this.notice;
    this.hovered = undefined;
    this.status = { kind: "ready" };
  }

  #write(step: boolean): void {
    const said = this.status.kind === "empty" ? new URLSearchParams() : this.#walked();
    if (!said) return;
    for (const [name, value] of Object.entries(this.browsed)) if (value) said.set(name, value);
    this.address.write(said, step);
  }

  /** What the address says of the walk. */
  #walked(): URLSearchParams | undefined {
    if (!this.network || !this.trace) return undefined;
    const said = toAddress(this.selection, this.network);
    said.set("trace", this.trace);
    const { edits, chosen } = this.editing;
    const { against } = this.replay;
    if (against !== null) said.set("against", String(against));
    if (edits.length > 0) said.set("edits", editsToText(edits));
    if (against !== null || (edits.length > 0 && chosen !== "after")) said.set("side", chosen);
    const drawn = [...aboutToAddress(this.about), ...lookToAddress(this.look)];
    for (const [name, value] of drawn) said.set(name, value);
    return said;
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

/** What a link asks for and this network does not have. */
function missing(said: URLSearchParams, network: Network): string {
  return lacking(said, network) || lackingTarget(said, network);
}

const SIDES: readonly Side[] = ["after", "before", "difference"];

function againstFrom(said: URLSearchParams): number | null {
  const step = Number(said.get("against") ?? Number.NaN);
  return Number.isInteger(step) ? step : null;
}

function sideFrom(said: URLSearchParams): Side {
  return SIDES.find((side) => side === said.get("side")) ?? "after";
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
