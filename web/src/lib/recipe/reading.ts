/** What a read of a recipe becomes: the place in every dimension, and the number there. */

import { RecipeError } from "./errors";
import { literal } from "./expression";
import type { Machine, Making, Scope, Source, Value } from "./machine";
import { held, type Operand, strides } from "./operand";
import type { Read } from "./recipe";

/** One read, compiled. */
export interface Reading {
  readonly number: Value;
  readonly places: readonly Value[];
  /** Where padding was read: not 0. */
  readonly padding: Value | undefined;
  /** Where there is no term: not 0. */
  readonly skipped: Value | undefined;
}

type Limits = readonly (readonly [low: number, high: number])[];

/** A read at these places of its operand. */
export function reading(
  machine: Machine,
  scope: Scope,
  read: Read,
  operand: Operand,
  places: readonly Value[],
): Reading {
  if (read.beyond === undefined) {
    const number = fetched(machine, scope, read, operand, places, undefined);
    return { number, places, padding: undefined, skipped: undefined };
  }
  const ends = operand.shape.map((length) => [0, length] as const);
  const outside = beyond(machine, scope, places, ends);
  const number = fetched(machine, scope, read, operand, places, outside);
  if (read.beyond === "skip") return { number, places, padding: undefined, skipped: outside };
  const skipped = read.limits && beyond(machine, scope, places, read.limits);
  return { number, places, padding: outside, skipped };
}

/** The dimensions by the loops that they depend on, outermost first. */
function byDepth(places: readonly Value[]): number[] {
  return [...places.keys()].sort((one, other) => places[one]!.depth - places[other]!.depth);
}

/** Whether a place lies outside of the limits of any dimension. */
function beyond(machine: Machine, scope: Scope, places: readonly Value[], limits: Limits): Value {
  return byDepth(places).reduce((outside, k) => {
    const [low, high] = limits[k]!;
    return machine.made(`beyond ${low} ${high}`, [outside, places[k]!], scope, further(low, high));
  }, machine.constant(0));
}

function further(low: number, high: number): Making {
  return (to, lanes, before, place) => {
    const [{ at: a, next: i }, { at: b, next: j }] = [before!, place!];
    return (r) => {
      for (let k = 0; k < lanes; k++) {
        const at = r[b + k * j]!;
        r[to + k] = at >= low && at < high ? r[a + k * i]! : 1;
      }
    };
  };
}

function fetched(
  machine: Machine,
  scope: Scope,
  read: Read,
  operand: Operand,
  places: readonly Value[],
  outside: Value | undefined,
): Value {
  const along = strides(operand.shape);
  const order = byDepth(places);
  const last = order.pop();
  const before = order.reduce((offset, k) => {
    const stride = along[k]!;
    return machine.made(`offset ${stride}`, [offset, places[k]!], scope, moved(stride));
  }, machine.constant(0));
  const [place, stride] =
    last === undefined ? [machine.constant(0), 0] : [places[last]!, along[last]!];
  const what = `read ${read.operand} ${stride} ${JSON.stringify(read.beyond)}`;
  if (outside === undefined) {
    return machine.made(what, [before, place], scope, taken(read, operand, stride));
  }
  // All places, not the offset alone: far outside, two places may have one offset.
  const inputs = [before, place, outside, ...places];
  return machine.made(what, inputs, scope, takenInside(read, operand, stride));
}

function moved(stride: number): Making {
  return (to, lanes, before, place) => {
    const [{ at: a, next: i }, { at: b, next: j }] = [before!, place!];
    return (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! + r[b + k * j]! * stride;
    };
  };
}

// "| 0" below: the machine's registers are doubles, and the processor wants a whole number.
function taken(read: Read, operand: Operand, stride: number): Making {
  if (operand.start !== undefined) return takenFromPart(read, operand, stride);
  const { data } = operand;
  return (to, lanes, before, place) => {
    const [{ at: a, next: i }, { at: b, next: j }] = [before!, place!];
    return (r) => {
      for (let k = 0; k < lanes; k++) {
        const number = data[(r[a + k * i]! + r[b + k * j]! * stride) | 0];
        if (number === undefined) throw lost(read);
        r[to + k] = number;
      }
    };
  };
}

/** As {@link taken}, from what of the operand is here when it is asked. */
function takenFromPart(read: Read, operand: Operand, stride: number): Making {
  return (to, lanes, before, place) => {
    const [{ at: a, next: i }, { at: b, next: j }] = [before!, place!];
    return (r) => {
      const { data, start = 0 } = operand;
      for (let k = 0; k < lanes; k++) {
        const number = data[((r[a + k * i]! + r[b + k * j]! * stride) | 0) - start];
        if (number === undefined) throw lost(read);
        r[to + k] = number;
      }
    };
  };
}

function takenInside(read: Read, operand: Operand, stride: number): Making {
  return (to, lanes, before, place, outside, ...places) => {
    const [{ at: a, next: i }, { at: b, next: j }, { at: c, next: l }] = [
      before!,
      place!,
      outside!,
    ];
    const elsewhere = pastTheEnds(read, operand, places);
    return (r) => {
      // Asked for now: of a part, it may be another one than the last time.
      const { data, start = 0 } = operand;
      for (let k = 0; k < lanes; k++) {
        if (r[c + k * l] !== 0) {
          r[to + k] = elsewhere(r, k);
          continue;
        }
        const number = data[((r[a + k * i]! + r[b + k * j]! * stride) | 0) - start];
        if (number === undefined) throw lost(read);
        r[to + k] = number;
      }
    };
  };
}

/** The padding; or, where there is no term, the nearest number, which nobody uses. */
function pastTheEnds(
  read: Read,
  operand: Operand,
  places: readonly Source[],
): (r: Float64Array, lane: number) => number {
  if (read.beyond !== "skip") {
    const padding = held(operand.data, numberOf(read));
    return () => padding;
  }
  const { shape } = operand;
  const along = strides(shape);
  return (r, lane) => {
    const { data, start = 0 } = operand;
    let offset = -start;
    for (let k = 0; k < places.length; k++) {
      const { at, next } = places[k]!;
      offset += Math.min(Math.max(r[at + lane * next]!, 0), shape[k]! - 1) * along[k]!;
    }
    return data[offset] ?? 0;
  };
}

function numberOf(read: Read): number {
  const found = read.beyond === undefined ? undefined : literal(read.beyond);
  if (found === undefined) throw new RecipeError(`"beyond" is neither "skip" nor a number`);
  return found;
}

function lost(read: Read): RecipeError {
  return new RecipeError(`a read went past the ends of operand ${read.operand}`);
}
