/** Questions that nobody answers wait, and are put again when somebody does. */

import { SourceError, type TraceSource } from "../source";

/** Milliseconds to the first look whether somebody answers again; each further one twice as long. */
const SOON = 1000;
const LATE = 30_000;

/** What is done once or not at all: it fails at once. */
const DEEDS: ReadonlySet<unknown> = new Set<keyof TraceSource>(["walk", "close", "report"]);

/** Puts the page's questions; nobody who asks has to know that there may be nobody to answer. */
export class Asking {
  /** Answers as the source does, but waits where that would fail for want of an answer. */
  readonly source: TraceSource;
  readonly #look: () => Promise<unknown>;
  readonly #tell: (lost: string | undefined) => void;
  /** Settles when somebody answers again; undefined while somebody does. */
  #back: Promise<void> | undefined;
  #pause = SOON;
  #now: (() => void) | undefined;
  #ended = false;

  /**
   * @param look - Asks the source itself for something small, to see whether it answers.
   * @param tell - Told why nobody answers, and undefined when somebody does again.
   */
  constructor(
    source: TraceSource,
    look: () => Promise<unknown>,
    tell: (lost: string | undefined) => void,
  ) {
    this.#look = look;
    this.#tell = tell;
    this.source = new Proxy(source, {
      get: (from, name) => {
        const method: unknown = Reflect.get(from, name, from);
        if (typeof method !== "function") return method;
        return (...given: unknown[]) =>
          this.#asked(() => Reflect.apply(method, from, given), given, DEEDS.has(name));
      },
    });
  }

  /** Look at once whether somebody answers. */
  now(): void {
    this.#now?.();
  }

  /** Look no more. */
  end(): void {
    this.#ended = true;
    this.now();
  }

  async #asked(
    put: () => Promise<unknown>,
    given: readonly unknown[],
    once: boolean,
  ): Promise<unknown> {
    const signal = given.find((each) => each instanceof AbortSignal);
    for (;;) {
      if (this.#back && !once) await unless(signal, this.#back);
      try {
        const answer = await put();
        this.#pause = SOON;
        return answer;
      } catch (error) {
        if (!(error instanceof SourceError && error.offline)) throw error;
        this.#tell(error.problem.sentence);
        this.#back ??= this.#regained();
        if (once) throw error;
      }
    }
  }

  async #regained(): Promise<void> {
    for (;;) {
      await this.#rest();
      // The page is gone, and so is everybody who waits.
      if (this.#ended) return new Promise(() => undefined);
      try {
        await this.#look();
        break;
      } catch (error) {
        this.#tell(error instanceof Error ? error.message : String(error));
      }
    }
    this.#back = undefined;
    this.#tell(undefined);
  }

  /** A pause, which ends early where the browser is connected again. */
  async #rest(): Promise<void> {
    const over = new AbortController();
    await new Promise<void>((done) => {
      this.#now = done;
      globalThis.addEventListener?.("online", () => done(), { signal: over.signal });
      setTimeout(done, this.#pause);
    });
    over.abort();
    this.#pause = Math.min(2 * this.#pause, LATE);
  }
}

/** Waits; but where the signal is aborted, throws its reason. */
async function unless(signal: AbortSignal | undefined, wait: Promise<void>): Promise<void> {
  signal?.throwIfAborted();
  const aborted = new Promise<never>((_, fail) => {
    signal?.addEventListener("abort", () => fail(signal.reason), { once: true });
  });
  await Promise.race([wait, aborted]);
}
