/** The numbers that a formula reads itself, each with its name and place. */

import { quoted } from "../names";
import type { Cell } from "../selection";
import { type Explanation, inputOf, isTruth, placeOf } from "./explanation";
import { readsOf, signsOf } from "./formula";
import { tellPlace } from "./told";
import { cellOf } from "./walk";

/** One number that was read. */
export interface ReadNumber {
  readonly name: string;
  readonly place: string;
  readonly number: number;
  readonly truth: boolean;
  readonly padding: boolean;
  /** Where a click on it leads. */
  readonly to: Cell | undefined;
}

/** The numbers side by side, and the sign between them where the formula is one sum or product. */
export interface ReadNumbers {
  readonly numbers: readonly ReadNumber[];
  readonly sign: string | undefined;
}

/** What the result reads itself, not within its terms: in the formula's order where it is plain. */
export function readNumbers(explanation: Explanation): ReadNumbers {
  const { outcome, recipe, network } = explanation;
  const sign = signsOf(recipe.result);
  const order = sign === undefined ? undefined : readsOf(recipe.result);
  const factors = order
    ? order.flatMap((read) => outcome.beside.filter((factor) => factor.read === read))
    : outcome.beside;
  const numbers = factors.map((factor) => {
    const value = inputOf(explanation, factor);
    const at = placeOf(factor);
    const padding = factor.padding[0] === 1;
    return {
      name: quoted(value.name),
      place: tellPlace(at, value.shape),
      number: factor.numbers[0] ?? Number.NaN,
      truth: isTruth(value),
      padding,
      to: padding ? undefined : cellOf(network, value, at),
    };
  });
  return { numbers, sign };
}

/** Whether the op only hands a number on: its result is what it read, at another place. */
export function isMove({ recipe }: Explanation): boolean {
  const { result, steps } = recipe;
  return (
    steps.length === 0 &&
    typeof result === "object" &&
    (result[0] === "read" || (result[0] === "choose" && choosesReads(result)))
  );
}

function choosesReads(call: readonly unknown[]): boolean {
  const half = (call.length - 2) / 2;
  return call.slice(2 + half).every((part) => Array.isArray(part) && part[0] === "read");
}
