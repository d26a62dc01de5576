/** In which order channels stand. */

import type { Maps } from "./maps";
import { type Statistics, variancesOf } from "./statistics";

/**
 * `strength`: the greatest mean magnitude first; `variance`: the most varied first; `attribution`:
 * what contributed most to the score.
 */
export type Ordering = "index" | "strength" | "variance" | "attribution";

/**
 * The channels in order; equal ones by their number.
 *
 * @param shares - What each channel contributed; by number as long as it is not known.
 */
export function orderOf(
  maps: Maps,
  channels: readonly Statistics[],
  ordering: Ordering,
  shares: readonly (number | null)[] = [],
): Uint32Array {
  const order = Uint32Array.from(channels.keys());
  if (ordering === "index") return order;
  if (ordering === "attribution") {
    return shares.length === order.length ? Uint32Array.from(ranked(shares)) : order;
  }
  const weights =
    ordering === "strength"
      ? Float64Array.from(channels, ({ strength }) => strength)
      : variancesOf(maps, channels);
  return order.sort((a, b) => weights[b]! - weights[a]! || a - b);
}

/** Channels by what they contributed, for or against, the most first; equal ones by number. */
export function ranked(contributions: readonly (number | null)[]): number[] {
  const size = (channel: number): number => Math.abs(contributions[channel] ?? 0);
  return [...contributions.keys()].sort((a, b) => size(b) - size(a) || a - b);
}

/** At which place each channel stands. */
export function placesIn(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]!] = place;
  return places;
}
