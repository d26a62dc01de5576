/** What a value holds, in short: its range, its zeros, its strongest channels. */

import type { Tensor } from "../source";
import type { Digest, OpSheet } from "../wire";
import { planesOf } from "./planes";

/** The digest of an op's first output; see the wire's `Digest`. */
export function digestOf(op: OpSheet, tensor: Tensor): Digest {
  const { data, shape } = tensor;
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
    strongest: strongest(tensor, planesOf(shape, op.channel_axis)).slice(0, 3),
  };
}

/** The channels of the drawn sample by their mean magnitude, the strongest first. */
function strongest({ data }: Tensor, planes: ReturnType<typeof planesOf>): number[] {
  const { count, height, width, start, channelStride, rowStride, columnStride } = planes;
  const strengths = new Float64Array(count);
  for (let c = 0; c < count; c++) {
    for (let y = 0; y < height; y++) {
      const row = start + c * channelStride + y * rowStride;
      for (let x = 0; x < width; x++) strengths[c]! += Math.abs(data[row + x * columnStride]!);
    }
  }
  return [...strengths.keys()].sort((a, b) => strengths[b]! - strengths[a]! || a - b);
}
