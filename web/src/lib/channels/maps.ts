/** The numbers of one sample of a value, as maps that can be drawn. */

import type { Tensor } from "../../source";
import type { ValueSheet } from "../../wire";
import { type Choice, type Planes, planesOf, type Spot } from "../planes";
import type { Numbers } from "../recipe/operand";

/** Numbers, and where the ones that are drawn stand among them. */
export interface Maps {
  readonly numbers: Numbers;
  /** Its `start` and strides are those of `numbers`, its `at` and `spot` of the whole value. */
  readonly planes: Planes;
  /** Whether they are truth values. */
  readonly truth: boolean;
}

/** Which part of a value of so many samples holds one: what a source is asked for. */
export function regionOfSample(samples: number, sample: number): string {
  return samples > 1 ? String(sample) : "";
}

/**
 * The maps of a sample.
 *
 * @param tensor - The whole value, or that sample alone, as {@link regionOfSample} asks for it.
 */
export function mapsOf(
  { shape, dtype }: Pick<ValueSheet, "shape" | "dtype">,
  tensor: Tensor,
  { axis = 1, ...choice }: Choice & { readonly axis?: number } = {},
): Maps {
  const planes = planesOf(shape, axis, choice);
  const part = tensor.shape.length < shape.length;
  const before = part ? (choice.sample ?? 0) * tensor.data.length : 0;
  const [start, starts] = [planes.start - before, planes.starts.map((from) => from - before)];
  return {
    numbers: tensor.data,
    planes: { ...planes, start, starts },
    truth: dtype === "bool",
  };
}

/** The number at a spot. */
export function numberAt({ numbers, planes }: Maps, { channel, y, x }: Spot): number {
  const { start, channelStride, rowStride, columnStride } = planes;
  return numbers[start + channel * channelStride + y * rowStride + x * columnStride]!;
}

/**
 * One set of maps less another of the same size: how a number changed on its way through an op.
 *
 * @throws RangeError if they are of different sizes.
 */
export function differenceOf(after: Maps, before: Maps): Maps {
  if (!areAlike(after.planes, before.planes)) {
    throw new RangeError("maps of different sizes have no difference");
  }
  const { count, height, width, starts } = after.planes;
  const size = count * height * width;
  const numbers = new Float32Array(starts.length * size);
  const [step, other] = [after.planes.columnStride, before.planes.columnStride];
  let to = 0;
  starts.forEach((start, slice) => {
    const [here, there] = [
      { ...after.planes, start },
      { ...before.planes, start: before.planes.starts[slice]! },
    ];
    for (let channel = 0; channel < count; channel++) {
      for (let y = 0; y < height; y++) {
        const [one, two] = [rowOf(here, channel, y), rowOf(there, channel, y)];
        for (let x = 0; x < width; x++) {
          numbers[to++] = after.numbers[one + x * step]! - before.numbers[two + x * other]!;
        }
      }
    }
  });
  const planes: Planes = {
    ...after.planes,
    start: starts.indexOf(after.planes.start) * size,
    starts: starts.map((_, slice) => slice * size),
    channelStride: height * width,
    rowStride: width,
    columnStride: 1,
  };
  return { numbers, planes, truth: false };
}

/** Whether maps have the same size, slice by slice. */
export function areAlike(one: Planes, other: Planes): boolean {
  const sides = ["count", "height", "width"] as const;
  return (
    sides.every((side) => one[side] === other[side]) && one.starts.length === other.starts.length
  );
}

/** Where a row begins among the numbers. */
export function rowOf(planes: Planes, channel: number, y: number): number {
  return planes.start + channel * planes.channelStride + y * planes.rowStride;
}
