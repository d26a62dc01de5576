/** A channel silenced by one press, and heard again by the next. */

import type { Editing } from "../../editing.svelte";
import { editOf, withEdit } from "../../lib/edits/edits";
import type { OpSheet } from "../../wire";

/** Whether a channel of an op is silent. */
export function isSilent(editing: Editing, op: OpSheet, channel: number): boolean {
  return editOf(editing.edits, op.name, { kinds: ["silence"], channel }) !== undefined;
}

/** Silence a channel; one that is silent sounds again. */
export function toggleSilence(editing: Editing, op: OpSheet, channel: number): void {
  const of = { op: op.name, channels: [channel] };
  // A factor of one takes the place of whatever was done to the channel, and is nothing.
  const edit = isSilent(editing, op, channel)
    ? { do: "scale_channels", ...of, by: 1 }
    : { do: "silence", ...of };
  editing.set(withEdit(editing.edits, edit));
}
