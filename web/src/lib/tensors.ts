/** Tensors that were fetched, kept while there is room: the longest unused go first. */

import type { Tensor, TensorAsk, TraceSource } from "../source";

/** How much is kept: a few of the largest layers. */
const ROOM = 64 * 2 ** 20;

/** How many are asked for in one go. */
const MOST = 32;

/** Somebody who wants a tensor. */
interface Waiting {
  readonly ask: TensorAsk;
  readonly done: (tensor: Tensor) => void;
  readonly fail: (why: unknown) => void;
}

interface Held {
  readonly tensor: Tensor;
  readonly bytes: number;
}

export class Tensors {
  readonly #source: TraceSource;
  readonly #room: number;
  readonly #held = new Map<string, Held>();
  readonly #asked = new Map<string, Promise<Tensor>>();
  /** Traces whose tensors are asked for together: many small ones are wanted at the same time. */
  readonly #joined = new Set<string>();
  /** Of those: what was wanted. */
  readonly #used = new Map<string, Map<string, TensorAsk>>();
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(source: TraceSource, room = ROOM) {
    this.#source = source;
    this.#room = room;
  }

  /** How many bytes are kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The tensor if it is here: exact where half would have done, never the other way round. */
  held(ask: TensorAsk): Tensor | undefined {
    if (this.#joined.has(ask.trace)) this.#use(ask);
    const key = keyOf(ask);
    const found = this.#held.get(key);
    if (found) {
      // Used now: to the end of the queue.
      this.#held.delete(key);
      this.#held.set(key, found);
      return found.tensor;
    }
    return ask.half ? this.held({ ...ask, half: false }) : undefined;
  }

  /** The tensor, fetched once however many ask for it. */
  async get(ask: TensorAsk): Promise<Tensor> {
    const held = this.held(ask);
    return held ?? this.#got(ask);
  }

  /** Fetch of one trace what was wanted of another: it is the next to be shown. */
  async alike(from: string, to: string): Promise<void> {
    const asks = [...(this.#used.get(from)?.values() ?? [])].map((ask) => ({ ...ask, trace: to }));
    await Promise.allSettled(asks.map((ask) => this.#held.has(keyOf(ask)) || this.#got(ask)));
  }

  #use(ask: TensorAsk): void {
    const { trace } = ask;
    if (!this.#used.has(trace)) this.#used.set(trace, new Map());
    this.#used.get(trace)!.set(keyOf({ ...ask, trace: "" }), ask);
  }

  #got(ask: TensorAsk): Promise<Tensor> {
    const key = keyOf(ask);
    const asked = this.#asked.get(key);
    if (asked) return asked;
    const fetched = this.#fetch(ask).then(
      (tensor) => {
        this.#asked.delete(key);
        this.#keep(key, tensor);
        return tensor;
      },
      (error: unknown) => {
        this.#asked.delete(key);
        throw error;
      },
    );
    this.#asked.set(key, fetched);
    return fetched;
  }

  /** From now on, ask together for what is wanted of this trace at the same time. */
  join(trace: string): void {
    this.#joined.add(trace);
  }

  /** Forget what a trace held: nobody will ask for it again. */
  forget(trace: string): void {
    this.#joined.delete(trace);
    this.#used.delete(trace);
    for (const key of this.#asked.keys()) if (key.startsWith(`${trace}/`)) this.#asked.delete(key);
    for (const [key, { bytes }] of this.#held) {
      if (!key.startsWith(`${trace}/`)) continue;
      this.#held.delete(key);
      this.#bytes -= bytes;
    }
  }

  /** Forget everything. */
  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
  }

  #fetch(ask: TensorAsk): Promise<Tensor> {
    if (!this.#joined.has(ask.trace)) return this.#source.tensor(ask);
    return new Promise((done, fail) => {
      // All that begin in this turn of the page come along.
      if (this.#waiting.length === 0) setTimeout(() => this.#send());
      this.#waiting.push({ ask, done, fail });
    });
  }

  #send(): void {
    const all = this.#waiting;
    this.#waiting = [];
    for (const trace of new Set(all.map(({ ask }) => ask.trace))) {
      const mine = all.filter(({ ask }) => ask.trace === trace);
      for (let k = 0; k < mine.length; k += MOST) void this.#ask(trace, mine.slice(k, k + MOST));
    }
  }

  async #ask(trace: string, waiting: readonly Waiting[]): Promise<void> {
    try {
      const asks = waiting.map(({ ask }) => ask);
      const found = await this.#source.tensors(trace, asks);
      for (const [k, { done }] of waiting.entries()) done(found[k]!);
    } catch (error) {
      if (waiting.length === 1) waiting[0]!.fail(error);
      // One of them cannot be had: the others can.
      else for (const one of waiting) void this.#ask(trace, [one]);
    }
  }

  #keep(key: string, tensor: Tensor): void {
    const bytes = tensor.data.byteLength;
    this.#held.set(key, { tensor, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#held) {
      if (this.#bytes <= this.#room || oldest === key) break;
      this.#held.delete(oldest);
      this.#bytes -= freed;
    }
  }
}

function keyOf({ trace, value, region, half }: TensorAsk): string {
  return `${trace}/${value}/${region ?? ""}/${half ? "half" : "exact"}`;
}
