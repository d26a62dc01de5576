/** What numbers hold, counted once: their range, their zeros and what is not a number. */

import type { Numbers } from "../recipe/operand";

/** Where numbers stand among others: `count` of them from `start`, `step` apart. */
export interface Run {
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

export interface Tally {
  readonly size: number;
  /** The least and the greatest finite number; NaN where there is none. */
  readonly low: number;
  readonly high: number;
  /** How many are exactly zero. */
  readonly zeros: number;
  readonly nan: number;
  readonly infinite: number;
}

/** Of no numbers at all. */
export const EMPTY: Tally = {
  size: 0,
  low: Number.NaN,
  high: Number.NaN,
  zeros: 0,
  nan: 0,
  infinite: 0,
};

/** A tally, and the sums of the finite numbers and of their magnitudes. */
export interface Sums extends Tally {
  readonly sum: number;
  readonly magnitude: number;
}

/** The counts of these numbers, all of them or those of a run. */
export function tally(numbers: Numbers, run?: Run): Tally {
  const { sum: _, magnitude: __, ...counts } = sumsOf(numbers, run ?? all(numbers));
  return counts;
}

/** The counts and the sums of a run of numbers. */
export function sumsOf(numbers: Numbers, { start, count, step }: Run): Sums {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [zeros, sum, magnitude] = [0, 0, 0];
  for (let k = 0; k < count; k++) {
    const number = numbers[start + k * step]!;
    if (number < low) low = number;
    if (number > high) high = number;
    // Without a branch: after a ReLU a processor would guess wrong every other time.
    zeros += +(number === 0);
    sum += number;
    magnitude += Math.abs(number);
  }
  // What is not a number is met by its sum, and then counted with more care.
  if (!Number.isFinite(magnitude)) return carefulSums(numbers, { start, count, step });
  const range = count > 0 ? { low, high } : { low: Number.NaN, high: Number.NaN };
  return { size: count, ...range, zeros, nan: 0, infinite: 0, sum, magnitude };
}

function carefulSums(numbers: Numbers, { start, count, step }: Run): Sums {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [zeros, nan, infinite, sum, magnitude] = [0, 0, 0, 0, 0];
  for (let k = 0; k < count; k++) {
    const number = numbers[start + k * step]!;
    if (!Number.isFinite(number)) {
      if (Number.isNaN(number)) nan++;
      else infinite++;
      continue;
    }
    if (number < low) low = number;
    if (number > high) high = number;
    if (number === 0) zeros++;
    sum += number;
    magnitude += Math.abs(number);
  }
  const range = low <= high ? { low, high } : { low: Number.NaN, high: Number.NaN };
  return { size: count, ...range, zeros, nan, infinite, sum, magnitude };
}

function all(numbers: Numbers): Run {
  return { start: 0, count: numbers.length, step: 1 };
}

/** The counts of all parts together. */
export function together(parts: Iterable<Tally>): Tally {
  let { size, low, high, zeros, nan, infinite } = EMPTY;
  for (const part of parts) {
    size += part.size;
    zeros += part.zeros;
    nan += part.nan;
    infinite += part.infinite;
    // Not Math.min: a part without a finite number has no say.
    if (!(part.low >= low)) low = Number.isNaN(part.low) ? low : part.low;
    if (!(part.high <= high)) high = Number.isNaN(part.high) ? high : part.high;
  }
  return { size, low, high, zeros, nan, infinite };
}

/** The numbers that have no colour, `"3 NaN, 1 infinite"`; `""` when all have. */
export function flawsOf({ nan, infinite }: Tally): string {
  const counts = [
    [nan, "NaN"],
    [infinite, "infinite"],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, name]) => `${count.toLocaleString("en-US")} ${name}`)
    .join(", ");
}
