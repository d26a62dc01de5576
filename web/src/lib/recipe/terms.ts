/** Every term of one number. */

import type { Compiler, Part } from "./compiler";
import { type Expression, isCall, whole } from "./expression";
import { type Instruction, nest } from "./machine";
import type { Reading } from "./reading";
import type { Axis, Recipe } from "./recipe";

/** The numbers of one read, one for each term. */
export interface Factor {
  /** Which read of the recipe. */
  readonly read: number;
  /** Position in the op's inputs. */
  readonly operand: number;
  readonly numbers: Float64Array;
  /** Where they stand: `rank` whole numbers for each term, beyond the ends where it is padding. */
  readonly places: Int32Array;
  /** How many dimensions the operand has. */
  readonly rank: number;
  /** 1 where the number is padding. */
  readonly padding: Uint8Array;
}

/** All terms of one number, in the order of the loops, as arrays of the length `count`. */
export interface Terms {
  readonly count: number;
  /** What each term came to. */
  readonly results: Float64Array;
  readonly factors: readonly Factor[];
  /**
   * What the factors were multiplied by besides, if anything: the weight of a neighbour in an
   * interpolation, of a key in attention.
   */
  readonly weights: Float64Array | undefined;
  /** Numbers of steps that have one for each term: the scores of attention. */
  readonly along: readonly Along[];
}

/** A step's numbers, one for each term. */
export interface Along {
  readonly name: string;
  readonly numbers: Float64Array;
}

/** The terms as the registers have them now. */
export type Collector = (registers: Float64Array) => Terms;

/** Collects the terms of a step, by going once more over its loops. */
export function collector(recipe: Recipe, part: Part, compiler: Compiler): Collector {
  const { scope } = part;
  const rest = weightIn(part.step.term);
  const weight = rest === undefined ? undefined : compiler.value(rest, scope).register;
  const beside = recipe.steps
    .filter(({ each }) => each && sameLoops(each, part.step.loops))
    .map(({ name }) => ({ name, register: compiler.value(name, scope).register }));
  const most = part.scope.reduce((product, level) => product * level.length, 1);
  return (registers) => {
    const made = [...part.reads].map(([read, reading]) => room(recipe, read, reading, most));
    const column = (register: number): Column => ({ register, numbers: new Float64Array(most) });
    const results = column(part.term.register);
    const weights = weight === undefined ? undefined : column(weight);
    const along = beside.map(({ name, register }) => ({ name, ...column(register) }));
    const columns = weights ? [results, weights, ...along] : [results, ...along];
    const skipped = part.skipped?.register;
    let count = 0;
    const body: Instruction = (r) => {
      if (skipped !== undefined && r[skipped] !== 0) return;
      for (const { register, numbers } of columns) numbers[count] = r[register]!;
      for (const { keep } of made) keep(count, r);
      count++;
    };
    nest(scope, body)(registers);
    return {
      count,
      results: results.numbers.subarray(0, count),
      factors: made.map(({ factor }) => cut(factor, count)),
      weights: weights?.numbers.subarray(0, count),
      along: along.map(({ name, numbers }) => ({ name, numbers: numbers.subarray(0, count) })),
    };
  };
}

/** A register whose number is written down for each term. */
interface Column {
  readonly register: number;
  readonly numbers: Float64Array;
}

/** What a product has besides the numbers that it reads. */
function weightIn(term: Expression): Expression | undefined {
  if (!isCall(term) || term[0] !== "mul") return undefined;
  const parts = term.slice(1);
  const rest = parts.filter((part) => !(isCall(part) && part[0] === "read"));
  if (rest.length === 0 || rest.length === parts.length) return undefined;
  return rest.length > 1 ? ["mul", ...rest] : rest[0];
}

function sameLoops(each: readonly Axis[], loops: readonly Axis[]): boolean {
  return each.length === loops.length && each.every(([name], k) => loops[k]?.[0] === name);
}

/** Collects the one term of a recipe without a window: what its result reads. */
export function single(recipe: Recipe, compiler: Compiler): Collector {
  const result = compiler.value(recipe.result).register;
  const factors = beside(recipe, compiler);
  return (registers) => ({
    count: 1,
    results: Float64Array.of(registers[result]!),
    factors: factors(registers),
    weights: undefined,
    along: [],
  });
}

/** Collects what the result reads itself, not within the terms: a bias, the number to scale. */
export function beside(
  recipe: Recipe,
  compiler: Compiler,
): (registers: Float64Array) => readonly Factor[] {
  const readings = new Map<number, Reading>();
  const picked = picker(recipe, compiler, recipe.result, readings);
  return (registers) =>
    [...new Set(picked(registers))].map((read) => {
      const { factor, keep } = room(recipe, read, readings.get(read)!, 1);
      keep(0, registers);
      return factor;
    });
}

/** The reads that matter: of a choice, only those of what was chosen. */
function picker(
  recipe: Recipe,
  compiler: Compiler,
  expression: Expression,
  readings: Map<number, Reading>,
): (registers: Float64Array) => number[] {
  const inner = (part: Expression): ((registers: Float64Array) => number[]) =>
    picker(recipe, compiler, part, readings);
  if (!isCall(expression)) {
    const step = recipe.steps.find(({ name }) => name === expression);
    const alone = step !== undefined && step.loops.length === 0 && !step.each?.length;
    return alone ? inner(step.term) : () => [];
  }
  const [name, ...parts] = expression;
  if (name === "read") {
    const read = whole(expression, 0);
    readings.set(read, compiler.read(read, []));
    return () => [read];
  }
  if (name !== "choose") {
    const all = parts.map(inner);
    return (r) => all.flatMap((one) => one(r));
  }
  const half = (parts.length - 1) / 2;
  const [place, ...ends] = parts.slice(0, half + 1).map((part) => compiler.value(part).register);
  const chosen = parts.slice(half + 1).map(inner);
  return (r) => chosen[ends.findIndex((end) => r[place!]! < r[end]!)]?.(r) ?? [];
}

interface Room {
  readonly factor: Factor;
  /** Writes down the term of this number. */
  readonly keep: (term: number, registers: Float64Array) => void;
}

function room(recipe: Recipe, read: number, reading: Reading, count: number): Room {
  const rank = reading.places.length;
  const numbers = new Float64Array(count);
  const places = new Int32Array(count * rank);
  const padding = new Uint8Array(count);
  const { operand } = recipe.reads[read]!;
  const beyond = reading.padding?.register;
  const at = reading.places.map((place) => place.register);
  return {
    factor: { read, operand, numbers, places, rank, padding },
    keep: (term, r) => {
      numbers[term] = r[reading.number.register]!;
      for (let k = 0; k < rank; k++) places[term * rank + k] = r[at[k]!]!;
      if (beyond !== undefined) padding[term] = r[beyond]!;
    },
  };
}

function cut(factor: Factor, count: number): Factor {
  return {
    ...factor,
    numbers: factor.numbers.subarray(0, count),
    places: factor.places.subarray(0, count * factor.rank),
    padding: factor.padding.subarray(0, count),
  };
}
