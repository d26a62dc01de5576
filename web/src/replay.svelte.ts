/** A recorded training, step by step: which step is shown, with which it is compared, and how on. */

import type { Side } from "./editing.svelte";
import { Newest } from "./lib/edits/newest";
import { Network } from "./lib/network";
import { keptSteps, runOf, stepAt } from "./lib/run/steps";
import type { Tensors } from "./lib/tensors";
import { type RunSource, SourceError, type TraceSource } from "./source";
import type { RunSheet, RunStep, TraceSheet } from "./wire";

/** Milliseconds from step to step while it plays; and where the user wants little to move. */
const BEAT = 300;
const CALM = 1000;
/** Milliseconds between two looks at a run that goes on; and when nothing came for a minute. */
const SOON = 1500;
const LATE = 10_000;
const QUIET = 60;
/** So long the numbers of another step are waited for before it is shown without them. */
const PATIENCE = 1500;

interface Ask {
  readonly step: number;
  readonly against: number | null;
  /** Whether Back is to lead to where the user was. */
  readonly record: boolean;
}

interface Turned {
  readonly network: Network;
  readonly compared: Network | undefined;
}

/** A weight whose changes are to be told. */
export interface Weight {
  readonly parameter: string;
  readonly at: readonly number[];
}

/** What the page has to do when another step is to be shown. */
interface Told {
  readonly turned: (network: Network, compared: Network | undefined, side?: Side) => void;
  readonly changed: (step: boolean) => void;
  readonly complain: (error: unknown) => void;
}

export class Replay {
  sheet = $state.raw<RunSheet>();
  /** The step that is shown, and the one that was asked for last. */
  step = $state(0);
  wanted = $state(0);
  /** The step that it is compared with. */
  against = $state<number | null>(null);
  playing = $state(false);
  /** Whether the curves, which may be out of sight, are to be brought into view. */
  curvesWanted = $state(false);
  /** The weight whose changes are told, once one was chosen. */
  weight = $state.raw<Weight>();
  readonly #source: () => TraceSource & RunSource;
  readonly #tensors: () => Tensors;
  readonly #told: Told;
  readonly #newest: Newest<Ask, Turned>;
  readonly #sheets = new Map<string, Promise<TraceSheet>>();
  /** The walk that all steps are forms of: what is looked at stays from step to step. */
  #anchor: Network | undefined;
  #shown: Network | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #next: ReturnType<typeof setTimeout> | undefined;

  /** The run's id; the sheet is another one each time that it is looked at. */
  readonly run = $derived.by(() => this.sheet?.id);
  readonly steps: readonly RunStep[] = $derived.by(() => this.sheet?.steps ?? []);
  readonly #place = $derived.by(() => this.steps.findIndex(({ step }) => step === this.wanted));
  /** How the two that are compared are called. */
  readonly names = $derived.by(() => ({
    before: `at step ${this.against?.toLocaleString("en-US")}`,
    after: `at step ${this.step.toLocaleString("en-US")}`,
  }));

  constructor(source: () => TraceSource & RunSource, tensors: () => Tensors, told: Told) {
    this.#source = source;
    this.#tensors = tensors;
    this.#told = told;
    this.#newest = new Newest((ask) => this.#turn(ask), {
      answered: (ask, turned) => this.#answered(ask, turned),
      failed: (ask, error) => this.#failed(ask, error),
    });
  }

  /** Whether there is a step before, or behind, the one that is wanted. */
  has(by: 1 | -1): boolean {
    return this.steps[this.#place + by] !== undefined;
  }

  /**
   * The walk of a step, where a trace is one; of any other trace none, and no run is shown.
   *
   * @param run - The run's id.
   * @param trace - The step's trace; the run's own id means its last step.
   */
  async enter(run: string, trace: string, against: number | null): Promise<Turned> {
    if (this.sheet?.id !== run) this.leave();
    const sheet = await this.#source().run(run);
    const found = sheet.steps.find((one) => one.trace === trace);
    const { step } = found ??
      stepAt(sheet.steps, Number(trace.split("@")[1] ?? Infinity)) ?? { step: 0 };
    this.sheet = sheet;
    const held = sheet.steps.some((one) => one.step === against) ? against : null;
    const turned = await this.#turn({ step, against: held, record: false });
    Object.assign(this, { step, wanted: step, against: held });
    this.#shown = turned.network;
    this.#follow();
    this.#prepare();
    return turned;
  }

  /** Another trace is shown, or none. */
  leave(): void {
    this.pause();
    clearTimeout(this.#timer);
    clearTimeout(this.#next);
    this.#newest.drop();
    this.#sheets.clear();
    this.sheet = this.#anchor = this.#shown = this.weight = undefined;
    this.against = null;
  }

  /** Show another stored step. */
  go(step: number, { record = false, against = this.against } = {}): void {
    const found = stepAt(this.steps, step);
    if (!found) return;
    this.wanted = found.step;
    this.#newest.ask({ step: found.step, against, record });
  }

  /** The stored step before, or behind. */
  move(by: 1 | -1): void {
    const to = this.steps[this.#place + by];
    if (to) this.go(to.step);
  }

  /** Compare what is shown with another step, or with none. */
  compare(against: number | null): void {
    this.go(this.wanted, { record: true, against });
  }

  /** On from here, or from the beginning where this is the last step. */
  play(): void {
    if (this.playing || this.steps.length < 2) {
      this.pause();
      return;
    }
    this.playing = true;
    if (!this.has(1)) this.go(this.steps[0]!.step);
    this.#beat();
  }

  pause(): void {
    this.playing = false;
  }

  #beat(): void {
    const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
    setTimeout(
      () => {
        if (!this.playing) return;
        // Never faster than the numbers come.
        if (this.step === this.wanted) this.move(1);
        if (this.has(1)) this.#beat();
        else this.pause();
      },
      calm ? CALM : BEAT,
    );
  }

  #sheet(step: number): Promise<TraceSheet> {
    // Of a run without steps, the answer says so.
    const trace = this.steps.find((one) => one.step === step)?.trace ?? this.sheet?.id ?? "";
    const known = this.#sheets.get(trace);
    if (known) return known;
    const asked = this.#source().sheet(trace);
    this.#sheets.set(trace, asked);
    asked.catch(() => this.#sheets.delete(trace));
    return asked;
  }

  async #turn({ step, against }: Ask): Promise<Turned> {
    const [sheet, other] = await Promise.all([
      this.#sheet(step),
      against === null ? undefined : this.#sheet(against),
    ]);
    const compared = other && new Network(other);
    this.#anchor = this.#anchor ?? new Network(sheet);
    const base = compared ?? this.#anchor;
    const given = new Set(sheet.inputs);
    const changed = new Set(sheet.values.map(({ id }) => id).filter((id) => !given.has(id)));
    // How its ops work is the same at every step: so is what was made of that.
    const { ops, values, book } = base.sheet;
    const network = new Network({ ...sheet, ops, values, book }, { base, changed });
    this.#tensors().join(network.id);
    if (compared) this.#tensors().join(compared.id);
    await this.#fetched(network.id);
    return { network, compared };
  }

  /** Fetch of a step what is shown of this one. */
  async #fetched(trace: string): Promise<void> {
    const shown = this.#shown?.id;
    if (shown === undefined || shown === trace) return;
    this.#tensors().join(trace);
    const late = new Promise<void>((done) => setTimeout(done, PATIENCE));
    await Promise.race([this.#tensors().alike(shown, trace), late]);
  }

  #answered({ step, against, record }: Ask, { network, compared }: Turned): void {
    if (!this.sheet || runOf(network.id) !== this.sheet.id) return;
    // What begins to be compared is to be seen, and only that.
    const other = (against === null) !== (this.against === null);
    const side = against === null ? "after" : "difference";
    this.step = step;
    this.against = against;
    this.#shown = network;
    this.#told.turned(network, compared, other ? side : undefined);
    this.#told.changed(record);
    this.#prepare();
  }

  #failed({ step }: Ask, error: unknown): void {
    this.pause();
    if (this.wanted === step) this.wanted = this.step;
    this.#told.complain(error);
  }

  /** The next step comes at once, when it is wanted: ask for it while nobody waits. */
  #prepare(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(() => {
      const next = this.steps[this.#place + 1];
      if (!next) return;
      // What cannot be had is told when it is wanted.
      void this.#sheet(next.step).then(
        () => this.#fetched(next.trace),
        () => undefined,
      );
    }, BEAT / 3);
  }

  /** A run that goes on is looked at now and then, while somebody sees the page. */
  #follow(): void {
    clearTimeout(this.#timer);
    const { sheet } = this;
    if (sheet?.state !== "running") return;
    const wait = sheet.quiet > QUIET ? LATE : SOON;
    this.#timer = setTimeout(() => void this.#look(sheet.id), wait);
  }

  async #look(run: string): Promise<void> {
    try {
      if (!globalThis.document?.hidden) {
        const sheet = await this.#source().run(run);
        const before = this.sheet;
        if (before?.id !== run) return;
        const last = !this.has(1) && !this.playing;
        this.sheet = { ...sheet, steps: keptSteps(before.steps, sheet.steps) };
        // Who looks at the newest step goes on to newer ones.
        if (last && this.has(1)) this.go(Number.POSITIVE_INFINITY);
      }
    } catch (error) {
      this.#told.complain(error);
      if (error instanceof SourceError && !error.offline) return;
    }
    this.#follow();
  }
}
