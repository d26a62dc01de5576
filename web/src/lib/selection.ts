/** What the user looks at: one typed thing, kept in the page's address. */

import { quoted } from "./names";
import type { Network } from "./network";
import { planesOf } from "./planes";

/** One number: a place in an op's output. */
export interface Cell {
  /** null: the network's input. */
  readonly op: number | null;
  readonly output: number;
  readonly at: readonly number[];
}

export interface Selection {
  /** The op that is looked at; null: the network's input. */
  readonly op: number | null;
  /** Which of its outputs. */
  readonly output: number;
  /** Which picture of a batch. */
  readonly sample: number;
  readonly channel: number | null;
  /** Which slice of a volume is drawn, unless a number was chosen; null: the middle. */
  readonly slice: readonly number[] | null;
  /** The place of one number in the whole output. */
  readonly at: readonly number[] | null;
  /** The numbers from which the user walked back to this one, the first first. */
  readonly trail: readonly Cell[];
}

export const START: Selection = {
  op: null,
  output: 0,
  sample: 0,
  channel: null,
  slice: null,
  at: null,
  trail: [],
};

/** What an address asks for and this network does not have, in a sentence; "" if nothing. */
export function lacking(said: URLSearchParams, network: Network): string {
  const { op, at } = fromAddress(said, network);
  const [name, place] = [said.get("op"), said.get("at")];
  if (name !== null && op === null) return `${network.sheet.name} has no layer “${name}”.`;
  if (place === null || at) return "";
  const shape =
    network.value(op, counted(said.get("output"), Number.MAX_SAFE_INTEGER))?.shape ?? [];
  return `${name === null ? "The input" : quoted(name)} has no number at [${place}]: its shape is [${shape.join(", ")}].`;
}

/** The selection as the part of an address behind the `#`, without the trace. */
export function toAddress(selection: Selection, network: Network): URLSearchParams {
  const { op, output, sample, channel, slice, at, trail } = selection;
  const said = new URLSearchParams();
  if (op !== null) said.set("op", network.op(op).name);
  if (output !== 0) said.set("output", String(output));
  if (sample !== 0) said.set("sample", String(sample));
  if (at) said.set("at", at.join(","));
  else if (channel !== null) said.set("channel", String(channel));
  if (slice && !at) said.set("slice", slice.join(","));
  if (trail.length > 0) said.set("trail", trail.map(cellToText).join("~"));
  return said;
}

/** The selection that an address means; what does not fit the network is left out. */
export function fromAddress(said: URLSearchParams, network: Network): Selection {
  const name = said.get("op");
  const found = name === null ? undefined : network.named(name);
  const op = found?.index ?? null;
  if (name !== null && op === null) return START;
  const output = counted(said.get("output"), found ? found.outputs.length : network.inputs.length);
  const value = network.value(op, output);
  const shape = value?.shape ?? [];
  const cuts = value ? planesOf(shape, network.channelAxis(value)).cuts : [];
  const at = placeFrom(said.get("at"), shape);
  const batch = value ? network.samples(value) : 1;
  // A number is of one picture of the batch, whatever else the address says.
  const sample = at && batch > 1 ? at[0]! : counted(said.get("sample"), batch);
  const channel = said.get("channel");
  const trail = (said.get("trail") ?? "")
    .split("~")
    .map((text) => cellFromText(text, network))
    .filter((cell) => cell !== undefined);
  return {
    op,
    output,
    sample,
    channel: channel === null ? null : counted(channel, Number.MAX_SAFE_INTEGER),
    slice: at
      ? null
      : placeFrom(
          said.get("slice"),
          cuts.map(({ length }) => length),
        ),
    at,
    trail: at ? trail : [],
  };
}

function cellToText({ op, output, at }: Cell): string {
  return `${op ?? "input"}:${output}:${at.join(",")}`;
}

function cellFromText(text: string, network: Network): Cell | undefined {
  const [op = "", output = "", at = ""] = text.split(":");
  const index = op === "input" ? null : counted(op, network.ops.length);
  if (text === "" || (index !== null && String(index) !== op)) return undefined;
  const value = network.value(index, Number(output));
  const place = value && placeFrom(at, value.shape);
  return place ? { op: index, output: Number(output), at: place } : undefined;
}

function placeFrom(text: string | null, shape: readonly number[]): number[] | null {
  if (text === null) return null;
  const places = text === "" ? [] : text.split(",").map(Number);
  const fits =
    places.length === shape.length &&
    places.every((place, k) => Number.isInteger(place) && place >= 0 && place < shape[k]!);
  return fits ? places : null;
}

/** A whole number from 0 and below the end; 0 for anything else. */
function counted(text: string | null, end: number): number {
  const number = Number(text ?? 0);
  return Number.isInteger(number) && number >= 0 && number < end ? number : 0;
}
