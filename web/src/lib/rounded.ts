/** What a report, or a trace's file, rounded. */

import type { TraceSheet } from "../wire";

const CODINGS = { half: "half precision", compact: "255 levels a channel" } as const;

/**
 * How the values are kept that are not kept exactly, in a few words; "" where all are.
 *
 * @example
 * roundedWords(sheet); // "half precision: off by at most 0.047 % of a value's largest number"
 */
export function roundedWords({
  inexact,
  recomputed,
}: Pick<TraceSheet, "inexact" | "recomputed">): string {
  if (inexact.length === 0) return "";
  const codings = [...new Set(inexact.map(({ coding }) => CODINGS[coding]))];
  const shares = inexact.map(({ worst, spread }) => (spread > 0 ? worst / spread : 0));
  const most = Number((100 * Math.max(...shares)).toPrecision(2));
  const further =
    recomputed.length > 0
      ? ", and perhaps by more where the page works numbers out from those"
      : "";
  return `${codings.join(", ")}: off by at most ${most} % of a value's largest number${further}`;
}
