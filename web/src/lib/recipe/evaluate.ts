/** The evaluator: a recipe and its operands give values, with every term, in float64. */

import { Compiler } from "./compiler";
import { RecipeError } from "./errors";
import { isCall, whole } from "./expression";
import { type Filler, filler } from "./fill";
import { begin, type Value } from "./machine";
import type { Operand } from "./operand";
import { type Combine, mainStep, type Recipe } from "./recipe";
import { spelled } from "./spelled";
import { beside, type Collector, collector, type Factor, single, type Terms } from "./terms";

/** A number on the way, by name. */
export interface Quantity {
  readonly name: string;
  readonly value: number;
}

/** The result written in another way. */
export interface Form extends Quantity {
  readonly text: string;
}

/** How one number was made. Truth values are 1 and 0. */
export interface Outcome {
  readonly total: number;
  /** What was done with the terms; "" where the result itself has them. */
  readonly combine: Combine | "";
  readonly terms: Terms;
  /** What was added to the sum, if anything was. */
  readonly bias: number | undefined;
  /** What the result reads itself, one number each; without a window, the same as the term. */
  readonly beside: readonly Factor[];
  readonly quantities: readonly Quantity[];
  readonly forms: readonly Form[];
}

/**
 * Works out values of one output of one op.
 *
 * Compiled on the first use, then quick: keep it while the same op is asked again. Whole numbers
 * are exact to 2^53.
 *
 * @throws RecipeError where the recipe has what this page does not know, or the operands do not
 * fit it.
 *
 * @example
 * const evaluator = new Evaluator(recipe, [operand(input, [1, 3, 224, 224]), operand(weight, [64, 3, 7, 7])]);
 * evaluator.at([0, 3, 10, 12]).total;
 * evaluator.fill([0, 3]); // the feature map of channel 3
 */
export class Evaluator {
  readonly #recipe: Recipe;
  readonly #operands: readonly Operand[];
  #explainer: ((position: readonly number[]) => Outcome) | undefined;
  #filler: Filler | undefined;

  constructor(recipe: Recipe, operands: readonly Operand[]) {
    this.#recipe = recipe;
    this.#operands = operands;
  }

  /**
   * The number at a position of the output, with all its terms.
   *
   * @throws RecipeError if there is no such position.
   */
  at(position: readonly number[]): Outcome {
    if (position.length !== this.#recipe.axes.length) {
      throw new RecipeError(`(${position.join(", ")}) is no position in ${this.#shape()}`);
    }
    this.#check(position);
    this.#explainer ??= explainer(this.#recipe, this.#operands);
    return this.#explainer(position);
  }

  /**
   * All numbers whose position begins with `first`, in row-major order: `fill([n, c])` is a
   * feature map, `fill()` everything.
   *
   * @param into - Where they are written, if not into an array of their own.
   * @throws RecipeError if there is no such position, or `into` is of another length.
   */
  fill(first?: readonly number[]): Float32Array<ArrayBuffer>;
  fill<T extends Float32Array | Float64Array>(first: readonly number[], into: T): T;
  fill(
    first: readonly number[] = [],
    into?: Float32Array | Float64Array,
  ): Float32Array | Float64Array {
    this.#check(first);
    const size = this.#recipe.axes
      .slice(first.length)
      .reduce((product, [, length]) => product * length, 1);
    const out = into ?? new Float32Array(size);
    if (out.length !== size) throw new RecipeError(`${size} numbers do not fit ${out.length}`);
    const last = this.#recipe.axes.at(-1);
    if (last === undefined || first.length === this.#recipe.axes.length) {
      out[0] = this.at(first).total;
      return out;
    }
    if (size === 0) return out;
    this.#filler ??= filler(this.#recipe, this.#operands, last);
    this.#filler(first, out);
    return out;
  }

  #check(position: readonly number[]): void {
    const inside = position.every((place, k) => {
      const length = this.#recipe.axes[k]?.[1] ?? 0;
      return Number.isInteger(place) && place >= 0 && place < length;
    });
    if (!inside) throw new RecipeError(`(${position.join(", ")}) is outside of ${this.#shape()}`);
  }

  #shape(): string {
    return `shape (${this.#recipe.axes.map(([, length]) => length).join(", ")})`;
  }
}

function explainer(
  recipe: Recipe,
  operands: readonly Operand[],
): (position: readonly number[]) => Outcome {
  const compiler = new Compiler(recipe, operands);
  const main = mainStep(recipe);
  const result = compiler.value(recipe.result);
  const named = recipe.steps.map((step) => ({ step, value: compiler.part(step).value }));
  const kept = named.filter(({ step }) => !step.each?.length);
  const forms = (recipe.forms ?? []).map(([name, form]) => ({
    name,
    text: spelled(form),
    value: compiler.value(form),
  }));
  const bias = biasOf(recipe, compiler);
  const terms: Collector = main
    ? collector(recipe, compiler.part(main), compiler)
    : single(recipe, compiler);
  const others = beside(recipe, compiler);
  const registers = compiler.machine.registers();
  const now = (value: Value): number => registers[value.register]!;
  return (position) => {
    begin(compiler.machine, registers, position);
    return {
      total: now(result),
      combine: main?.combine ?? "",
      bias: bias && now(bias),
      beside: others(registers),
      quantities: kept.map(({ step, value }) => ({ name: step.name, value: now(value) })),
      forms: forms.map(({ name, text, value }) => ({ name, text, value: now(value) })),
      terms: terms(registers),
    };
  };
}

/** The read that is added to the sum. */
function biasOf(recipe: Recipe, compiler: Compiler): Value | undefined {
  const { result } = recipe;
  if (!isCall(result) || result[0] !== "add" || result.length !== 3) return undefined;
  const [, step, last] = result;
  if (typeof step !== "string" || last === undefined || !isCall(last)) return undefined;
  return last[0] === "read" ? compiler.read(whole(last, 0), []).number : undefined;
}
