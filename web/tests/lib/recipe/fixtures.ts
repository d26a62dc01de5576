/** The fixtures that every evaluator must reproduce, and what keeps one from being reproduced. */

import { readFileSync } from "node:fs";
import { Evaluator, type Outcome } from "../../../src/lib/recipe/evaluate";
import { type Operand, operand } from "../../../src/lib/recipe/operand";
import type { Recipe } from "../../../src/lib/recipe/recipe";

type Plain = number | boolean;

/** One value of a fixture, as scripts/recipe_fixtures.py writes it. */
export interface Told {
  readonly index: readonly number[];
  readonly recorded: Plain;
  readonly total: Plain;
  readonly scale: number;
  readonly quantities: Readonly<Record<string, Plain>>;
  readonly forms: Readonly<Record<string, number>>;
  readonly terms: {
    readonly results: readonly Plain[];
    readonly numbers: readonly (readonly Plain[])[];
    readonly places: readonly (readonly (readonly number[])[])[];
    readonly padding: readonly (readonly number[])[];
  };
}

/** One fixture. */
export interface Fixture {
  readonly name: string;
  readonly kind: string;
  readonly recipe: Recipe;
  readonly operands: readonly {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly numbers: readonly Plain[];
  }[];
  readonly values: readonly Told[];
}

const PATH = new URL("../../../../tests/recipes/fixtures.json", import.meta.url);

/** All of them. */
export const FIXTURES: readonly Fixture[] = (
  JSON.parse(readFileSync(PATH, "utf-8")) as { fixtures: Fixture[] }
).fixtures;

/** The fixture of this name. */
export function fixture(name: string): Fixture {
  const found = FIXTURES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return found;
}

/** The operands, as arrays of their own kinds. */
export function operandsOf({ operands }: Fixture): Operand[] {
  return operands.map(({ dtype, shape, numbers }) => {
    const plain = numbers.map(Number);
    if (dtype === "bool") return operand(Uint8Array.from(plain), shape);
    if (dtype === "int64") return operand(BigInt64Array.from(plain, BigInt), shape);
    if (dtype === "float32") return operand(Float32Array.from(plain), shape);
    throw new Error(`a fixture of ${dtype}`);
  });
}

/** What the evaluator gives otherwise than the fixture tells; nothing, if it is right. */
export function differences(told: Fixture): string[] {
  const evaluator = new Evaluator(told.recipe, operandsOf(told));
  return told.values.flatMap((value) => {
    const where = `${told.name} at (${value.index.join(", ")})`;
    return unlike(evaluator.at(value.index), value).map((what) => `${where}: ${what}`);
  });
}

function unlike(found: Outcome, told: Told): string[] {
  const { terms, quantities, forms } = found;
  const named = (all: readonly { name: string; value: number }[]): Record<string, number> =>
    Object.fromEntries(all.map(({ name, value }) => [name, value]));
  const places = terms.factors.map(({ places, rank }) =>
    Array.from({ length: terms.count }, (_, k) => [...places.slice(k * rank, (k + 1) * rank)]),
  );
  const padding = terms.factors.map((factor) =>
    [...factor.padding].flatMap((mark, k) => (mark ? [k] : [])),
  );
  const parts: [string, unknown, unknown][] = [
    ["total", found.total, told.total],
    ["quantities", named(quantities), told.quantities],
    ["forms", named(forms), told.forms],
    ["count", terms.count, told.terms.results.length],
    ["results", [...terms.results], told.terms.results],
    ["numbers", terms.factors.map((factor) => [...factor.numbers]), told.terms.numbers],
    ["places", places, told.terms.places],
    ["padding", padding, told.terms.padding],
  ];
  return parts
    .filter(([, one, other]) => !close(one, other))
    .map(([what, one, other]) => `${what}: ${JSON.stringify(one)}, not ${JSON.stringify(other)}`);
}

/** Equal, but for the last bits of what machines reckon differently. */
export function close(one: unknown, other: unknown): boolean {
  if (typeof one === "object" && typeof other === "object" && one && other) {
    const [mine, yours] = [Object.entries(one), Object.entries(other)];
    const same = (key: string, value: unknown): boolean =>
      Object.hasOwn(other, key) && close(value, (other as Record<string, unknown>)[key]);
    return mine.length === yours.length && mine.every(([key, value]) => same(key, value));
  }
  const [a, b] = [Number(one), Number(other)];
  return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(b), 1);
}
