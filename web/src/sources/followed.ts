/** Following a walk, or another job, until it is over. */

import { SourceError } from "../source";
import type { JobSheet } from "../wire";

const OVER: ReadonlySet<JobSheet["state"]> = new Set(["done", "failed", "cancelled"]);

/** How a source follows a walk. */
interface Following {
  /** Asks for a sheet newer than this one. */
  readonly next: (job: JobSheet) => Promise<JobSheet>;
  /** Stops the walk, when nobody waits for it any more. */
  readonly stop: (job: JobSheet) => Promise<unknown>;
  readonly tell: (job: JobSheet) => void;
  readonly signal: AbortSignal | undefined;
}

/** The last sheet of a walk: done, failed or cancelled. */
export async function followed(
  first: JobSheet,
  { next, stop, tell, signal }: Following,
): Promise<JobSheet> {
  let job = first;
  tell(job);
  // That a walk which nobody sees could not be stopped is nobody's concern.
  const abandon = (): void => void stop(job).catch(() => undefined);
  if (signal?.aborted) abandon();
  signal?.addEventListener("abort", abandon, { once: true });
  try {
    while (!OVER.has(job.state)) {
      job = await next(job);
      tell(job);
    }
  } finally {
    signal?.removeEventListener("abort", abandon);
  }
  return job;
}

/**
 * The job, if it did what it was to do.
 *
 * @throws SourceError why not.
 */
export function succeeded(job: JobSheet): JobSheet {
  if (job.state === "done") return job;
  const what = "it was stopped before it was done";
  throw new SourceError(job.problem ?? { what, where: null, mend: null, sentence: `${what}.` });
}
