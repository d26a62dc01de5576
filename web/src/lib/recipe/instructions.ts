/** The instructions of the functions. */

import { RecipeError } from "./errors";
import { functionOf, type NumberFunction } from "./functions";
import type { Instruction, Machine, Making, Scope, Source, Value } from "./machine";

type Two = (to: number, lanes: number, a: Source, b: Source) => Instruction;
type Three = (to: number, lanes: number, a: Source, b: Source, c: Source) => Instruction;

// What networks do most, written out: a call through FUNCTIONS boxes its numbers, which costs
// many times as much as the arithmetic. The tests hold them to FUNCTIONS.
const OF_TWO: Readonly<Record<string, Two>> = {
  add:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! + r[b + k * j]!;
    },
  sub:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! - r[b + k * j]!;
    },
  mul:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! * r[b + k * j]!;
    },
  div:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! / r[b + k * j]!;
    },
  max:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = Math.max(r[a + k * i]!, r[b + k * j]!);
    },
  min:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = Math.min(r[a + k * i]!, r[b + k * j]!);
    },
  gt:
    (to, lanes, { at: a, next: i }, { at: b, next: j }) =>
    (r) => {
      for (let k = 0; k < lanes; k++) r[to + k] = r[a + k * i]! > r[b + k * j]! ? 1 : 0;
    },
};

const OF_THREE: Readonly<Record<string, Three>> = {
  clamp:
    (to, lanes, { at: a, next: i }, { at: b, next: j }, { at: c, next: l }) =>
    (r) => {
      for (let k = 0; k < lanes; k++)
        r[to + k] = Math.min(Math.max(r[a + k * i]!, r[b + k * j]!), r[c + k * l]!);
    },
  where:
    (to, lanes, { at: a, next: i }, { at: b, next: j }, { at: c, next: l }) =>
    (r) => {
      for (let k = 0; k < lanes; k++)
        r[to + k] = r[a + k * i] !== 0 ? r[b + k * j]! : r[c + k * l]!;
    },
};

/** The functions whose instructions are written out. */
export const WRITTEN_OUT: readonly string[] = [...Object.keys(OF_TWO), ...Object.keys(OF_THREE)];

/** How many arguments a function takes, where that is not one. */
const COUNTS: ReadonlyMap<string, number> = new Map([
  ...["and", "atan2", "div", "eq", "floordiv", "ge", "gt", "le", "lt", "max", "min"].map(two),
  ...["mod", "ne", "or", "pow", "reflect", "sub"].map(two),
  ["clamp", 3],
  ["rounded", 3],
  ["where", 3],
]);

function two(name: string): [string, number] {
  return [name, 2];
}

/**
 * The value of a function of others.
 *
 * @param exact - Whether the numbers are whole, so that a sum may be taken in any order.
 * @throws RecipeError for a function that is not known, or takes another number of arguments.
 */
export function applied(
  machine: Machine,
  scope: Scope,
  name: string,
  inputs: readonly Value[],
  exact: boolean,
): Value {
  const worked = functionOf(name);
  checkCount(name, inputs.length);
  if (name === "add" || name === "mul") return chained(machine, scope, name, inputs, exact);
  return machine.made(name, inputs, scope, instruction(name, worked));
}

function instruction(name: string, worked: NumberFunction): Making {
  return (to, lanes, ...from) => {
    const [a, b, c] = from;
    const written =
      from.length === 2
        ? OF_TWO[name]?.(to, lanes, a!, b!)
        : OF_THREE[name]?.(to, lanes, a!, b!, c!);
    if (written !== undefined) return written;
    return from.length === 1 ? ofOne(worked, to, lanes, a!) : ofAny(worked, to, lanes, from);
  };
}

function ofOne(worked: NumberFunction, to: number, lanes: number, from: Source): Instruction {
  const { at, next } = from;
  return (r) => {
    for (let k = 0; k < lanes; k++) r[to + k] = worked(r[at + k * next]!);
  };
}

function ofAny(
  worked: NumberFunction,
  to: number,
  lanes: number,
  from: readonly Source[],
): Instruction {
  const given = from.map(() => 0);
  return (r) => {
    for (let k = 0; k < lanes; k++) {
      for (const [n, { at, next }] of from.entries()) given[n] = r[at + k * next]!;
      r[to + k] = worked(...given);
    }
  };
}

/** A sum or product of any number, from the left; of whole numbers, from the outermost loop. */
function chained(
  machine: Machine,
  scope: Scope,
  name: "add" | "mul",
  inputs: readonly Value[],
  exact: boolean,
): Value {
  const order = exact ? inputs.toSorted((one, other) => one.depth - other.depth) : inputs;
  return order.reduce((so, next) => machine.made(name, [so, next], scope, OF_TWO[name]!));
}

function checkCount(name: string, count: number): void {
  const several = name === "add" || name === "mul";
  const fits = several
    ? count > 0
    : name === "choose"
      ? count > 2 && count % 2 === 1
      : count === (COUNTS.get(name) ?? 1);
  if (!fits) throw new RecipeError(`"${name}" does not take ${count} arguments`);
}
