/** Numbers as pixels, and the colours beside them. */

import type { Numbers } from "../recipe/operand";
import { entriesFor, writeEntries } from "./entries";
import { isDiverging, type Scale } from "./scale";
import { type Colour, colourTable, EXTRA, FLAWED, pixelTable } from "./tables";
import { type Run, tally } from "./tally";

/**
 * The colours of numbers, four bytes each (red, green, blue, opaque), for an `ImageData`. NaN and
 * infinity take the map's extra colour. Nothing is smoothed.
 *
 * @param run - Which of the numbers; all of them otherwise.
 */
export function colourise(
  numbers: Numbers,
  scale: Scale,
  run: Run = { start: 0, count: numbers.length, step: 1 },
): Uint8ClampedArray<ArrayBuffer> {
  const { nan, infinite } = tally(numbers, run);
  const entries = entriesFor(run.count, nan + infinite > 0);
  writeEntries(numbers, run, scale, entries, 0);
  const table = pixelTable(scale.map);
  const pixels = new Uint32Array(run.count);
  for (let k = 0; k < run.count; k++) pixels[k] = table[entries[k]!]!;
  return new Uint8ClampedArray(pixels.buffer);
}

/** The colour of one number. */
export function colourOf(number: number, scale: Scale): Colour {
  const entries = entriesFor(1, true);
  writeEntries(Float64Array.of(number), { start: 0, count: 1, step: 1 }, scale, entries, 0);
  return tableColour(scale, entries[0]!);
}

/** The scale's own colours from low to high, so many of them. */
export function colourRamp(scale: Scale, length: number): Colour[] {
  const entries = isDiverging(scale) ? 255 : 256;
  return Array.from({ length }, (_, k) =>
    tableColour(scale, Math.floor(((k + 0.5) * entries) / length)),
  );
}

/**
 * Whether white text reads better than ink on a colour, by the contrast ratio of WCAG 2.2: the
 * two are equal at a relative luminance of 0.20.
 */
export function dark([red, green, blue]: Colour): boolean {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) < 0.2;
}

const darkness = new Map<string, Uint8Array>();

/** For each entry of a map, the extra one too, whether white text reads better on it. */
export function darkEntries({ map }: Pick<Scale, "map">): Uint8Array {
  const known = darkness.get(map);
  if (known) return known;
  const table = pixelTable(map);
  const found = Uint8Array.from(table, (pixel) => Number(dark(colourIn(pixel))));
  darkness.set(map, found);
  return found;
}

/** A colour as style sheets spell it. */
export function cssColour([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}

function colourIn(pixel: number): Colour {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

function tableColour({ map }: Scale, entry: number): Colour {
  if (entry === FLAWED) return EXTRA[map];
  const table = colourTable(map);
  return [table[3 * entry]!, table[3 * entry + 1]!, table[3 * entry + 2]!];
}

function linear(byte: number): number {
  const share = byte / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
