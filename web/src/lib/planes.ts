/** Which numbers of a value are drawn, and where, for a value of any shape. */

import { strides as stridesOf } from "./recipe/operand";

/** A place on the drawn maps. */
export interface Spot {
  readonly channel: number;
  readonly y: number;
  readonly x: number;
}

/**
 * Maps in the numbers of one sample: the number of a spot stands at
 * `start + channel * channelStride + y * rowStride + x * columnStride`.
 */
export interface Planes {
  /** `maps`: a picture a channel; `plane`: one picture; `vector`: a number a channel. */
  readonly layout: "maps" | "plane" | "vector";
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly start: number;
  readonly channelStride: number;
  readonly rowStride: number;
  readonly columnStride: number;
  /** What was chosen, a few words each: `"middle slice: depth 4 of 0..7"`. */
  readonly notes: readonly string[];
  /** The whole index of a spot in the value. */
  at(spot: Spot): number[];
  /** The spot of an index; undefined where that number is not among the drawn ones. */
  spot(at: readonly number[]): Spot | undefined;
}

/**
 * The maps of a value.
 *
 * (N, C, H, W) gives C maps of one sample, (N, C, D, H, W) the middle slice of each, (N, C, L) one
 * picture of C rows, (N, C) and (N, C, 1, 1) a vector.
 *
 * @param shape - Of the whole value, as `start` and the strides are.
 * @param axis - Where the channels are: 1, or -1.
 * @param flat - Whether the first axis is not one of samples: (C, H, W) of an unbatched network.
 */
export function planesOf(
  shape: readonly number[],
  axis = 1,
  { sample = 0, flat = false }: { sample?: number; flat?: boolean } = {},
): Planes {
  const rank = shape.length;
  const strides = stridesOf(shape);
  const batched = rank >= 2 && !(flat && rank === 3);
  const fixed = new Map<number, number>();
  const notes: string[] = [];
  if (batched) fixed.set(0, sample);
  if (batched && shape[0]! > 1) notes.push(`sample ${sample} of 0..${shape[0]! - 1}`);
  const free = [...shape.keys()].filter((k) => !fixed.has(k));
  const channel =
    rank === 0
      ? undefined
      : free.length > 2
        ? batched
          ? (axis + rank) % rank
          : 0
        : free.length === 2
          ? undefined
          : free[0];
  const inner = free.filter((k) => k !== channel);
  for (const k of inner.slice(0, -2)) {
    const middle = Math.floor(shape[k]! / 2);
    fixed.set(k, middle);
    const name = rank === 5 && k === 2 && channel === 1 ? "depth" : `axis ${k} at`;
    notes.push(`middle slice: ${name} ${middle} of 0..${shape[k]! - 1}`);
  }
  const [row, column] = inner.length >= 2 ? inner.slice(-2) : [undefined, undefined];
  const length = (k: number | undefined): number => (k === undefined ? 1 : shape[k]!);
  const stride = (k: number | undefined): number => (k === undefined ? 0 : strides[k]!);
  const count = length(channel);
  const [height, width] = [length(row), length(column)];
  const start = [...fixed].reduce((sum, [k, place]) => sum + place * strides[k]!, 0);
  const layout = channel === undefined ? "plane" : height * width === 1 ? "vector" : "maps";
  return {
    layout: rank === 0 ? "vector" : layout,
    count,
    height,
    width,
    start,
    channelStride: stride(channel),
    rowStride: stride(row),
    columnStride: stride(column),
    notes,
    at: (spot) =>
      shape.map((_, k) =>
        k === channel
          ? spot.channel
          : k === row
            ? spot.y
            : k === column
              ? spot.x
              : (fixed.get(k) ?? 0),
      ),
    spot: (at) => {
      if (at.length !== rank || [...fixed].some(([k, place]) => at[k] !== place)) return undefined;
      const place = (k: number | undefined): number => (k === undefined ? 0 : at[k]!);
      return { channel: place(channel), y: place(row), x: place(column) };
    },
  };
}
