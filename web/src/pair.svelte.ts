/** Two recorded trainings beside each other: each in a page of its own, which this one leads. */

import { isMessage, pairFrom, pairToAddress, type Shown, type Wanted } from "./lib/run/pairing";
import { nearestStep, type Timeline } from "./lib/run/steps";
import { type RunSource, SourceError } from "./source";
import type { RunSheet, SeriesSheet } from "./wire";

/** One of the two. */
export class Side {
  sheet = $state.raw<RunSheet>();
  series = $state.raw<readonly SeriesSheet[]>([]);
  step = $state(0);
  sample = 0;
  address: string;
  frame: Window | undefined;
  /** The run that its page shows, and what of it was written when it was last asked for. */
  run: string | undefined;
  change: string | undefined;
  /** The number of the last request to its page. */
  asked = 0;

  constructor(address: string) {
    this.address = address;
  }
}

export class Pair implements Timeline {
  readonly sides: readonly [Side, Side];
  /** Whether one goes where the other goes. */
  together = $state(true);
  /** Why something cannot be shown, in a sentence. */
  problem = $state.raw<string>();
  readonly #source: RunSource;

  /** All steps of both: a line of one is drawn where the other has none. */
  readonly steps = $derived.by(() =>
    [...new Set(this.sides.flatMap(({ sheet }) => sheet?.steps.map(({ step }) => step) ?? []))]
      .toSorted((one, other) => one - other)
      .map((step) => ({ step })),
  );

  constructor(source: RunSource, hash: string) {
    this.#source = source;
    const [one, other] = pairFrom(hash) ?? [hash, ""];
    this.sides = [new Side(one), new Side(other)];
  }

  get step(): number {
    return this.sides[0].step;
  }

  get against(): number | null {
    const { step } = this.sides[1];
    return step === this.step ? null : step;
  }

  /** Lead both to the step of theirs that is nearest. */
  go(step: number): void {
    for (const side of this.sides) this.#lead(side, step, side.sample);
  }

  /** Take what a page tells; gives back whether it was one of the two. */
  hear(event: MessageEvent): boolean {
    const side = this.sides.find(({ frame }) => frame !== undefined && frame === event.source);
    if (!side || event.origin !== location.origin || !isMessage(event.data, "shown")) return false;
    this.#shown(side, event.data);
    return true;
  }

  /** The address of this page. */
  get address(): string {
    return pairToAddress([this.sides[0].address, this.sides[1].address]);
  }

  #shown(side: Side, { run, change, step, sample, address, heard }: Shown): void {
    side.address = address;
    const known = run !== undefined && run === side.sheet?.id;
    if (run !== side.run || change !== side.change) {
      Object.assign(side, { run, change });
      if (run === undefined) side.sheet = undefined;
      else void this.#fetch(side, run);
    }
    // What answers an older request is on its way to what was asked since.
    if (heard < side.asked || (step === side.step && sample === side.sample)) return;
    Object.assign(side, { step, sample });
    // What a page shows at first is what its link says: that leads nobody.
    if (this.together && known) this.#lead(this.#beside(side), step, sample);
  }

  #beside(side: Side): Side {
    return side === this.sides[0] ? this.sides[1] : this.sides[0];
  }

  #lead(side: Side, step: number, sample: number): void {
    const nearest = nearestStep(side.sheet?.steps.map((one) => one.step) ?? [], step);
    if (nearest === undefined || (nearest === side.step && sample === side.sample)) return;
    Object.assign(side, { step: nearest, sample });
    side.asked += 1;
    const wanted: Wanted = { kind: "wanted", step: nearest, sample, number: side.asked };
    side.frame?.postMessage(wanted, location.origin);
  }

  async #fetch(side: Side, run: string): Promise<void> {
    try {
      const [sheet, series] = await Promise.all([
        this.#source.run(run),
        this.#source.series(run, "log"),
      ]);
      if (side.run !== run) return;
      Object.assign(side, { sheet, series });
      this.problem = undefined;
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      this.problem = error.problem.sentence;
    }
  }
}
