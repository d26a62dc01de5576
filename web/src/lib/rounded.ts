/** What a report, or a trace's file, rounded. */

import type { Kept } from "../wire";
import { tell } from "./numerals";

const CODINGS = { half: "half precision", compact: "255 levels a channel" } as const;

/**
 * How the values are kept that are not kept exactly, in a few words; "" where all are.
 *
 * @example
 * roundedWords(sheet.inexact); // "half precision: off by at most 0.047 % of a value's largest number"
 */
export function roundedWords(inexact: readonly Kept[]): string {
  if (inexact.length === 0) return "";
  const codings = [...new Set(inexact.map(({ coding }) => CODINGS[coding]))];
  const shares = inexact.map(({ worst, spread }) => (spread > 0 ? worst / spread : 0));
  const most = tell(Number((100 * Math.max(...shares)).toPrecision(2)));
  return `${codings.join(", ")}: off by at most ${most} % of a value's largest number`;
}
