/** What each channel holds, in all its slices: its range, mean, strength, and how varied it is. */

import { type Sums, sumsOf, type Tally, together } from "../colour";
import { type Maps, rowOf } from "./maps";

/** The counts of one channel, or of all. */
export interface Statistics extends Tally {
  /** Of the finite numbers; NaN where there is none. */
  readonly mean: number;
  /** The mean magnitude of the finite numbers; 0 where there is none. */
  readonly strength: number;
}

/** The statistics of every channel, by its number. */
export function statisticsOf(maps: Maps): Statistics[] {
  return Array.from({ length: maps.planes.count }, (_, channel) => ofChannel(maps, channel));
}

/** The statistics of all channels together. */
export function overall(channels: readonly Statistics[]): Statistics {
  const all = together(channels);
  let [sum, size, finite] = [0, 0, 0];
  for (const one of channels) {
    const count = one.size - one.nan - one.infinite;
    if (count === 0) continue;
    sum += one.mean * count;
    size += one.strength * count;
    finite += count;
  }
  return { ...all, mean: sum / finite, strength: finite === 0 ? 0 : size / finite };
}

/**
 * The variance of every channel's finite numbers about their mean. In a pass of its own: where the
 * mean is large, sums of squares would leave nothing of it.
 */
export function variancesOf(maps: Maps, channels: readonly Statistics[]): Float64Array {
  return Float64Array.from(channels, ({ mean, size, nan, infinite }, channel) => {
    let sum = 0;
    eachRow(maps, channel, (start, count, step) => {
      for (let k = 0, at = start; k < count; k++, at += step) {
        const apart = maps.numbers[at]! - mean;
        if (apart - apart === 0) sum += apart * apart;
      }
    });
    return sum / Math.max(1, size - nan - infinite);
  });
}

function ofChannel(maps: Maps, channel: number): Statistics {
  const rows: Sums[] = [];
  eachRow(maps, channel, (start, count, step) => {
    rows.push(sumsOf(maps.numbers, { start, count, step }));
  });
  const counts = rows.length === 1 ? rows[0]! : { ...together(rows), ...added(rows) };
  const { size, low, high, zeros, nan, infinite, sum, magnitude } = counts;
  const finite = size - nan - infinite;
  const strength = finite === 0 ? 0 : magnitude / finite;
  return { size, low, high, zeros, nan, infinite, mean: sum / finite, strength };
}

function added(rows: readonly Sums[]): { sum: number; magnitude: number } {
  let [sum, magnitude] = [0, 0];
  for (const row of rows) {
    sum += row.sum;
    magnitude += row.magnitude;
  }
  return { sum, magnitude };
}

/**
 * Calls for each run of a channel's numbers: one where its rows follow each other, else a row.
 *
 * @param starts - Of the slices that are meant: all of them, if nothing is said.
 */
export function eachRow(
  { planes }: Maps,
  channel: number,
  call: (start: number, count: number, step: number) => void,
  starts = planes.starts,
): void {
  const { height, width, rowStride, columnStride } = planes;
  for (const start of starts) {
    const slice = { ...planes, start };
    if (height === 1 || rowStride === width * columnStride) {
      call(rowOf(slice, channel, 0), height * width, columnStride || 1);
      continue;
    }
    for (let y = 0; y < height; y++) call(rowOf(slice, channel, y), width, columnStride || 1);
  }
}
