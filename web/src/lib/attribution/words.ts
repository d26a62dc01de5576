/** What is said of a map of what mattered. */

import type { AttributionSheet } from "../../wire";
import { tell, tellClosely } from "../numerals";

/** What its sum is, and what it should be: how far the method keeps its promise. */
export function sumWords(
  { total, residue, score, baseline_score: base, op }: AttributionSheet,
  complete: boolean,
): string {
  const sum = told(total);
  if (residue === null || score === null || base === null) {
    const why = complete
      ? `it need not be the score, since not every way leads through ${op}`
      : "the method promises nothing of it";
    return `Score ${told(score)}; sum of the map ${sum}: ${why}.`;
  }
  const apart = `the score ${told(score)} less the baseline’s ${told(base)} is ${told(score - base)}`;
  return `Sum of the map ${sum}; ${apart}; residue ${tell(residue)}.`;
}

function told(number: number | null): string {
  return number === null ? "not finite" : tellClosely(number, 5);
}

/** A number of the map, and where: `"row 3, column 5: 0.1234"`. */
export function placeWords(row: number, column: number, number: number): string {
  return `row ${row}, column ${column}: ${tellClosely(number)}`;
}
