/** Tables of a recipe, as numbers in a row. */

import { RecipeError } from "./errors";
import { type Expression, literal } from "./expression";
import type { Table } from "./recipe";

/** A table of one or two dimensions. */
export interface Rows {
  readonly numbers: Float64Array;
  readonly shape: readonly number[];
}

/**
 * A table, row after row.
 *
 * @throws RecipeError if it is missing, or has an entry that is no number.
 */
export function flattened(table: Table | undefined, place: number): Rows {
  if (table === undefined) throw new RecipeError(`the recipe has no table ${place}`);
  const flat = table.every((entry) => literalOf(entry) !== undefined);
  if (flat)
    return { numbers: Float64Array.from(table, (n) => literalOf(n)!), shape: [table.length] };
  const rows = table as readonly (readonly Expression[])[];
  const width = rows[0]?.length ?? 0;
  const numbers = rows.flatMap((row) => (row.length === width ? row.map(literalOf) : [undefined]));
  if (numbers.includes(undefined)) {
    throw new RecipeError(`table ${place} has rows that are not numbers, or not of one length`);
  }
  return { numbers: Float64Array.from(numbers, (n) => n!), shape: [rows.length, width] };
}

function literalOf(entry: Expression | readonly Expression[]): number | undefined {
  return Array.isArray(entry) && entry[0] !== "number" ? undefined : literal(entry as Expression);
}
