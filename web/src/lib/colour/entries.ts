/** From numbers to entries of the colour table, to the last one as in Layerwalk's figures. */

import type { Numbers } from "../recipe/operand";
import { isDiverging, type Scale } from "./scale";
import { FLAWED } from "./tables";
import type { Run } from "./tally";

/** Entries of a colour table; 16 bits wide where some are {@link FLAWED}. */
export type Entries = Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Room for so many entries. */
export function entriesFor(count: number, flawed: boolean): Entries {
  return flawed ? new Uint16Array(count) : new Uint8Array(count);
}

/**
 * Writes the entries of a run of numbers: 256 equal steps from low to high, or 255 on a diverging
 * scale, of which zero takes the middle one exactly; beyond the ends, the end's.
 *
 * float32 and what fits into it is reckoned in float32, all else in float64, so that the page
 * and the figures agree in every pixel.
 *
 * @param into - Has to be made by {@link entriesFor} with `flawed` where not all are finite.
 * @param to - Where in it the first goes.
 * @param inside - Whether all are known to be finite and within the scale: that is quicker.
 */
export function writeEntries(
  numbers: Numbers,
  run: Run,
  scale: Scale,
  into: Entries,
  to: number,
  inside = false,
): void {
  const { low, high } = scale;
  const exponent = exponentOf(Math.max(Math.abs(low), Math.abs(high)));
  if (low === high) writeConstant(numbers, run, scale, into, to);
  else if (Math.abs(exponent) > 60) writeDouble(numbers, run, rule(scale, -exponent), into, to);
  else if (isSingle(numbers)) {
    const write = inside ? writeInside : writeSingle;
    write(numbers, run, rule(scale, 0), into, to);
  } else writeDouble(numbers, run, rule(scale, 0), into, to);
}

/** An entry is `(number - subtract) * factor + add`, cut to a whole number. */
interface Rule {
  readonly low: number;
  readonly high: number;
  readonly subtract: number;
  readonly factor: number;
  readonly add: number;
  readonly last: number;
  /** Powers of two that a number is multiplied by first, one after the other. */
  readonly shrink: readonly [number, number];
}

function rule(scale: Scale, shift: number): Rule {
  const last = isDiverging(scale) ? 254 : 255;
  // Near the ends of the format high - low overflows, or its inverse does: scaling by a power of
  // two changes no ratio. In two steps, since one power may not be a number itself.
  const half = Math.trunc(shift / 2);
  const shrink = [2 ** half, 2 ** (shift - half)] as const;
  const low = scale.low * shrink[0] * shrink[1];
  const high = scale.high * shrink[0] * shrink[1];
  return isDiverging(scale)
    ? { low, high, subtract: 0, factor: 127 / high, add: 127.5, last, shrink }
    : { low, high, subtract: low, factor: 256 / (high - low), add: 0, last, shrink };
}

function writeSingle(numbers: Numbers, run: Run, found: Rule, into: Entries, to: number): void {
  const { start, count, step } = run;
  const [low, high] = [Math.fround(found.low), Math.fround(found.high)];
  const [subtract, factor] = [Math.fround(found.subtract), Math.fround(found.factor)];
  const { add, last } = found;
  for (let k = 0, at = start; k < count; k++, at += step) {
    const number = numbers[at]!;
    if (number - number !== 0) {
      into[to + k] = FLAWED;
      continue;
    }
    const inside = number < low ? low : number > high ? high : number;
    const scaled = Math.fround(Math.fround(inside - subtract) * factor);
    const entry = Math.fround(scaled + add) | 0;
    into[to + k] = entry > last ? last : entry;
  }
}

/** As {@link writeSingle}, three times as fast: nothing has to be cut off before. */
function writeInside(numbers: Numbers, run: Run, found: Rule, into: Entries, to: number): void {
  const { start, count, step } = run;
  const [subtract, factor] = [Math.fround(found.subtract), Math.fround(found.factor)];
  const { add, last } = found;
  for (let k = 0; k < count; k++) {
    const scaled = Math.fround(Math.fround(numbers[start + k * step]! - subtract) * factor);
    const entry = Math.fround(scaled + add) | 0;
    into[to + k] = entry > last ? last : entry;
  }
}

function writeDouble(numbers: Numbers, run: Run, found: Rule, into: Entries, to: number): void {
  const { start, count, step } = run;
  const { low, high, subtract, factor, add, last } = found;
  const [once, twice] = found.shrink;
  for (let k = 0, at = start; k < count; k++, at += step) {
    const given = numbers[at]!;
    if (given - given !== 0) {
      into[to + k] = FLAWED;
      continue;
    }
    const number = given * once * twice;
    const inside = number < low ? low : number > high ? high : number;
    const entry = ((inside - subtract) * factor + add) | 0;
    into[to + k] = entry > last ? last : entry;
  }
}

/** On a scale of one point: that number takes the middle, or the first, colour. */
function writeConstant(numbers: Numbers, run: Run, scale: Scale, into: Entries, to: number): void {
  const { start, count, step } = run;
  const [last, middle] = isDiverging(scale) ? [254, 127] : [255, 0];
  for (let k = 0, at = start; k < count; k++, at += step) {
    const number = numbers[at]!;
    const flawed = number - number !== 0;
    const entry = number > scale.high ? last : number < scale.low ? 0 : middle;
    into[to + k] = flawed ? FLAWED : entry;
  }
}

function isSingle(numbers: Numbers): boolean {
  return numbers.BYTES_PER_ELEMENT <= 2 || numbers instanceof Float32Array;
}

/** The exponent e of `size = m * 2^e` with m from 0.5 to below 1; 0 for 0. */
function exponentOf(size: number): number {
  if (size === 0) return 0;
  const rough = Math.floor(Math.log2(size));
  // The logarithm may be rounded across a whole number.
  return 2 ** rough > size ? rough : size / 2 ** rough >= 2 ? rough + 2 : rough + 1;
}
