/** Which inputs of an op can be laid beside its output, channel by channel. */

import type { OpSheet, ValueSheet } from "../../wire";
import type { Network } from "../network";
import { type Planes, planesOf } from "../planes";
import { areAlike } from "./maps";

/** An input whose channel k became the output's channel k. */
export interface Counterpart {
  readonly value: ValueSheet;
  /** Whether its maps are of the same size, so that they can be subtracted. */
  readonly same: boolean;
}

/**
 * The inputs that an output can be compared with: its recipe reads channel c of them for channel c
 * of the output, as activations, batch norm, pooling, depthwise convolutions and sums do.
 */
export function counterparts(network: Network, op: OpSheet, output: number): Counterpart[] {
  const after = network.value(op.index, output);
  const recipe = network.recipe(op.index, output);
  if (!after || !recipe) return [];
  const here = channelsOf(network, after);
  const name = recipe.axes[here.axis]?.[0];
  const found = op.inputs.flatMap((id, operand): Counterpart[] => {
    const value = network.byId(id);
    if (value.role !== "result" && value.role !== "input") return [];
    const there = channelsOf(network, value);
    const reads = recipe.reads.some(
      (read) => read.operand === operand && read.index[there.axis] === name,
    );
    if (!reads || there.planes.count !== here.planes.count) return [];
    const same = areAlike(there.planes, here.planes);
    const drawable = here.planes.layout !== "plane" && there.planes.layout !== "plane";
    return same || drawable ? [{ value, same }] : [];
  });
  return found.filter(({ value }, k) => found.findIndex((one) => one.value.id === value.id) === k);
}

function channelsOf(network: Network, value: ValueSheet): { axis: number; planes: Planes } {
  const { shape } = value;
  const axis = network.channelAxis(value);
  return { axis: (axis + shape.length) % Math.max(1, shape.length), planes: planesOf(shape, axis) };
}
