/** Which numbers of a value are drawn, and where, for a value of any shape. */

import { strides as stridesOf } from "./recipe/operand";

/** A place on the drawn maps. */
export interface Spot {
  readonly channel: number;
  readonly y: number;
  readonly x: number;
}

/** An axis of which one place is drawn at a time: the depth of a volume. */
export interface Cut {
  readonly axis: number;
  /** `"depth"`, or `"axis 3"`. */
  readonly name: string;
  readonly place: number;
  readonly length: number;
}

/** Which of a value's maps are meant. */
export interface Choice {
  readonly sample?: number;
  /** The places of the cuts, in order; the middle where there is none. */
  readonly slice?: readonly number[] | null;
  /** A whole index whose slice is meant, whatever `slice` says. */
  readonly at?: readonly number[] | null;
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
  /** What had to be cut, because a picture has two sides. */
  readonly cuts: readonly Cut[];
  /** Where every slice starts, the drawn one among them. */
  readonly starts: readonly number[];
  /** The whole index of a spot in the value. */
  at(spot: Spot): number[];
  /** The spot of an index; undefined where that number is not among the drawn ones. */
  spot(at: readonly number[]): Spot | undefined;
}

/**
 * The maps of a value.
 *
 * (N, C, H, W) gives C maps of one sample, (N, C, D, H, W) a slice of each, (N, C, L) one
 * picture of C rows, (N, C) and (N, C, 1, 1) a vector.
 *
 * @param shape - Of the whole value, as `start` and the strides are.
 * @param axis - Where the channels are: 1, or -1; 0 where there is no axis of samples before them.
 */
export function planesOf(shape: readonly number[], axis = 1, choice: Choice = {}): Planes {
  const { sample = 0 } = choice;
  const rank = shape.length;
  const strides = stridesOf(shape);
  const batched = rank >= 2 && axis !== 0;
  const free = [...shape.keys()].slice(batched ? 1 : 0);
  const channels = batched ? (axis + rank) % rank : 0;
  const channel = free.length > 2 ? channels : free.length === 2 ? undefined : free[0];
  const inner = free.filter((k) => k !== channel);
  const cuts = inner.slice(0, -2).map((k, number) => cutOf(shape, k, number, { channels, choice }));
  const [row, column] = inner.length >= 2 ? inner.slice(-2) : [undefined, undefined];
  const length = (k: number | undefined): number => (k === undefined ? 1 : shape[k]!);
  const stride = (k: number | undefined): number => (k === undefined ? 0 : strides[k]!);
  const first = batched ? sample * strides[0]! : 0;
  const start = cuts.reduce((sum, { axis: k, place }) => sum + place * strides[k]!, first);
  const [count, height, width] = [length(channel), length(row), length(column)];
  const fixed = new Map(cuts.map(({ axis: k, place }) => [k, place]));
  if (batched) fixed.set(0, sample);
  return {
    layout: channel === undefined && rank > 0 ? "plane" : height * width === 1 ? "vector" : "maps",
    count,
    height,
    width,
    start,
    channelStride: stride(channel),
    rowStride: stride(row),
    columnStride: stride(column),
    cuts,
    starts: cuts.reduce(
      (found, { axis: k, length: places }) =>
        found.flatMap((from) => Array.from({ length: places }, (_, n) => from + n * strides[k]!)),
      [first],
    ),
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

/** Which place of an axis is drawn. */
function cutOf(
  shape: readonly number[],
  axis: number,
  number: number,
  { channels, choice }: { channels: number; choice: Choice },
): Cut {
  const length = shape[axis]!;
  const wanted = choice.at ? choice.at[axis] : choice.slice?.[number];
  const inside = wanted !== undefined && wanted < length;
  const name = shape.length === 5 && axis === 2 && channels === 1 ? "depth" : `axis ${axis}`;
  return { axis, name, place: inside ? wanted : Math.floor(length / 2), length };
}
