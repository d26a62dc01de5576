/** How the terms of a step come together. */

import { RecipeError } from "./errors";
import { type Instruction, type Machine, type Source, source, type Value } from "./machine";
import type { Combine } from "./recipe";

/** Takes one more term into what there is so far, unless it is skipped. */
type Take = (so: number, lanes: number, term: Source, skipped: Source) => Instruction;

const sum: Take =
  (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
  (r) => {
    for (let k = 0; k < lanes; k++) if (r[b + k * j] === 0) r[so + k]! += r[a + k * i]!;
  };

const WAYS: Readonly<Record<Combine, { readonly start: number; readonly take: Take }>> = {
  sum: { start: 0, take: sum },
  mean: { start: 0, take: sum },
  prod: {
    start: 1,
    take:
      (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
      (r) => {
        for (let k = 0; k < lanes; k++) if (r[b + k * j] === 0) r[so + k]! *= r[a + k * i]!;
      },
  },
  max: {
    start: Number.NEGATIVE_INFINITY,
    take:
      (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
      (r) => {
        for (let k = 0; k < lanes; k++)
          if (r[b + k * j] === 0) r[so + k] = Math.max(r[so + k]!, r[a + k * i]!);
      },
  },
  min: {
    start: Number.POSITIVE_INFINITY,
    take:
      (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
      (r) => {
        for (let k = 0; k < lanes; k++)
          if (r[b + k * j] === 0) r[so + k] = Math.min(r[so + k]!, r[a + k * i]!);
      },
  },
  any: {
    start: 0,
    take:
      (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
      (r) => {
        for (let k = 0; k < lanes; k++) if (r[b + k * j] === 0 && r[a + k * i] !== 0) r[so + k] = 1;
      },
  },
  all: {
    start: 1,
    take:
      (so, lanes, { at: a, next: i }, { at: b, next: j }) =>
      (r) => {
        for (let k = 0; k < lanes; k++) if (r[b + k * j] === 0 && r[a + k * i] === 0) r[so + k] = 0;
      },
  },
};

/** A reduction: what is done for each term, and around them all. */
export interface Reduction {
  /** Where the outcome stands. */
  readonly register: number;
  readonly lanes: number;
  readonly body: Instruction;
  /** The whole: begins anew, runs the loops, ends. */
  readonly around: (loops: Instruction) => Instruction;
}

/**
 * The reduction of a term over loops; terms where `skipped` is not 0 do not exist.
 *
 * @throws RecipeError for a way of combining that is not known.
 */
export function reduction(
  machine: Machine,
  combine: Combine,
  term: Value,
  skipped: Value | undefined,
): Reduction {
  if (!Object.hasOwn(WAYS, combine)) {
    throw new RecipeError(`this page knows no way to combine terms by "${combine}"`);
  }
  const { start, take } = WAYS[combine];
  const lanes = Math.max(term.lanes, skipped?.lanes ?? 1);
  const register = machine.register(lanes);
  const never = source(skipped ?? machine.constant(0));
  const one = take(register, lanes, source(term), never);
  const parts = { register, lanes };
  if (combine === "mean") return { ...parts, ...averaged(machine, parts, one, never) };
  return {
    ...parts,
    body: one,
    around: (loops) => (r) => {
      r.fill(start, register, register + lanes);
      loops(r);
    },
  };
}

/** A sum that is divided by how many terms there were. */
function averaged(
  machine: Machine,
  { register, lanes }: { register: number; lanes: number },
  one: Instruction,
  skipped: Source,
): Pick<Reduction, "body" | "around"> {
  const count = machine.register(lanes);
  const another = sum(count, lanes, source(machine.constant(1)), skipped);
  return {
    body: (r) => {
      one(r);
      another(r);
    },
    around: (loops) => (r) => {
      r.fill(0, register, register + lanes);
      r.fill(0, count, count + lanes);
      loops(r);
      for (let k = 0; k < lanes; k++) r[register + k]! /= Math.max(r[count + k]!, 1);
    },
  };
}
