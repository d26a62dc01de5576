/** From a number to those it was made of. */

import type { ValueSheet } from "../../wire";
import type { Network } from "../network";
import { type Planes, planesOf, type Spot } from "../planes";
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
  const sample = value && network.samples(value) > 1 ? (cell.at[0] ?? 0) : 0;
  const spot = value && spotOf(network, value, cell.at).spot;
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
  const { planes, spot } = spotOf(network, value, at);
  if (!spot || at.length === 0) return at.length === 0 ? "the one number" : `at ${at.join(", ")}`;
  const among = network.samples(value) > 1 ? `sample ${at[0]}, ` : "";
  const cuts = planes.cuts.filter(({ length }) => length > 1);
  const slice = cuts.map((cut) => `${cut.name} ${cut.place}, `).join("");
  const place = `${slice}row ${spot.y}, column ${spot.x}`;
  if (planes.layout === "vector") return `${among}channel ${spot.channel}`;
  if (planes.layout === "plane") return `${among}${place}`;
  return planes.height === 1
    ? `${among}channel ${spot.channel}, place ${spot.x}`
    : `${among}channel ${spot.channel}, ${place}`;
}

/** Where a number lies on the maps that show it: those of its sample and its slice. */
function spotOf(
  network: Network,
  value: ValueSheet,
  at: readonly number[],
): { planes: Planes; spot: Spot | undefined } {
  const axis = network.channelAxis(value);
  const planes = planesOf(value.shape, axis, { sample: at[0] ?? 0, at });
  return { planes, spot: planes.spot(at) };
}
