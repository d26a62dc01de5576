/** The data set that is looked at: what is known of it, and its pictures in an order. */

import { untrack } from "svelte";
import { blocksOf, withBlock } from "../../lib/data/blocks";
import { wholeIn } from "../../lib/data/words";
import { type DataSource, SourceError, type Tensor } from "../../source";
import type { View } from "../../view.svelte";
import type { DataSheet } from "../../wire";

/** A picture of the set, with its label; its levels, drawn small, come later. */
export interface Example {
  readonly index: number;
  readonly label: number;
  readonly levels: Tensor | undefined;
}

/** How large pictures are drawn in lists, in CSS pixels. */
export const SIDE = 56;

const BLOCK = 48;
const MOST_BLOCKS = 40;
/** Milliseconds: between two looks how far the counting is, and before what flies past is fetched. */
const LOOK = 400;
const REST = 80;

/** Make it while a component is set up: it lives as long as that. */
export class Browsing {
  readonly view: View;
  readonly source: DataSource;
  sheet = $state.raw<DataSheet>();
  /** Why the set cannot be shown, in a sentence. */
  problem = $state.raw<string>();
  /** How many pictures are in the order. */
  total = $state(0);
  /** Where in the order the chosen picture stands; undefined where it does not. */
  place = $state<number | undefined>(0);
  #blocks = $state.raw<ReadonlyMap<number, readonly Example[]>>(new Map());
  readonly #asked = new Set<number>();
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly id = $derived.by(() => this.view.browsed.data ?? "");
  /** The set's id, as soon as it is known to be there: it is looked at again while it is counted. */
  readonly #ready = $derived.by(() => (this.sheet?.id === this.id ? this.id : undefined));
  readonly label = $derived.by(() => {
    const label = wholeIn(this.view.browsed.class);
    return label !== undefined && label < (this.sheet?.classes.length ?? 0) ? label : undefined;
  });
  readonly seed = $derived.by(() => wholeIn(this.view.browsed.seed));
  /** The picture that is looked at: the chosen one, or else the first. */
  readonly index = $derived.by(() => wholeIn(this.view.browsed.picture) ?? this.at(0)?.index);

  constructor(view: View) {
    this.view = view;
    this.source = view.source as typeof view.source & DataSource;
    $effect(() => {
      const { id } = this;
      const stop = new AbortController();
      untrack(() => void this.#look(id, stop.signal));
      return () => stop.abort();
    });
    // Another order begins at its beginning.
    $effect(() => {
      void [this.label, this.seed];
      if (this.#ready === undefined) return undefined;
      untrack(() => {
        this.#blocks = new Map();
        this.#stop = new AbortController();
        this.#asked.clear();
        void this.#fetch(0);
      });
      return () => this.#stop.abort();
    });
    // What was chosen elsewhere, by a link or by Back, has its place found.
    $effect(() => {
      const find = wholeIn(this.view.browsed.picture);
      const ask = { data: this.id, label: this.label, seed: this.seed, first: 0, count: 0 };
      if (this.#ready === undefined) return;
      untrack(() => {
        if (find === undefined) this.place = 0;
        else if (this.place === undefined || this.at(this.place)?.index !== find) {
          void this.#guarded(async (signal) => {
            this.place = (await this.source.examples({ ...ask, find }, signal)).place ?? undefined;
          });
        }
      });
    });
  }

  /** The picture at a place of the order, as soon as it is known. */
  at(place: number): Example | undefined {
    return this.#blocks.get(Math.floor(place / BLOCK))?.[place % BLOCK];
  }

  /** These are in sight: fetch what is not here yet. */
  see(first: number, last: number): void {
    clearTimeout(this.#timer);
    const lacking = blocksOf(first, last, BLOCK).filter((block) => !this.#blocks.has(block));
    if (lacking.length === 0) return;
    this.#timer = setTimeout(() => {
      for (const block of lacking) void this.#fetch(block);
    }, REST);
  }

  /** Look at the picture at a place of the order. */
  async choose(place: number, { step = true } = {}): Promise<void> {
    this.place = place;
    const known = this.at(place);
    if (known) {
      this.view.browse({ picture: String(known.index) }, { step });
      return;
    }
    await this.#fetch(Math.floor(place / BLOCK));
    const found = this.at(place);
    if (found && this.place === place) this.view.browse({ picture: String(found.index) }, { step });
  }

  async #fetch(block: number): Promise<void> {
    if (this.#blocks.has(block) || this.#asked.has(block)) return;
    this.#asked.add(block);
    await this.#guarded(async (signal) => {
      const { id: data, label, seed } = this;
      const part = { first: block * BLOCK, count: BLOCK };
      const found = await this.source.examples({ data, label, seed, ...part }, signal);
      this.total = found.total;
      const examples = found.indices.map((index, k) => ({
        index,
        label: found.labels[k] ?? 0,
        levels: undefined as Tensor | undefined,
      }));
      this.#asked.delete(block);
      this.#keep(block, examples);
      if (examples.length === 0) return;
      const side = SIDE * Math.ceil(globalThis.devicePixelRatio || 1);
      const levels = await this.source.pictures(data, found.indices, side, signal);
      this.#keep(
        block,
        examples.map((one, k) => ({ ...one, levels: levels[k] })),
      );
    });
  }

  #keep(block: number, examples: readonly Example[]): void {
    this.#blocks = withBlock(this.#blocks, block, examples, MOST_BLOCKS);
  }

  async #look(id: string, signal: AbortSignal): Promise<void> {
    this.sheet = undefined;
    this.problem = undefined;
    try {
      for (;;) {
        const sheet = await this.source.data(id, signal);
        if (signal.aborted) return;
        this.sheet = sheet;
        if (sheet.state !== "counting") return;
        await new Promise((done) => setTimeout(done, LOOK));
        if (signal.aborted) return;
      }
    } catch (error) {
      if (!signal.aborted) this.problem = sentence(error);
    }
  }

  async #guarded(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    try {
      await work(signal);
    } catch (error) {
      if (!signal.aborted) this.view.complain(error);
    }
  }
}

/** What went wrong, in a sentence. */
export function sentence(error: unknown): string {
  return error instanceof SourceError ? error.problem.sentence : String(error);
}
