/** Every part of a formula by itself, so that the number of each can be shown. */

import { type Call, type Expression, isCall, literal } from "../recipe/expression";
import type { Recipe } from "../recipe/recipe";

const POSITIONS: ReadonlySet<string> = new Set(["read", "table", "exact"]);

/** What a part is called among the numbers. */
export function keyOf(part: Expression): string {
  return JSON.stringify(part);
}

/**
 * The recipe with every part of its formulas as a form of its own, named by {@link keyOf}, behind
 * those it has: what evaluates the recipe then tells the number of each part.
 */
export function withParts(recipe: Recipe): Recipe {
  const found = new Map<string, Call>();
  const alone = recipe.steps.filter(({ loops, each }) => loops.length === 0 && !each?.length);
  const forms = recipe.forms ?? [];
  for (const formula of [
    ...alone.map(({ term }) => term),
    recipe.result,
    ...forms.map(([, form]) => form),
  ]) {
    collect(formula, found);
  }
  return { ...recipe, forms: [...forms, ...found] };
}

function collect(part: Expression, found: Map<string, Call>): void {
  if (!isCall(part) || literal(part) !== undefined) return;
  found.set(keyOf(part), part);
  // What these have behind their names are positions, not numbers.
  if (POSITIONS.has(part[0])) return;
  for (const each of part.slice(1)) collect(each, found);
}
