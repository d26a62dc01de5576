/** The numbers of one sample of a value, as maps that can be drawn. */

import type { Tensor } from "../../source";
import type { OpSheet, ValueSheet } from "../../wire";
import type { Network } from "../network";
import { type Planes, planesOf, type Spot } from "../planes";
import type { Numbers } from "../recipe/operand";

/** Numbers, and where the ones that are drawn stand among them. */
export interface Maps {
  readonly numbers: Numbers;
  /** Its `start` and strides are those of `numbers`, its `at` and `spot` of the whole value. */
  readonly planes: Planes;
  /** Whether they are truth values. */
  readonly truth: boolean;
}

/** Which part of a value holds one sample: what a source is asked for. */
export function regionOfSample({ shape }: Pick<ValueSheet, "shape">, sample: number): string {
  const batch = shape.length > 1 ? (shape[0] ?? 1) : 1;
  return batch > 1 ? String(sample) : "";
}

/**
 * The maps of a sample.
 *
 * @param tensor - The whole value, or that sample alone, as {@link regionOfSample} asks for it.
 */
export function mapsOf(
  { shape, dtype }: Pick<ValueSheet, "shape" | "dtype">,
  tensor: Tensor,
  how: { readonly axis?: number; readonly sample?: number; readonly flat?: boolean } = {},
): Maps {
  const { axis = 1, sample = 0, flat = false } = how;
  const planes = planesOf(shape, axis, { sample, flat });
  const part = tensor.shape.length < shape.length;
  const before = part ? sample * tensor.data.length : 0;
  return {
    numbers: tensor.data,
    planes: before > 0 ? { ...planes, start: planes.start - before } : planes,
    truth: dtype === "bool",
  };
}

/** The number at a spot. */
export function numberAt({ numbers, planes }: Maps, { channel, y, x }: Spot): number {
  const { start, channelStride, rowStride, columnStride } = planes;
  return numbers[start + channel * channelStride + y * rowStride + x * columnStride]!;
}

/**
 * Whether a network was given single pictures without a batch around them: its values of three
 * axes are then (C, H, W).
 */
export function isFlat(network: Network): boolean {
  const flat = ({ kind, outputs }: OpSheet): boolean =>
    kind.includes("2d") && outputs.some((id) => network.byId(id).shape.length === 3);
  return network.ops.some(flat);
}

/**
 * One set of maps less another of the same size: how a number changed on its way through an op.
 *
 * @throws RangeError if they are of different sizes.
 */
export function differenceOf(after: Maps, before: Maps): Maps {
  const { count, height, width } = after.planes;
  const same = (["count", "height", "width"] as const).every(
    (side) => before.planes[side] === after.planes[side],
  );
  if (!same) throw new RangeError("maps of different sizes have no difference");
  const numbers = new Float32Array(count * height * width);
  let to = 0;
  for (let channel = 0; channel < count; channel++) {
    for (let y = 0; y < height; y++) {
      const [here, there] = [rowOf(after.planes, channel, y), rowOf(before.planes, channel, y)];
      const [step, other] = [after.planes.columnStride, before.planes.columnStride];
      for (let x = 0; x < width; x++) {
        numbers[to++] = after.numbers[here + x * step]! - before.numbers[there + x * other]!;
      }
    }
  }
  const strides = { start: 0, channelStride: height * width, rowStride: width, columnStride: 1 };
  return { numbers, planes: { ...after.planes, ...strides }, truth: false };
}

/** Where a row begins among the numbers. */
export function rowOf(planes: Planes, channel: number, y: number): number {
  return planes.start + channel * planes.channelStride + y * planes.rowStride;
}
