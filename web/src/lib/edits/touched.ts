/** Which channels edits are about: their own, and those that were made of them one by one. */

import type { PlainEdit } from "../../source";
import { counterparts } from "../channels/comparison";
import type { Network } from "../network";
import { OF_CHANNELS } from "./edits";

/** For each op that has some, the channels of its first output that an edit changed by name. */
export function touchedChannels(
  network: Network,
  edits: readonly PlainEdit[],
): ReadonlyMap<number, readonly number[]> {
  const touched = new Map<number, readonly number[]>();
  for (const op of network.ops) {
    const found = new Set(edits.flatMap((edit) => named(network, op.index, edit)));
    // What an activation or a pooling makes of channel 2 is its channel 2.
    for (const { value } of touched.size > 0 ? counterparts(network, op, 0) : []) {
      for (const channel of touched.get(value.op ?? -1) ?? []) found.add(channel);
    }
    if (found.size > 0) touched.set(op.index, [...found]);
  }
  return touched;
}

function named(network: Network, index: number, edit: PlainEdit): readonly number[] {
  const { name, kind, inputs } = network.op(index);
  if (OF_CHANNELS.includes(edit.do)) {
    return edit.op === name && Array.isArray(edit.channels) ? edit.channels.map(Number) : [];
  }
  const at: unknown = edit.at;
  if (!Array.isArray(at) || at.length === 0) return [];
  const isRead = inputs.some((id) => network.byId(id).name === edit.parameter);
  // The weight of a transposed convolution has its output channels second.
  const place = kind.startsWith("conv_transpose") && at.length > 1 ? 1 : 0;
  return isRead ? [Number(at[place])] : [];
}
