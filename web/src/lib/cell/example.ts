/** A number to begin with, where the user has chosen none. */

import type { Network } from "../network";
import { type Numbers, strides } from "../recipe/operand";
import { largest } from "./ranking";

/**
 * The op whose numbers are shown: the one that is looked at, or of the network's input, which
 * nobody made, the first that looks at it through a window; undefined where nobody knows how its
 * numbers are made.
 */
export function exampleOp(network: Network, op: number | null, output = 0): number | undefined {
  if (op !== null) return network.recipe(op, output) && op;
  const made = network.ops.filter(({ index }) => network.recipe(index));
  return (made.find(({ geometry }) => geometry.kernel) ?? made[0])?.index;
}

/** The place of the largest number of a sample; undefined where there is no number. */
export function largestPlace(
  data: Numbers,
  shape: readonly number[],
  sample: number,
): number[] | undefined {
  const batch = shape.length > 1 ? (shape[0] ?? 1) : 1;
  const size = data.length / Math.max(batch, 1);
  const start = Math.min(sample, batch - 1) * size;
  const [found] = largest(data.subarray(start, start + size), 1);
  if (found === undefined) return undefined;
  return strides(shape).map((along, k) => Math.floor((start + found) / along) % shape[k]!);
}
