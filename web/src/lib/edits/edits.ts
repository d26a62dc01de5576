/** A list of edits, as the page changes it: what is meant last about a thing is what is meant. */

import type { PlainEdit } from "../../source";

/** Which part of a weight: an index for each of its first dimensions. */
export type Place = readonly number[];

/** The edits with one more; those that it leaves nothing of are gone. */
export function withEdit(edits: readonly PlainEdit[], edit: PlainEdit): readonly PlainEdit[] {
  if (edit.do === "hide" || edit.do === "hide_patches") return [...edits, edit];
  if (edit.do === "scale_weight") return scaled(edits, edit);
  const full = edit.do === "change_window" ? merged(edits, edit) : edit;
  const first = edits.findIndex((one) => covers(full, one));
  const rest = edits.filter((one) => !covers(full, one));
  if (isEmpty(full)) return rest;
  const between = edits.slice(first + 1).some((one) => !covers(full, one) && meets(full, one));
  // Where the old one stood, unless what came after it would undo the new one.
  return first < 0 || between ? [...rest, full] : rest.toSpliced(first, 0, full);
}

/** The edit of a kind that is made of an op already, or of these channels of it. */
export function editOf(
  edits: readonly PlainEdit[],
  op: string,
  { kinds, channel }: { readonly kinds: readonly string[]; readonly channel?: number },
): PlainEdit | undefined {
  return edits.findLast(
    (one) =>
      one.op === op &&
      kinds.includes(one.do) &&
      (channel === undefined || String(one.channels) === String(channel)),
  );
}

/** The three that set the channels of an op, of which one is in force. */
export const OF_CHANNELS: readonly string[] = ["silence", "scale_channels", "fix_channels"];

function isOfWeight({ parameter }: PlainEdit): boolean {
  return typeof parameter === "string";
}

/** Whether nothing of an edit is left once another one was made. */
function covers(edit: PlainEdit, other: PlainEdit): boolean {
  if (isOfWeight(edit)) {
    if (edit.parameter !== other.parameter) return false;
    const [place, inner] = [placeOf(edit), placeOf(other)];
    return place.every((index, k) => index === inner[k]);
  }
  if (OF_CHANNELS.includes(edit.do)) {
    const same = String(edit.channels) === String(other.channels);
    return OF_CHANNELS.includes(other.do) && edit.op === other.op && same;
  }
  return edit.do === other.do && edit.op === other.op;
}

/** Whether two edits change some of the same weights. */
function meets(edit: PlainEdit, other: PlainEdit): boolean {
  if (!isOfWeight(edit) || edit.parameter !== other.parameter) return false;
  const [one, two] = [placeOf(edit), placeOf(other)];
  return one.every((index, k) => two[k] === undefined || two[k] === index);
}

function placeOf({ at }: PlainEdit): Place {
  return Array.isArray(at) ? at.map(Number) : [];
}

/** Factors one after the other are one factor. */
function scaled(edits: readonly PlainEdit[], edit: PlainEdit): readonly PlainEdit[] {
  const last = edits.findLastIndex((one) => meets(edit, one));
  const before = edits[last];
  const same = before?.do === "scale_weight" && String(before.at) === String(edit.at);
  if (!before || !same) return [...edits, edit];
  const by = Number(before.by) * Number(edit.by);
  return by === 1 ? edits.toSpliced(last, 1) : edits.with(last, { ...before, by });
}

function merged(edits: readonly PlainEdit[], edit: PlainEdit): PlainEdit {
  const before = edits.find((one) => one.do === edit.do && one.op === edit.op);
  const all = Object.entries({ ...before, ...edit }).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(all), do: edit.do };
}

/** Whether it asks for nothing: a window that is to stay as it is, noise of no strength. */
function isEmpty(edit: PlainEdit): boolean {
  if (edit.do === "add_noise") return edit.deviation === 0;
  if (edit.do === "swap_activation") return edit.to === null;
  if (edit.do === "scale_channels") return edit.by === 1;
  return edit.do === "change_window" && !("stride" in edit) && !("padding" in edit);
}
