/** A data set in words. */

import type { DataSheet, DataStatistics } from "../../wire";
import { tellChance, tellCount } from "../numerals";

/** `"28 × 28 pixels, grey"`; of pictures that differ, the smallest and the largest. */
export function sizeWords(found: DataStatistics, pictures: number): string {
  const { grey, sizes, least, most } = found;
  const size = ([height = 0, width = 0]: readonly number[]): string => `${width} × ${height}`;
  const colours =
    grey === pictures
      ? "grey"
      : grey === 0
        ? "in colour"
        : `${grey.toLocaleString("en-US")} grey, the others in colour`;
  if (sizes === 1) return `${size(most)} pixels, ${colours}`;
  return `${size(least)} to ${size(most)} pixels (${tellCount(sizes, "size")}), ${colours}`;
}

/** `"1,001 pictures, 10.0 %"`. */
export function shareWords({ counts, pictures }: DataSheet, label: number): string {
  const count = counts[label] ?? 0;
  return `${tellCount(count, "picture")}, ${tellChance(count / pictures)}`;
}

/** The mean or deviation of each channel, as the command line prints them: `"0.1311"`. */
export function channelWords(numbers: readonly number[]): string {
  return numbers.map((number) => number.toFixed(4)).join(", ");
}

/** A whole number from 0 in an address; undefined for anything else. */
export function wholeIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
