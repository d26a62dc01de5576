/** Questions of which only the newest matters: one at a time, and none that is out of date. */

/** What becomes of a question. */
export interface Heard<Ask, Answer> {
  readonly answered: (ask: Ask, answer: Answer) => void;
  readonly failed: (ask: Ask, error: unknown) => void;
}

/**
 * Asks one question at a time. What is asked meanwhile waits, and only the last of it is asked
 * then: who types quickly waits for one answer, not for all.
 */
export class Newest<Ask, Answer> {
  readonly #put: (ask: Ask) => Promise<Answer>;
  readonly #heard: Heard<Ask, Answer>;
  #waiting: { readonly ask: Ask } | undefined;
  #busy = false;

  constructor(put: (ask: Ask) => Promise<Answer>, heard: Heard<Ask, Answer>) {
    this.#put = put;
    this.#heard = heard;
  }

  /** Ask as soon as the one before is answered. */
  ask(ask: Ask): void {
    this.#waiting = { ask };
    if (!this.#busy) void this.#work();
  }

  /** Ask no more; what is under way is answered all the same. */
  drop(): void {
    this.#waiting = undefined;
  }

  async #work(): Promise<void> {
    this.#busy = true;
    for (let next = this.#waiting; next; next = this.#waiting) {
      this.#waiting = undefined;
      const { ask } = next;
      // Told within the turn, so that who is told may ask again.
      await this.#put(ask).then(
        (answer) => this.#heard.answered(ask, answer),
        (error: unknown) => this.#heard.failed(ask, error),
      );
    }
    this.#busy = false;
  }
}
