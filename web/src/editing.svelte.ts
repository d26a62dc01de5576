/** The edits of the walk, and the walk as it is with them. */

import { type Place, withEdit } from "./lib/edits/edits";
import { History } from "./lib/edits/history";
import { Newest } from "./lib/edits/newest";
import { editWords } from "./lib/edits/words";
import { Network } from "./lib/network";
import { type PlainEdit, SourceError, type TraceSource } from "./source";
import type { EditedSheet, EditingSheet } from "./wire";

/** What all panels show: the walk with its edits, without them, or what they changed. */
export type Side = "after" | "before" | "difference";

type List = readonly PlainEdit[];

interface Ask {
  readonly base: Network;
  readonly edits: List;
  /** When the user did it, as `performance.now()` has it. */
  readonly begun: number;
}

interface Form extends Ask {
  readonly network: Network;
  readonly words: readonly string[];
}

/** What the page has to do when something here changes. */
interface Told {
  /** Edits or the side are others; `step`: Back is to lead to those before. */
  readonly changed: (step: boolean) => void;
  /** This trace is about to be shown; nobody looks at that one any more. */
  readonly come: (trace: string) => void;
  readonly gone: (trace: string) => void;
  readonly complain: (error: unknown) => void;
}

export class Editing {
  /** Whether edits can be made here at all. */
  possible = $state(false);
  /** Why the newest edits do not fit, in a sentence; the last that did are shown. */
  problem = $state.raw<string>();
  /** Whether the next kernel that is shown is to be typed into. */
  wanted = $state(false);
  /** What edits can be made of, once somebody asked. */
  choices = $state.raw<EditingSheet>();
  #side = $state.raw<Side>("after");
  #history = $state.raw(new History());
  #base = $state.raw<Network>();
  /** Another step of the same run, with which it is compared. */
  #compared = $state.raw<Network>();
  #form = $state.raw<Form>();
  #asked = false;
  readonly #source: () => TraceSource;
  readonly #told: Told;
  readonly #newest: Newest<Ask, EditedSheet>;

  /** Whether what is shown is behind what was asked for. */
  readonly waiting = $derived.by(
    () => this.edits.length > 0 && this.#form?.edits !== this.edits && !this.problem,
  );

  constructor(source: () => TraceSource, told: Told) {
    this.#source = source;
    this.#told = told;
    this.#newest = new Newest(({ base, edits }) => source().rerun(base.id, edits), {
      answered: (ask, answer) => this.#answered(ask, answer),
      failed: (ask, error) => this.#failed(ask, error),
    });
  }

  /** The walk that is edited. */
  get own(): Network | undefined {
    return this.#base;
  }

  /** The walk without edits; of two steps that are compared, the other one. */
  get base(): Network | undefined {
    return this.#form ? this.#base : (this.#compared ?? this.#base);
  }

  /** The walk with them, where there are some; of two steps, the one that is looked at. */
  get edited(): Network | undefined {
    return this.#form?.network ?? (this.#compared && this.#base);
  }

  /** Whether two steps are compared, and no edits. */
  get compares(): boolean {
    return !this.#form && this.#compared !== undefined;
  }

  /** What panels show. */
  get network(): Network | undefined {
    return this.side === "before" ? this.base : (this.edited ?? this.#base);
  }

  /** What is taken from it, where its difference is shown. */
  get against(): Network | undefined {
    return this.side === "difference" ? this.base : undefined;
  }

  get side(): Side {
    return this.edited ? this.#side : "after";
  }

  /** The side that is shown as soon as there are two. */
  get chosen(): Side {
    return this.#side;
  }

  get edits(): List {
    return this.#history.present;
  }

  get canUndo(): boolean {
    return this.#history.canUndo;
  }

  get canRedo(): boolean {
    return this.#history.canRedo;
  }

  /** Something of the walk was drawn: how long after the edit, benchmarks read. */
  drawn(network: Network): void {
    if (network !== this.#form?.network) return;
    performance.measure("edit", { start: this.#form.begun, end: performance.now() });
  }

  /** Each edit in words: the server's, where it has said them. */
  get words(): readonly string[] {
    const said = new Map(this.#form?.edits.map((edit, k) => [edit, this.#form?.words[k]]));
    return this.edits.map((edit) => said.get(edit) ?? editWords(edit));
  }

  /** Another walk, with these edits. */
  begin(base: Network, edits: List, side: Side): void {
    this.#leave();
    this.#base = base;
    this.#compared = undefined;
    this.#history = new History(edits);
    this.#side = side;
    this.#ask();
  }

  /**
   * The same network at another step of its training, with the same edits.
   *
   * @param side - What is shown of the two, where that changes.
   */
  turn(base: Network, compared: Network | undefined, side = this.#side): void {
    this.#side = side;
    this.#base = base;
    this.#compared = compared;
    if (this.edits.length > 0) this.#ask(true);
  }

  /** The user went back, or on, to other edits. */
  follow(edits: List, side: Side): void {
    this.#side = side;
    if (JSON.stringify(edits) === JSON.stringify(this.edits)) return;
    this.#history = this.#history.at(edits);
    this.#ask();
  }

  /**
   * One edit more, or another in place of one.
   *
   * @param gesture - Changes of one gesture are undone together.
   */
  edit(edit: PlainEdit, gesture?: string): void {
    this.set(withEdit(this.edits, edit), gesture);
  }

  /** One number of a weight, while it is typed or dragged. */
  setWeight(parameter: string, at: Place, to: number): void {
    this.edit({ do: "set_weight", parameter, at, to }, `${parameter} ${at}`);
  }

  /** Other edits altogether. */
  set(edits: List, gesture?: string): void {
    const step = !this.#history.continues(gesture);
    this.#history = this.#history.changed(edits, gesture);
    // What is changed is to be seen.
    if (this.#side === "before") this.#side = "after";
    this.#renew(step);
  }

  /** Take one of the list back. */
  take(place: number): void {
    this.set(this.edits.toSpliced(place, 1));
  }

  undo(): void {
    if (!this.canUndo) return;
    this.#history = this.#history.undone();
    this.#renew(true);
  }

  redo(): void {
    if (!this.canRedo) return;
    this.#history = this.#history.redone();
    this.#renew(true);
  }

  /** The gesture is over. */
  end(): void {
    this.#history = this.#history.ended();
  }

  look(side: Side): void {
    this.#side = side;
    this.#told.changed(false);
  }

  /** Make an edited form again that the server dropped; whether it is the one that is shown. */
  again(trace: string): boolean {
    if (trace !== this.#form?.network.id) return false;
    if (!this.waiting) this.#ask(true);
    return true;
  }

  /** Ask once what edits can be made of. */
  choose(): void {
    if (this.#asked || !this.possible) return;
    this.#asked = true;
    this.#source()
      .editing()
      .then(
        (sheet) => {
          this.choices = sheet;
        },
        (error: unknown) => {
          this.#asked = false;
          this.#told.complain(error);
        },
      );
  }

  #renew(step: boolean): void {
    this.#ask();
    this.#told.changed(step);
  }

  #ask(anew = false): void {
    this.problem = undefined;
    this.#newest.drop();
    const [base, { edits }] = [this.#base, this];
    if (edits.length === 0 || !base || !this.possible) this.#leave();
    else if (anew || this.#form?.edits !== edits) {
      this.#newest.ask({ base, edits, begun: performance.now() });
    }
  }

  #leave(): void {
    const left = this.#form;
    this.#form = undefined;
    if (left) this.#told.gone(left.network.id);
  }

  #answered(ask: Ask, { sheet, changed, edits: words }: EditedSheet): void {
    if (ask.base !== this.#base || this.edits.length === 0) return;
    const left = this.#form;
    const network = new Network(sheet, { base: ask.base, changed: new Set(changed) });
    this.#told.come(network.id);
    this.#form = { ...ask, network, words };
    if (left) this.#told.gone(left.network.id);
  }

  #failed(ask: Ask, error: unknown): void {
    if (ask.base !== this.#base || ask.edits !== this.edits) return;
    this.problem = error instanceof SourceError ? error.problem.sentence : String(error);
  }
}
