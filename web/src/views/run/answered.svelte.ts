/** What was answered to a question that changes with what is looked at: the last one counts. */

import { untrack } from "svelte";
import { SourceError } from "../../source";

/** Make it while a component is set up: it lives as long as that. */
export class Answered<T> {
  /** The last answer; it stays until the next is here. */
  value = $state.raw<T>();
  /** Why the newest question was not answered, in a sentence. */
  problem = $state.raw<string>();

  /** @param ask - Puts the question, or undefined where there is none; asked anew as it changes. */
  constructor(ask: () => ((signal: AbortSignal) => Promise<T>) | undefined) {
    $effect(() => {
      const put = ask();
      const stop = new AbortController();
      untrack(() => {
        this.problem = undefined;
        if (!put) this.value = undefined;
        put?.(stop.signal).then(
          (answer) => {
            if (!stop.signal.aborted) this.value = answer;
          },
          (error: unknown) => {
            if (stop.signal.aborted) return;
            this.value = undefined;
            this.problem = error instanceof SourceError ? error.problem.sentence : String(error);
          },
        );
      });
      return () => stop.abort();
    });
  }
}
