/** One number without the edits beside the same with them: what of its account can be compared. */

import type { Explanation } from "./explanation";
import { channelName, type Plane, planeOf, type Window, windowOf } from "./window";

/** The window of the same channel, as it was. */
export interface WindowBefore {
  readonly window: Window;
  readonly plane: Plane;
}

/** The window before the edits; undefined where that had no such channel. */
export function windowBefore(before: Explanation, { channel }: Plane): WindowBefore | undefined {
  const window = windowOf(before);
  const place = window?.channels.findIndex((one) => channelName(one) === channelName(channel));
  if (!window || place === undefined || place < 0) return undefined;
  return { window, plane: planeOf(before, window, place) };
}

/** What each channel came to before; undefined where the channels are others. */
export function partsBefore(window: Window, before: Window | undefined): Float64Array | undefined {
  return before && String(before.channels) === String(window.channels) ? before.parts : undefined;
}

/** What each term came to before; undefined where other numbers were read. */
export function termsBefore(
  { outcome }: Explanation,
  before: Explanation | undefined,
): Float64Array | undefined {
  const then = before?.outcome.terms;
  const same = outcome.terms.factors.every(({ places }, k) =>
    isAlike(places, then?.factors[k]?.places),
  );
  return then?.count === outcome.terms.count && same ? then.results : undefined;
}

function isAlike(one: Int32Array, other: Int32Array | undefined): boolean {
  return one.length === other?.length && one.every((place, k) => place === other[k]);
}

/** Each number less the one before. */
export function lessBefore(after: Float64Array, before: Float64Array): Float64Array {
  return after.map((number, k) => number - before[k]!);
}
