/** Lines through what was measured, in the pixels of a drawing. */

import { type Along, placeOf, roundTicks } from "./steps";

/** One quantity, at steps in order; null where it was no finite number. */
export interface Line {
  readonly name: string;
  readonly steps: readonly number[];
  readonly values: readonly (number | null)[];
}

/** How numbers lie in a drawing of some size. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The last step. */
  readonly end: number;
  readonly along: Along;
  readonly low: number;
  readonly high: number;
  /** Whether numbers lie by their logarithm: none of zero or below is drawn. */
  readonly logarithmic: boolean;
}

/** The ends of an axis that has all numbers on it; those of a logarithmic one are powers of ten. */
export function reachOf(
  lines: readonly Line[],
  logarithmic: boolean,
): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of lines.flatMap(({ values }) => values)) {
    if (value === null || (logarithmic && value <= 0)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (!logarithmic) return [Math.min(0, low), Math.max(high, low + 1e-9)];
  const ten = (value: number): number => 10 ** value;
  const [from, to] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  return [ten(from), ten(Math.max(to, from + 1))];
}

/** From the top of the drawing to a number. */
export function yOf(value: number, { height, low, high, logarithmic }: Frame): number {
  const of = logarithmic ? Math.log : (number: number): number => number;
  return height * (1 - (of(value) - of(low)) / (of(high) - of(low)));
}

/** The line as the `d` of an SVG path; it ends and begins anew where there is no number. */
export function pathOf({ steps, values }: Line, frame: Frame): string {
  let pen = "M";
  let path = "";
  for (const [k, value] of values.entries()) {
    if (value === null || (frame.logarithmic && value <= 0)) {
      pen = "M";
      continue;
    }
    const x = frame.width * placeOf(steps[k]!, frame.end, frame.along);
    path += `${pen}${x.toFixed(1)} ${yOf(value, frame).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** A few points are to be seen as such: a line between two of them was not measured. */
export function dotsOf(line: Line, frame: Frame): string {
  return line.steps.length > 30 ? "" : pathOf(line, frame).replaceAll(/[ML]([^ML]+)/g, "M$1h0");
}

/** A number at the axis, as short as it is round. */
export function tellTick(value: number): string {
  const size = Math.abs(value);
  const text = size > 0 && (size < 1e-3 || size >= 1e5) ? value.toExponential() : String(value);
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** Numbers to write at the axis. */
export function valueTicks({ low, high, logarithmic }: Frame): readonly number[] {
  if (!logarithmic) return roundTicks(low, high, 4);
  const [from, to] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  const by = Math.ceil((to - from) / 4);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, k) => 10 ** (from + k * by));
}

/** The last number that was measured up to a step. */
export function valueAt({ steps, values }: Line, step: number): number | null | undefined {
  return values[steps.findLastIndex((one) => one <= step)];
}
