/** The part of the photo that a number was made of, as a box and in words. */

import type { FieldSheet, PhotoSheet } from "../../wire";

/** A box on a picture: the first row and column, and how many. */
export interface Box {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** A receptive field on the photo. */
export interface PhotoField {
  /** What lies on the photo; undefined where nothing does. */
  readonly box: Box | undefined;
  /** `"11×11 px, 4 of them beyond the edge"`. */
  readonly words: string;
}

/** The field where the network's input has the photo's rows and columns; undefined elsewhere. */
export function photoField(
  { spans }: FieldSheet,
  { height, width }: Pick<PhotoSheet, "height" | "width">,
): PhotoField | undefined {
  const [down, across] = spans.slice(-2);
  if (!down || !across || down.length !== height || across.length !== width) return undefined;
  const free = [down.free_stop - down.free_first, across.free_stop - across.free_first] as const;
  const box = {
    y: down.first,
    x: across.first,
    height: down.stop - down.first,
    width: across.stop - across.first,
  };
  const inside = box.height * box.width;
  if (free[0] * free[1] === 0) return { box: undefined, words: "no pixel of the photo" };
  const beyond = free[0] * free[1] - inside;
  const size = `${free[0].toLocaleString("en-US")}×${free[1].toLocaleString("en-US")} px`;
  const words = beyond > 0 ? `, ${beyond.toLocaleString("en-US")} of them beyond the edge` : "";
  return { box: inside > 0 ? box : undefined, words: `${size}${words}` };
}

/** The box about all places, in their last two dimensions, as far as it lies on the map. */
export function boxAbout(
  places: Iterable<readonly number[]>,
  shape: readonly number[],
): Box | undefined {
  const [height = 1, width = 1] = shape.slice(-2);
  let [top, left] = [height, width];
  let [bottom, right] = [-1, -1];
  for (const place of places) {
    const [y = 0, x = 0] = place.slice(-2);
    [top, bottom] = [Math.min(top, Math.max(y, 0)), Math.max(bottom, Math.min(y, height - 1))];
    [left, right] = [Math.min(left, Math.max(x, 0)), Math.max(right, Math.min(x, width - 1))];
  }
  if (bottom < top || right < left) return undefined;
  return { y: top, x: left, height: bottom - top + 1, width: right - left + 1 };
}
