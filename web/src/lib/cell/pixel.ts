/** The pixel that a number of the network's input came from. */

import type { Tensor } from "../../source";
import { tellExactly } from "./told";

/** A pixel of the photo, and how its level became the number. */
export interface Pixel {
  readonly row: number;
  readonly column: number;
  /** The levels of all its channels, 0 to 255. */
  readonly levels: readonly number[];
  /** Which of them the number came from; undefined where the photo has no such channel. */
  readonly channel: number | undefined;
  /** The arithmetic, where the preprocessing tells it and it gives the recorded number. */
  readonly made: string | undefined;
}

/** The pixel of a position in the input; undefined where the photo has none there. */
export function pixelOf(
  photo: Tensor,
  at: readonly number[],
  recorded: number | undefined,
  preprocessing: string | undefined,
): Pixel | undefined {
  const [height = 0, width = 0, channels = 0] = photo.shape;
  const [row = -1, column = -1] = at.slice(-2);
  if (row < 0 || column < 0 || row >= height || column >= width) return undefined;
  const first = (row * width + column) * channels;
  const levels = [...photo.data.slice(first, first + channels)];
  const place = at.at(-3) ?? 0;
  const channel = place < channels ? place : undefined;
  const level = levels[place];
  const made =
    level === undefined || recorded === undefined || preprocessing === undefined
      ? undefined
      : arithmetic(level, place, recorded, preprocessing);
  return { row, column, levels, channel, made };
}

/** `"(123 / 255 − 0.485) / 0.229"`; undefined where that does not give the recorded number. */
function arithmetic(
  level: number,
  channel: number,
  recorded: number,
  preprocessing: string,
): string | undefined {
  const [, sign, by = ""] = /(?:^|, )x([/*])([\d.e+-]+)(?:,|$)/.exec(preprocessing) ?? [];
  const factor = sign === "/" ? 1 / Number(by) : sign === "*" ? Number(by) : 1;
  const mean = numberIn(preprocessing, "mean", channel);
  const std = numberIn(preprocessing, "std", channel);
  if (mean === undefined || std === undefined) return undefined;
  const found = (level * factor - mean) / std;
  // The words round: what they do not give is not claimed.
  if (!(Math.abs(found - recorded) <= 1e-5 * Math.max(1, Math.abs(recorded)))) return undefined;
  const scaled = sign === undefined ? `${level}` : `${level} ${sign === "/" ? "/" : "×"} ${by}`;
  return `(${scaled} − ${tellExactly(mean)}) / ${tellExactly(std)}`;
}

/** One number for all channels, or the channel's own of `"mean (0.485, 0.456, 0.406)"`. */
function numberIn(text: string, name: string, channel: number): number | undefined {
  const [, all, one] = new RegExp(`(?:^|, )${name} (?:\\(([^)]*)\\)|([^,]+))`).exec(text) ?? [];
  const found = Number(one ?? all?.split(",")[channel] ?? Number.NaN);
  return Number.isFinite(found) ? found : undefined;
}
