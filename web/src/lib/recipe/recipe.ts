/** Recipes as a saved trace carries them: how one output value of an op is made, as plain data. */

import { RecipeError } from "./errors";
import type { Expression } from "./expression";

/** The version of the notation that is understood here. */
export const VERSION = 1;

/** A name and how many positions it has. */
export type Axis = readonly [name: string, length: number];

/** How the terms of a step come together. */
export type Combine = "sum" | "mean" | "max" | "min" | "prod" | "any" | "all";

/** Where one factor of the arithmetic is read. */
export interface Read {
  /** Position in the op's inputs. */
  readonly operand: number;
  /** An expression for each dimension of the operand. */
  readonly index: readonly Expression[];
  /**
   * Past the operand's ends: absent, the index never goes there; `"skip"`, there is no such
   * term; a number, that is read (padding).
   */
  readonly beyond?: Expression;
  /** For each dimension the first position and the one after the last where `beyond` holds. */
  readonly limits?: readonly (readonly [low: number, high: number])[];
}

/** A number on the way: terms over all positions of the loops, combined. */
export interface Step {
  readonly name: string;
  readonly loops: readonly Axis[];
  readonly combine: Combine;
  readonly term: Expression;
  /** Loops of other steps that this one keeps apart: a number for every position of them. */
  readonly each?: readonly Axis[];
}

/** Rows of one or two dimensions. */
export type Table = readonly (Expression | readonly Expression[])[];

/** How an op makes one value of one output. */
export interface Recipe {
  readonly axes: readonly Axis[];
  readonly reads: readonly Read[];
  readonly steps: readonly Step[];
  readonly result: Expression;
  readonly tables?: readonly Table[];
  /** Other ways to write the result, with a name each. */
  readonly forms?: readonly (readonly [name: string, form: Expression])[];
}

/** All recipes of a trace: its metadata entry `layerwalk.recipes`. */
export interface Book {
  readonly version: number;
  readonly recipes: readonly Recipe[];
  /** For each op, for each of its outputs, the place of its recipe, or null. */
  readonly ops: readonly (readonly (number | null)[])[];
}

/**
 * The book of recipes in a trace's metadata.
 *
 * @throws RecipeError if it is of another version, or no such book.
 */
export function opened(text: string): Book {
  const found: unknown = JSON.parse(text);
  if (!isBook(found)) throw new RecipeError("this is no book of recipes");
  if (found.version !== VERSION) {
    throw new RecipeError(
      `the recipes are of version ${found.version}, and this page reads version ${VERSION}: ` +
        "open the trace with a newer Layerwalk",
    );
  }
  return found;
}

function isBook(found: unknown): found is Book {
  if (typeof found !== "object" || found === null) return false;
  // A newer version may be of another form: whoever asks is to hear of the version.
  if (!("version" in found) || typeof found.version !== "number") return false;
  if (found.version !== VERSION) return true;
  return (
    "recipes" in found && Array.isArray(found.recipes) && "ops" in found && Array.isArray(found.ops)
  );
}

/** The recipe of an op's output, or undefined where its arithmetic is not known. */
export function recipeOf(book: Book, op: number, output = 0): Recipe | undefined {
  const place = book.ops[op]?.[output] ?? null;
  return place === null ? undefined : book.recipes[place];
}

/** The step whose terms are shown: the last that goes over a loop. */
export function mainStep(recipe: Recipe): Step | undefined {
  return recipe.steps.findLast((step) => step.loops.length > 0);
}
