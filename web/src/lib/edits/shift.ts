/** How edits moved a prediction: each class with its place and probability before. */

import type { ClassChance, Prediction } from "../../wire";

/** One class, before and after. */
export interface Shift {
  readonly after: ClassChance;
  /** Its probability before. */
  readonly before: number;
  /** Its places, the best 0. */
  readonly place: number;
  readonly placeBefore: number;
}

/**
 * The first classes after, and behind them those that were among the first before.
 *
 * @param after - All classes, as `before`.
 */
export function shiftsOf(after: Prediction, before: Prediction, few: number): Shift[] {
  const old = new Map(before.top.map((one, place) => [one.number, { one, place }]));
  return after.top.flatMap((one, place) => {
    const was = old.get(one.number);
    if (!was || (place >= few && was.place >= few)) return [];
    return [{ after: one, before: was.one.probability, place, placeBefore: was.place }];
  });
}

/** Where a class came from, in a few characters: `"↑2"`; `""` where it stayed. */
export function tellMove({ place, placeBefore }: Shift): string {
  if (place === placeBefore) return "";
  return place < placeBefore ? `↑${placeBefore - place}` : `↓${place - placeBefore}`;
}
