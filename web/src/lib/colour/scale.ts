/** Which number gets which colour: the scale that fits the numbers, as in Layerwalk's figures. */

import type { MapName } from "./tables";
import type { Tally } from "./tally";

/** What a scale was chosen from; `fixed`: not from the numbers at all. */
export type Scope = "layer" | "channel" | "fixed";

export interface Scale {
  /** The numbers at the two ends of the table; on a diverging scale `low === -high`. */
  readonly low: number;
  readonly high: number;
  readonly map: MapName;
  readonly scope: Scope;
}

export interface Choice {
  /** The map to use whatever the numbers are. */
  readonly map?: MapName | undefined;
  readonly scope?: "layer" | "channel" | undefined;
  /** Whether negative numbers are possible, where these are part of something larger. */
  readonly signed?: boolean | undefined;
  /** Whether the numbers are truth values. */
  readonly truth?: boolean | undefined;
}

/**
 * A scale that fits the numbers: diverging about zero when some are negative, else from the least
 * to the greatest; truth values from 0 to 1 in grey. A constant above zero gets the scale from
 * zero to it.
 *
 * @example
 * chooseScale(tally(numbers)); // { low: -4, high: 4, map: "bluered", scope: "layer" }
 */
export function chooseScale(found: Tally, choice: Choice = {}): Scale {
  const { map, scope = "layer", truth = false } = choice;
  if (truth) return { low: map === "bluered" ? -1 : 0, high: 1, map: map ?? "grey", scope };
  let [low, high] = Number.isNaN(found.low) ? [0, 0] : [found.low, found.high];
  const signed = choice.signed ?? low < 0;
  if (map === "bluered" || (map === undefined && signed)) {
    const most = Math.max(-low, high);
    // 0 - most: a range of nothing begins at 0, not at -0.
    return { low: 0 - most, high: most, map: "bluered", scope };
  }
  if (low === high) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
  return { low, high, map: map ?? "viridis", scope };
}

/**
 * A scale whose ends the user gave.
 *
 * Zero stays in the middle of a diverging scale: uneven ends widen to the farther one, and where
 * no map was asked for, they get a sequential one.
 *
 * @throws RangeError if the ends are not finite and in order.
 */
export function fixedScale([low, high]: readonly [number, number], map?: MapName): Scale {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw new RangeError(`a scale from ${low} to ${high}: the ends must be finite and in order`);
  }
  const chosen = map ?? (low < 0 && low === -high ? "bluered" : "viridis");
  if (chosen !== "bluered") return { low, high, map: chosen, scope: "fixed" };
  const most = Math.max(Math.abs(low), Math.abs(high));
  return { low: 0 - most, high: most, map: chosen, scope: "fixed" };
}

/** Whether the scale runs both ways from zero. */
export function isDiverging({ map }: Scale): boolean {
  return map === "bluered";
}

/** What the scale was chosen from, in words. */
export function scaleWords({ scope }: Scale): string {
  return {
    fixed: "fixed scale",
    layer: "same scale for the whole layer",
    channel: "each channel its own scale",
  }[scope];
}
