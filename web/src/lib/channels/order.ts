/** In which order channels stand. */

import type { Maps } from "./maps";
import { type Statistics, variancesOf } from "./statistics";

/** `strength`: the greatest mean magnitude first; `variance`: the most varied first. */
export type Ordering = "index" | "strength" | "variance";

/** The channels in order; equal ones by their number. */
export function orderOf(
  maps: Maps,
  channels: readonly Statistics[],
  ordering: Ordering,
): Uint32Array {
  const order = Uint32Array.from(channels.keys());
  if (ordering === "index") return order;
  const weights =
    ordering === "strength"
      ? Float64Array.from(channels, ({ strength }) => strength)
      : variancesOf(maps, channels);
  return order.sort((a, b) => weights[b]! - weights[a]! || a - b);
}

/** At which place each channel stands. */
export function placesIn(order: Uint32Array): Uint32Array {
  const places = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place]!] = place;
  return places;
}
