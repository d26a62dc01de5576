/** How the numbers of a layer are spelled in its cells: all alike. */

import { chooseDecimals, tellCell } from "../numerals";
import type { Maps } from "./maps";
import { eachRow, type Statistics } from "./statistics";

export interface Digits {
  /** undefined: as powers of ten. */
  readonly decimals: number | undefined;
  /** Of the longest. */
  readonly letters: number;
}

/** How to spell these numbers, whose range is known. */
export function digitsOf(maps: Maps, { low, high, nan, infinite }: Statistics): Digits {
  const ends = [low, high].filter(Number.isFinite);
  const fraction = firstFraction(maps);
  const decimals = chooseDecimals(fraction === undefined ? ends : [...ends, fraction]);
  // Of powers of ten any between the ends may be the longest.
  if (decimals === undefined) return { decimals, letters: "−1.2e−10".length };
  const texts = [...ends, ...(fraction === undefined ? [] : [fraction])].map((number) =>
    tellCell(number, decimals),
  );
  const flawed = nan > 0 ? 3 : infinite > 0 ? 4 : 0;
  return { decimals, letters: Math.max(1, flawed, ...texts.map((text) => text.length)) };
}

/** The first number that is not whole. */
function firstFraction(maps: Maps): number | undefined {
  let found: number | undefined;
  for (let channel = 0; channel < maps.planes.count && found === undefined; channel++) {
    eachRow(maps, channel, (start, count, step) => {
      for (let k = 0, at = start; k < count && found === undefined; k++, at += step) {
        const number = maps.numbers[at]!;
        if (Number.isFinite(number) && !Number.isInteger(number)) found = number;
      }
    });
  }
  return found;
}
