/** Where an op's weights of one channel lie, and how they look as pictures. */

import type { OpSheet, ValueSheet } from "../../wire";
import type { Network } from "../network";

/** The kernels of one output channel: one for each input channel. */
export interface Kernels {
  readonly op: OpSheet;
  readonly value: ValueSheet;
  readonly channel: number;
  readonly count: number;
  readonly height: number;
  readonly width: number;
}

/** Those of an op's channel; undefined where its weights are no pictures. */
export function kernelsOf(network: Network, op: OpSheet, channel: number): Kernels | undefined {
  const value = op.inputs
    .map((id) => network.byId(id))
    .find(({ role, shape }) => role === "parameter" && shape.length > 1);
  const [channels = 0, ...rest] = value?.shape ?? [];
  if (!value || channels === 0) return undefined;
  const sides = rest.length === 3 ? rest : pictureOf(network, rest[0] ?? 0);
  if (!sides || (rest.length !== 3 && rest.length !== 1)) return undefined;
  const [count = 1, height = 1, width = 1] = sides;
  return { op, value, channel: Math.min(channel, channels - 1), count, height, width };
}

/** A row of weights, one for each pixel of what the network was given, is a picture of that size. */
function pictureOf(network: Network, length: number): readonly number[] | undefined {
  return network.inputs
    .map(({ shape }) => shape.slice(-3))
    .find(
      (sides) =>
        sides.length === 3 && sides.reduce((product, side) => product * side, 1) === length,
    );
}

/** The op whose kernels are shown: the one that is looked at, or else the first that has some. */
export function opWithKernels(network: Network, chosen: number | null): OpSheet | undefined {
  const found = chosen === null ? undefined : network.op(chosen);
  if (found && kernelsOf(network, found, 0)) return found;
  return network.ops.find((op) => kernelsOf(network, op, 0));
}

/** The place of a kernel's number in the whole parameter. */
export function weightPlace(kernels: Kernels, input: number, k: number): readonly number[] {
  const { value, channel, height, width } = kernels;
  const [y, x] = [Math.floor(k / width), k % width];
  return value.shape.length === 4
    ? [channel, input, y, x]
    : [channel, (input * height + y) * width + x];
}

/** The kernels of several channels that are shown together, each from the same input channel. */
export interface KernelBlock {
  readonly first: number;
  readonly count: number;
  /** Of how many channels. */
  readonly total: number;
  /** Which part of the weights they are. */
  readonly region: string;
}

/** The block of so many channels at most with the kernels' own among them. */
export function blockOf({ value, channel }: Kernels, input: number, most: number): KernelBlock {
  const total = value.shape[0] ?? 0;
  const first = most * Math.floor(channel / most);
  const count = Math.min(most, total - first);
  const rows = `${first}:${first + count}`;
  return { first, count, total, region: value.shape.length === 4 ? `${rows},${input}` : rows };
}

/** The kernels of a block's numbers, one for each channel. */
export function kernelsIn(
  data: ArrayLike<number>,
  { value, height, width }: Kernels,
  { count }: KernelBlock,
  input: number,
): Float64Array[] {
  const size = height * width;
  const row = value.shape.length === 4 ? size : (value.shape[1] ?? size);
  const skip = value.shape.length === 4 ? 0 : input * size;
  const numbers = Float64Array.from(data);
  return Array.from({ length: count }, (_, k) =>
    numbers.subarray(k * row + skip, k * row + skip + size),
  );
}
