/** What ops hold, in short: asked for together, and kept. */

import type { TraceSource } from "../../source";
import type { Digest } from "../../wire";

/** How many are asked for in one go. */
const BATCH = 32;

/** Somebody who wants to know. */
interface Waiting {
  readonly op: number;
  readonly done: (digest: Digest) => void;
  readonly fail: (why: unknown) => void;
}

export class Digests {
  readonly #source: Pick<TraceSource, "digests">;
  readonly #trace: string;
  readonly #order: "strength" | "attribution";
  readonly #target: string;
  readonly #known = new Map<number, Promise<Digest>>();
  #waiting: Waiting[] = [];

  constructor(
    source: Pick<TraceSource, "digests">,
    trace: string,
    order: "strength" | "attribution" = "strength",
    target = "",
  ) {
    this.#source = source;
    this.#trace = trace;
    this.#order = order;
    this.#target = target;
  }

  /** The digest of an op, asked for with all others that are wanted at the same time. */
  get(op: number): Promise<Digest> {
    const known = this.#known.get(op);
    if (known) return known;
    const asked = new Promise<Digest>((done, fail) => {
      if (this.#waiting.length === 0) queueMicrotask(() => this.#send());
      this.#waiting.push({ op, done, fail });
    });
    this.#known.set(op, asked);
    return asked;
  }

  #send(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let k = 0; k < waiting.length; k += BATCH) void this.#ask(waiting.slice(k, k + BATCH));
  }

  async #ask(batch: readonly Waiting[]): Promise<void> {
    try {
      const found = await this.#source.digests(
        this.#trace,
        batch.map(({ op }) => op),
        this.#order,
        this.#target,
      );
      const byOp = new Map(found.map((digest) => [digest.op, digest]));
      for (const { op, done, fail } of batch) {
        const digest = byOp.get(op);
        if (digest) done(digest);
        else fail(new RangeError(`nothing was said of op ${op}`));
      }
    } catch (error) {
      for (const { op, fail } of batch) {
        // It may be answered the next time.
        this.#known.delete(op);
        fail(error);
      }
    }
  }
}
