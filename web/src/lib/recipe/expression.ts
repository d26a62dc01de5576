/**
 * Expressions: the small language in which recipes are written, as JSON has it.
 *
 * A number, a name (an output axis, a loop, an earlier step) or a list that begins with a
 * function's name: `["add", ["mul", 2, "y"], "u", -1]` is `2*y + u - 1`. See docs/recipes.md.
 */

import { RecipeError } from "./errors";

/** A number, a name, or a function's name and its arguments. */
export type Expression = number | boolean | string | Call;

/** A function's name and its arguments. */
export type Call = readonly [string, ...Expression[]];

/** Whether the expression is a function of others. */
export function isCall(expression: Expression): expression is Call {
  return typeof expression === "object";
}

const WORDS: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
};

/**
 * The number that an expression simply is (`2.5`, `true`, `["number", "-inf"]`), if it is one.
 *
 * @throws RecipeError for a word that is no number.
 */
export function literal(expression: Expression): number | undefined {
  if (typeof expression === "number") return expression;
  if (typeof expression === "boolean") return expression ? 1 : 0;
  if (!isCall(expression) || expression[0] !== "number") return undefined;
  const number = WORDS[String(expression[1])];
  if (number === undefined) throw new RecipeError(`"${String(expression[1])}" is no number`);
  return number;
}

/**
 * The n-th argument of a call.
 *
 * @throws RecipeError where there are fewer.
 */
export function argument(call: Call, n: number): Expression {
  const found = call[n + 1];
  if (found === undefined) throw new RecipeError(`"${call[0]}" lacks argument ${n + 1}`);
  return found;
}

/**
 * The n-th argument of a call, where that is to be a whole number: which read, which table.
 *
 * @throws RecipeError where it is something else.
 */
export function whole(call: Call, n: number): number {
  const found = argument(call, n);
  if (typeof found === "number" && Number.isInteger(found)) return found;
  throw new RecipeError(`argument ${n + 1} of "${call[0]}" is to be a whole number`);
}

/** The reads that an expression uses, each once, in the order in which they appear. */
export function readsIn(expression: Expression): number[] {
  const found = new Set<number>();
  const walk = (part: Expression): void => {
    if (!isCall(part)) return;
    if (part[0] === "read") found.add(whole(part, 0));
    else for (const each of part.slice(1)) walk(each);
  };
  walk(expression);
  return [...found];
}
