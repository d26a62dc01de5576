/** An edited walk that the server did not keep: it is made again by itself. */

import { SourceError, type TraceSource } from "../../source";

/** What a user began and waits for: it says that it failed. */
const DEEDS: ReadonlySet<unknown> = new Set<keyof TraceSource>(["report", "reportSizes", "rerun"]);

/**
 * Answers as the source does; but where it does not have a trace any more that can be made again,
 * the question stays open: who asked asks the new one.
 *
 * @param again - Makes it again; false where it cannot be made, or nobody looks at it now.
 */
export function madeAgain(source: TraceSource, again: (trace: string) => boolean): TraceSource {
  return new Proxy(source, {
    get: (from, name) => {
      const method: unknown = Reflect.get(from, name, from);
      if (typeof method !== "function") return method;
      return async (...given: unknown[]): Promise<unknown> => {
        try {
          return await Reflect.apply(method, from, given);
        } catch (error) {
          const gone = error instanceof SourceError ? error.problem.where : null;
          if (gone === null || !again(gone) || DEEDS.has(name)) throw error;
          return new Promise(() => undefined);
        }
      };
    },
  });
}
