/** What a value holds, in short: its range, its zeros, its strongest channels. */

import type { Tensor } from "../source";
import type { Digest, OpSheet } from "../wire";
import { strides } from "./recipe/operand";

/** The digest of an op's first output; see the wire's `Digest`. */
export function digestOf(op: OpSheet, tensor: Tensor): Digest {
  const { data } = tensor;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [zeros, nan, infinite] = [0, 0, 0];
  for (const number of data) {
    if (Number.isFinite(number)) {
      if (number < low) low = number;
      if (number > high) high = number;
      if (number === 0) zeros++;
    } else if (Number.isNaN(number)) nan++;
    else infinite++;
  }
  const found = low <= high;
  return {
    op: op.index,
    low: found ? low : null,
    high: found ? high : null,
    zeros,
    nan,
    infinite,
    size: data.length,
    strongest: tensor.shape.length < 2 ? [] : strongest(tensor, op.channel_axis).slice(0, 3),
  };
}

/** The channels of the first sample by their mean magnitude, the strongest first. */
function strongest({ data, shape }: Tensor, axis: number): number[] {
  const channel = (axis + shape.length) % shape.length;
  const [along, count] = [strides(shape)[channel]!, shape[channel]!];
  const strengths = new Float64Array(count);
  const size = data.length / Math.max(1, shape[0]!);
  for (let k = 0; k < size; k++) strengths[Math.floor(k / along) % count]! += Math.abs(data[k]!);
  return [...strengths.keys()].sort((a, b) => strengths[b]! - strengths[a]! || a - b);
}
