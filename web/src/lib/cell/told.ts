/** How the account of one number is told in words, as the Python side tells it. */

import { tell } from "../numerals";
import { mainStep } from "../recipe/recipe";
import { type Explanation, residueOf, scaleOf } from "./explanation";

/** The number with as many significant digits as float32 has at most: `"−0.1"`. */
export function tellExactly(number: number, digits = 9): string {
  if (!Number.isFinite(number) || number === 0) return tell(number);
  const [mantissa = "", power = "0"] = number.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  const plain = exponent >= -4 && exponent < Math.max(digits, 9);
  const text = plain
    ? String(Number(number.toPrecision(digits)))
    : `${Number(mantissa)}e${exponent}`;
  return text.replaceAll("-", "−");
}

/** Every digit that a double has. */
export function tellFully(number: number): string {
  return Number.isFinite(number) ? String(number).replaceAll("-", "−") : tell(number);
}

/** `"+1.2e−7"`: a number that is a difference says in which direction. */
export function tellSigned(number: number, digits = 3): string {
  return number > 0 ? `+${tellExactly(number, digits)}` : tellExactly(number, digits);
}

/** A truth value or a number. */
export function tellTruth(number: number): string {
  return number === 0 ? "false" : "true";
}

/** A position without the axis of one sample: `"[54, 30, 31]"`. */
export function tellPlace(at: readonly number[], shape: readonly number[]): string {
  const shown = at.length > 1 && shape[0] === 1 && at[0] === 0 ? at.slice(1) : at;
  return `[${shown.join(", ").replaceAll("-", "−")}]`;
}

/** What is left between recorded and recomputed, and its share of the absolute terms. */
export function tellResidue(explanation: Explanation): string {
  const residue = residueOf(explanation);
  if (residue === undefined) return "not known";
  if (residue === 0) return "0, exactly";
  const scale = scaleOf(explanation);
  if (!Number.isFinite(residue) || !(scale !== undefined && scale > 0)) return tellSigned(residue);
  const share = tellExactly(Math.abs(residue) / scale, 2);
  return `${tellSigned(residue)}, which is ${share} of the absolute terms`;
}

/** How many places of the window have no term: beyond the input, or between its numbers. */
export function leftOut({ recipe, outcome }: Explanation): number {
  const main = mainStep(recipe);
  if (!main) return 0;
  return main.loops.reduce((product, [, length]) => product * length, 1) - outcome.terms.count;
}
