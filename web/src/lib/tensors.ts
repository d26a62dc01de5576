/** Tensors that were fetched, kept while there is room: the longest unused go first. */

import type { Tensor, TensorAsk, TraceSource } from "../source";

/** How much is kept: a few of the largest layers. */
const ROOM = 64 * 2 ** 20;

interface Held {
  readonly tensor: Tensor;
  readonly bytes: number;
}

export class Tensors {
  readonly #source: TraceSource;
  readonly #room: number;
  readonly #held = new Map<string, Held>();
  readonly #asked = new Map<string, Promise<Tensor>>();
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
    if (held) return held;
    const key = keyOf(ask);
    const asked = this.#asked.get(key);
    if (asked) return asked;
    const fetched = this.#source.tensor(ask).then(
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

  /** Forget everything. */
  clear(): void {
    this.#held.clear();
    this.#bytes = 0;
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
