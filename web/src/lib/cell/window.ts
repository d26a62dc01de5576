/** The window that a number was made from, laid out in rows and columns as people draw it. */

import { type Expression, isCall } from "../recipe/expression";
import { mainStep } from "../recipe/recipe";
import type { Factor, Terms } from "../recipe/terms";
import type { Explanation } from "./explanation";

/** So many cells each way can still be printed. */
const WIDEST = 11;

/** All channels of a window. */
export interface Window {
  /** The inputs that it was read from; no `weight` for pooling. */
  readonly input: number;
  readonly weight: number | undefined;
  /** How many of the input's last dimensions it lies in. */
  readonly rank: 1 | 2;
  readonly height: number;
  readonly width: number;
  /** For each channel, the position in all dimensions of the input before the window's own. */
  readonly channels: readonly (readonly number[])[];
  /** The term of each cell, channel by channel, row by row; -1 where there is none. */
  readonly cells: Int32Array;
  /** Which rows and columns of the kernel they are; of the input, where there is no kernel. */
  readonly taps: { readonly rows: readonly number[]; readonly columns: readonly number[] };
  /** What each channel is of the result: its sum, its share of a mean, its largest, smallest. */
  readonly parts: Float64Array;
}

/** The terms of one channel; NaN where there is none. */
export interface Plane {
  readonly channel: readonly number[];
  /** What was read, what it was multiplied by, what that gave. */
  readonly numbers: Float64Array;
  readonly weights: Float64Array | undefined;
  readonly results: Float64Array;
  /** Where the window lies beyond the input and padding was read; where there is no term. */
  readonly padding: Uint8Array;
  readonly absent: Uint8Array;
  /** The rows and columns on the input, of the window's own. */
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  /** The whole position of each cell on the input; empty where there is no term. */
  readonly places: readonly (readonly number[])[];
  /** The same on the weight; none where it is no input. */
  readonly weightPlaces: readonly (readonly number[])[];
  readonly total: number;
}

/**
 * The window of an explanation; undefined where its terms do not form one.
 *
 * They do where each is a number of a map, or that times a weight, and lies in a row and a column
 * of its own: convolution, pooling and interpolation, but no matrix product and no mean over
 * hundreds of places.
 */
export function windowOf({ recipe, outcome, operands, at }: Explanation): Window | undefined {
  const { terms } = outcome;
  const main = mainStep(recipe);
  if (!main || !isPlain(main.term) || terms.count === 0) return undefined;
  const [first, second] = terms.factors;
  if (!first) return undefined;
  // A kernel says by its shape how many dimensions it has; a weight from a table does not.
  const own = second ? second.rank - 2 : main.loops.length;
  const rank = Math.min(own, 2);
  if (rank < 1 || first.rank <= rank || at.length < rank || !operands[first.operand]) {
    return undefined;
  }
  const laid = laidOut(terms, first, second ?? first, rank as 1 | 2);
  if (!laid) return undefined;
  const parts = partsOf(laid, terms, outcome.combine);
  return { ...laid, input: first.operand, weight: second?.operand, parts };
}

/** Whether a term is a number that was read, or that times another or times weights of a table. */
function isPlain(term: Expression): boolean {
  const is = (part: Expression, ...names: string[]): boolean =>
    isCall(part) && names.includes(part[0]);
  if (!isCall(term) || term[0] !== "mul") return is(term, "read");
  const [, first, ...rest] = term;
  if (first === undefined || !is(first, "read")) return false;
  return rest.every((part) => is(part, "table")) || (rest.length === 1 && is(rest[0]!, "read"));
}

type Laid = Pick<Window, "rank" | "height" | "width" | "channels" | "cells" | "taps">;

/** A kernel has rows and columns of its own; the input's may repeat, where padding mirrors it. */
function laidOut({ count }: Terms, input: Factor, cells: Factor, rank: 1 | 2): Laid | undefined {
  const rows = new Map<number, number>();
  const columns = new Map<number, number>();
  const place = (factor: Factor, k: number, back: number): number =>
    factor.places[(k + 1) * factor.rank - back]!;
  for (let k = 0; k < count; k++) {
    if (rank === 2) rows.set(place(cells, k, 2), 0);
    columns.set(place(cells, k, 1), 0);
  }
  if (rank === 1) rows.set(0, 0);
  const [height, width] = [rows.size, columns.size];
  if (Math.max(height, width) > WIDEST || height * width < 2) return undefined;
  for (const sides of [rows, columns]) number(sides);
  const leads = leadsOf(input, count, rank);
  const found = new Int32Array(leads.list.length * height * width).fill(-1);
  for (let k = 0; k < count; k++) {
    const row = rows.get(rank === 2 ? place(cells, k, 2) : 0)!;
    const cell = (leads.of[k]! * height + row) * width + columns.get(place(cells, k, 1))!;
    // Two terms in one cell: no window.
    if (found[cell] !== -1) return undefined;
    found[cell] = k;
  }
  const taps = {
    rows: [...rows.keys()].sort(ascending),
    columns: [...columns.keys()].sort(ascending),
  };
  return { rank, height, width, channels: leads.list, cells: found, taps };
}

function ascending(one: number, other: number): number {
  return one - other;
}

/** Numbers the keys from 0, in their order. */
function number(sides: Map<number, number>): void {
  const order = [...sides.keys()].sort(ascending);
  for (const [k, key] of order.entries()) sides.set(key, k);
}

interface Leads {
  readonly list: readonly (readonly number[])[];
  /** For each term, which of the list. */
  readonly of: Int32Array;
}

/** The positions before the window's own dimensions, each once, in their order. */
function leadsOf({ places, rank: all }: Factor, count: number, rank: number): Leads {
  const length = all - rank;
  const known = new Map<string, number>();
  const list: number[][] = [];
  const found = new Int32Array(count);
  for (let k = 0; k < count; k++) {
    // Terms of one channel follow each other.
    if (k > 0 && isAlike(places, k * all, (k - 1) * all, length)) {
      found[k] = found[k - 1]!;
      continue;
    }
    const lead = [...places.subarray(k * all, k * all + length)];
    const key = lead.join();
    const at = known.get(key) ?? list.length;
    if (at === list.length) {
      known.set(key, at);
      list.push(lead);
    }
    found[k] = at;
  }
  const order = [...list.keys()].sort((a, b) => compare(list[a]!, list[b]!));
  const moved = new Int32Array(list.length);
  for (const [to, from] of order.entries()) moved[from] = to;
  return { list: order.map((k) => list[k]!), of: found.map((k) => moved[k]!) };
}

function isAlike(places: Int32Array, one: number, other: number, length: number): boolean {
  for (let k = 0; k < length; k++) if (places[one + k] !== places[other + k]) return false;
  return true;
}

function compare(one: readonly number[], other: readonly number[]): number {
  const k = one.findIndex((place, n) => place !== other[n]);
  return k < 0 ? 0 : one[k]! - other[k]!;
}

function partsOf({ channels, cells }: Laid, terms: Terms, combine: string): Float64Array {
  const parts = new Float64Array(channels.length);
  const size = cells.length / Math.max(channels.length, 1);
  const picks = combine === "max" || combine === "min";
  const better = combine === "max" ? Math.max : Math.min;
  for (let c = 0; c < parts.length; c++) {
    let [sum, best] = [0, Number.NaN];
    for (let k = c * size; k < (c + 1) * size; k++) {
      const term = cells[k]!;
      if (term < 0) continue;
      const result = terms.results[term]!;
      sum += result;
      best = Number.isNaN(best) ? result : Number.isNaN(result) ? best : better(best, result);
    }
    parts[c] = picks ? best : combine === "mean" ? sum / terms.count : sum;
  }
  return parts;
}

/** One channel of a window, by its number in `window.channels`. */
export function planeOf({ outcome }: Explanation, window: Window, number: number): Plane {
  const { height, width, rank } = window;
  const { terms } = outcome;
  const [input, weight] = terms.factors;
  const size = height * width;
  const cells = window.cells.subarray(number * size, (number + 1) * size);
  const drawn = (from: Float64Array): Float64Array =>
    Float64Array.from(cells, (term) => (term < 0 ? Number.NaN : from[term]!));
  const placesOn = ({ places, rank }: Factor): number[][] =>
    Array.from(cells, (term) =>
      term < 0 ? [] : [...places.subarray(term * rank, (term + 1) * rank)],
    );
  const places = placesOn(input!);
  const along = (length: number, cell: (k: number, n: number) => number, back: number): number[] =>
    Array.from({ length }, (_, k) => {
      const others = Array.from({ length: size / length }, (_, n) => places[cell(k, n)] ?? []);
      return others.find((place) => place.length > 0)?.at(-back) ?? 0;
    });
  const results = drawn(terms.results);
  return {
    channel: window.channels[number] ?? [],
    numbers: drawn(input!.numbers),
    weights: weight ? drawn(weight.numbers) : terms.weights && drawn(terms.weights),
    results,
    padding: Uint8Array.from(cells, (term) => (term < 0 ? 0 : input!.padding[term]!)),
    absent: Uint8Array.from(cells, (term) => Number(term < 0)),
    rows: rank === 2 ? along(height, (k, n) => k * width + n, 2) : [],
    columns: along(width, (k, n) => n * width + k, 1),
    places,
    weightPlaces: weight ? placesOn(weight) : [],
    total: results.reduce((sum, result) => (Number.isNaN(result) ? sum : sum + result), 0),
  };
}

/** Whether a channel lies in the input, not in the padding before or behind it. */
export function holds(
  { operands }: Explanation,
  window: Window,
  channel: readonly number[],
): boolean {
  const { shape } = operands[window.input]!;
  return channel.every((place, k) => place >= 0 && place < shape[k]!);
}

/** By what channels are ordered: the winner first, or the one that adds most, up or down. */
export function weightsOf({ outcome }: Explanation, { parts }: Window): Float64Array {
  const { combine } = outcome;
  if (combine === "max") return parts;
  return parts.map((part) => (combine === "min" ? -part : Math.abs(part)));
}

/** The channel that is shown if nobody chose one: the strongest that lies in the input. */
export function strongest(explanation: Explanation, window: Window): number {
  const weights = weightsOf(explanation, window);
  let best = 0;
  let key: [boolean, number] = [false, Number.NEGATIVE_INFINITY];
  for (const [k, channel] of window.channels.entries()) {
    const next: [boolean, number] = [holds(explanation, window, channel), weights[k]!];
    if (next[0] === key[0] ? next[1] > key[1] : next[0]) [best, key] = [k, next];
  }
  return best;
}

/** The cell that won, where terms were picked and one of the plane is the result. */
export function winnerOf({ outcome }: Explanation, plane: Plane): number | undefined {
  if (outcome.combine !== "max" && outcome.combine !== "min") return undefined;
  const found = plane.results.indexOf(outcome.total);
  return found < 0 ? undefined : found;
}

/** A channel as it is called: without the axis of samples. */
export function channelName(channel: readonly number[]): string {
  return (channel.length > 1 ? channel.slice(1) : channel).join(",");
}
