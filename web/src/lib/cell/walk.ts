/** From a number to those it was made of. */

import type { ValueSheet } from "../../wire";
import type { Network } from "../network";
import { planesOf } from "../planes";
import type { Cell, Selection } from "../selection";

/** The number at a position of a value, if the walk can go there: no weight, and no padding. */
export function cellOf(
  network: Network,
  value: ValueSheet,
  at: readonly number[],
): Cell | undefined {
  if (value.role !== "result" && value.role !== "input") return undefined;
  if (value.op === null && !network.sheet.inputs.includes(value.id)) return undefined;
  const inside = value.shape.every((length, k) => at[k]! >= 0 && at[k]! < length);
  if (!inside || at.length !== value.shape.length) return undefined;
  return { op: value.op, output: network.outputOf(value), at: [...at] };
}

/** The value that a cell is in. */
export function cellValue(network: Network, cell: Cell): ValueSheet | undefined {
  return network.value(cell.op, cell.output);
}

/** What to select so that a cell is looked at. */
export function selectionOf(network: Network, cell: Cell): Partial<Selection> {
  const value = cellValue(network, cell);
  const shape = value?.shape ?? [];
  const sample = shape.length > 1 ? (cell.at[0] ?? 0) : 0;
  const planes = planesOf(shape, value ? network.channelAxis(value) : 1, { sample });
  const spot = planes.spot(cell.at);
  return {
    op: cell.op,
    output: cell.output,
    sample,
    channel: spot?.channel ?? null,
    at: cell.at,
  };
}

/** The walk back from a cell to one that it was made of. */
export function stepBack(
  network: Network,
  from: Cell,
  to: Cell,
  trail: readonly Cell[],
): Partial<Selection> {
  return { ...selectionOf(network, to), trail: [...trail, from] };
}

/** The class that a score or a probability is of. */
export function classOf(
  { sheet }: Network,
  { id, shape }: Pick<ValueSheet, "id" | "shape">,
  at: readonly number[],
): string | undefined {
  const isScores = sheet.prediction?.value === id || sheet.outputs.includes(id);
  if (!isScores || shape.length > 2 || shape.at(-1) !== sheet.labels?.length) return undefined;
  return sheet.labels?.[at.at(-1) ?? -1];
}

/** Where on its map a cell lies, in words: `"channel 54, row 30, column 31"`. */
export function tellSpot(network: Network, value: ValueSheet, at: readonly number[]): string {
  const sample = value.shape.length > 1 ? (at[0] ?? 0) : 0;
  const planes = planesOf(value.shape, network.channelAxis(value), { sample });
  const spot = planes.spot(at);
  if (!spot || at.length === 0) return at.length === 0 ? "the one number" : `at ${at.join(", ")}`;
  const among = value.shape.length > 1 && value.shape[0]! > 1 ? `sample ${sample}, ` : "";
  const place = `row ${spot.y}, column ${spot.x}`;
  if (planes.layout === "vector") return `${among}channel ${spot.channel}`;
  if (planes.layout === "plane") return `${among}${place}`;
  return planes.height === 1
    ? `${among}channel ${spot.channel}, place ${spot.x}`
    : `${among}channel ${spot.channel}, ${place}`;
}

/** The end of an op's path that says something: `"depthwise.conv"`, `"conv2"` of `"layer4.1.conv2"`. */
export function shortName(name: string): string {
  const parts = name.split(".");
  const [before, last] = [parts.at(-2), parts.at(-1) ?? name];
  if (before === undefined) return last;
  // A number alone says nothing; one before a name is only a place in a list.
  return /^\d/.test(last) || !/^\d/.test(before) ? `${before}.${last}` : last;
}
