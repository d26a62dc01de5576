/** How one number of a walk was made: the recipe's outcome, with names and what was recorded. */

import type { OpSheet, ValueSheet } from "../../wire";
import type { Network } from "../network";
import type { Outcome } from "../recipe/evaluate";
import type { Expression } from "../recipe/expression";
import type { Operand } from "../recipe/operand";
import { mainStep, type Recipe } from "../recipe/recipe";
import type { Factor } from "../recipe/terms";
import { keyOf } from "./subexpressions";

export interface Explanation {
  readonly network: Network;
  readonly op: OpSheet;
  readonly output: number;
  /** The position in the output. */
  readonly at: readonly number[];
  /** The output itself, and the inputs by their number in the recipe. */
  readonly made: ValueSheet;
  readonly inputs: readonly ValueSheet[];
  /** The numbers of the inputs, as far as the recipe reads them. */
  readonly operands: readonly Operand[];
  readonly recipe: Recipe;
  readonly outcome: Outcome;
  /** What each part of the formula comes to; see {@link numberOf}. */
  readonly numbers: ReadonlyMap<string, number>;
  /** What the network computed; undefined where that could not be had: `missing` says why. */
  readonly recorded: number | undefined;
  readonly missing: string | undefined;
}

/** What is left between the recorded and the recomputed number; 0 where both are the same, nothing where both are NaN. */
export function residueOf({ recorded, outcome }: Explanation): number | undefined {
  if (recorded === undefined) return undefined;
  // Of two that are not numbers there is nothing left over to tell.
  if (Number.isNaN(recorded) && Number.isNaN(outcome.total)) return undefined;
  return recorded === outcome.total ? 0 : recorded - outcome.total;
}

/**
 * The sum of the absolute terms, by which a residue is judged; undefined where the result is more
 * than a sum or a mean of terms and a bias.
 */
export function scaleOf({ recipe, outcome }: Explanation): number | undefined {
  const main = mainStep(recipe);
  if (!main || !isPlainResult(recipe) || !["sum", "mean"].includes(main.combine)) return undefined;
  let sum = 0;
  for (const term of outcome.terms.results) sum += Math.abs(term);
  if (main.combine === "mean") sum /= Math.max(outcome.terms.count, 1);
  return sum + Math.abs(outcome.bias ?? 0);
}

/** Whether the result is what the terms come to, or that and a bias. */
export function isPlainResult(recipe: Recipe): boolean {
  const main = mainStep(recipe);
  const { result } = recipe;
  if (!main) return false;
  if (result === main.name) return true;
  if (typeof result !== "object" || result[0] !== "add" || result.length !== 3) return false;
  const [, step, last] = result;
  return step === main.name && typeof last === "object" && last[0] === "read";
}

/** What a part of the formula comes to at this position; undefined for what is no such part. */
export function numberOf(
  { numbers, recipe, at, outcome }: Explanation,
  part: Expression,
): number | undefined {
  if (typeof part === "number") return part;
  if (typeof part === "boolean") return part ? 1 : 0;
  if (typeof part !== "string") return numbers.get(keyOf(part));
  const axis = recipe.axes.findIndex(([name]) => name === part);
  if (axis >= 0) return at[axis];
  return outcome.quantities.find(({ name }) => name === part)?.value;
}

/** The position of a factor in its operand, at one of the terms. */
export function placeOf({ places, rank }: Factor, term = 0): number[] {
  return [...places.subarray(term * rank, (term + 1) * rank)];
}

/** The input that a factor was read from. */
export function inputOf({ inputs }: Explanation, factor: Pick<Factor, "operand">): ValueSheet {
  const found = inputs[factor.operand];
  if (!found) throw new RangeError(`the op has no input ${factor.operand}`);
  return found;
}

/** Whether the numbers are truth values: these are told as true and false. */
export function isTruth({ dtype }: Pick<ValueSheet, "dtype">): boolean {
  return dtype === "bool";
}
