/** What the user waits for goes before what only decorates the page. */

/** Milliseconds after which decoration has its turn, however busy the page is. */
const PATIENCE = 300;

export class Turns {
  #waitedFor = 0;
  #last: Promise<unknown> = Promise.resolve();

  /** Do it at once. */
  async now<T>(work: () => Promise<T>): Promise<T> {
    this.#waitedFor++;
    try {
      return await work();
    } finally {
      this.#waitedFor--;
    }
  }

  /** Do it when nobody waits for anything else, one such thing after the other. */
  later<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      do await idle();
      while (this.#waitedFor > 0);
      return work();
    });
    // The next has its turn also where this one fails; who asked for it hears of that.
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

/** When the page has nothing to do. */
function idle(): Promise<void> {
  return new Promise((done) => {
    // Not every browser tells (Safari does not).
    if ("requestIdleCallback" in globalThis) {
      requestIdleCallback(() => done(), { timeout: PATIENCE });
    } else setTimeout(done, 30);
  });
}
