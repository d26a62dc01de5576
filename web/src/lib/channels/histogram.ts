/** How often which numbers occur. */

import type { Tally } from "../colour";
import type { Maps } from "./maps";
import { eachRow } from "./statistics";

export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** How many finite numbers but exact zeros lie in each of equal steps from low to high. */
  readonly counts: readonly number[];
  /** How many are exactly zero: after a ReLU they would dwarf all others. */
  readonly zeros: number;
}

/**
 * The histogram of some channels; undefined where there is no range to divide.
 *
 * @param of - The tally of those channels together.
 */
export function histogramOf(
  maps: Maps,
  channels: Iterable<number>,
  of: Tally,
  steps = 48,
): Histogram | undefined {
  const { low, high, zeros, nan, infinite } = of;
  if (!(low < high)) return undefined;
  // One more step than asked for, for the greatest number itself.
  const counts = new Uint32Array(steps + 1);
  // Halves do not overflow where high - low would.
  const half = 0.5;
  const factor = steps / (high * half - low * half);
  const shift = low * half;
  const flawed = nan + infinite > 0;
  for (const channel of channels) {
    eachRow(maps, channel, (start, count, step) => {
      for (let k = 0; k < count; k++) {
        const number = maps.numbers[start + k * step]!;
        if (flawed && !Number.isFinite(number)) continue;
        const place = ((number * half - shift) * factor) | 0;
        counts[place]!++;
      }
    });
  }
  counts[steps - 1]! += counts[steps]!;
  // Zeros were counted too: that is quicker than to ask each number whether it is one.
  if (zeros > 0) counts[Math.min(steps - 1, (-shift * factor) | 0)]! -= zeros;
  return { low, high, counts: [...counts.subarray(0, steps)], zeros };
}
