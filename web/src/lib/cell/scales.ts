/** The colour scales of maps and of the few numbers of a window. */

import {
  chooseScale,
  fixedScale,
  type MapName,
  type Run,
  type Scale,
  type Scope,
  type Tally,
  tally,
} from "../colour";
import { tellRange } from "../numerals";
import type { Numbers } from "../recipe/operand";

/** How the user has layers drawn. */
export interface Drawn {
  readonly map: MapName | "auto";
  readonly scope: Scope;
  /** The ends of a fixed scale. */
  readonly limits: readonly [low: number, high: number];
}

// Of a whole layer, counted once: a window moves over it many times a second.
const known = new WeakMap<Numbers, Tally>();

function counted(numbers: Numbers): Tally {
  const found = known.get(numbers) ?? tally(numbers);
  known.set(numbers, found);
  return found;
}

/**
 * The scale that a layer is drawn with, as the user has it: the whole layer's, the channel's own,
 * or a fixed one.
 *
 * @param channel - Which of the numbers are the channel's.
 */
export function layerScale(
  numbers: Numbers,
  { map, scope, limits }: Drawn,
  channel?: Run,
  truth = false,
): Scale {
  const wanted = map === "auto" ? undefined : map;
  if (scope === "fixed") return fixedScale(limits, wanted);
  const layer = counted(numbers);
  if (scope === "layer" || !channel) return chooseScale(layer, { map: wanted, truth });
  // A channel without negative numbers, in a layer that has some, is drawn as its neighbours.
  const signed = layer.low < 0;
  return chooseScale(tally(numbers, channel), { map: wanted, scope: "channel", signed, truth });
}

/** The scale of a kernel or of products: about zero, to the largest of these numbers. */
export function ownScale(numbers: Numbers): Scale {
  return chooseScale(tally(numbers), { map: "bluered", scope: "channel" });
}

/** A scale's range and what it was chosen from: `"−0.35 to 0.35, of this kernel"`. */
export function tellScale({ low, high, scope }: Scale, own: string): string {
  const from = { layer: "of the whole layer", channel: own, fixed: "fixed" }[scope];
  return `${tellRange(low, high)}, ${from}`;
}
