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
