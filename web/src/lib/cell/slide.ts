/** The way of a window over a map, in row-major order. */

/** A map in the last `rank` dimensions of an output. */
export interface Way {
  readonly shape: readonly number[];
  readonly rank: 1 | 2;
}

/** The way of a window of this rank; undefined where there is nowhere to go. */
export function wayOf(shape: readonly number[], rank: 1 | 2): Way | undefined {
  const way = { shape, rank };
  return shape.length > rank && lengthOf(way) > 1 ? way : undefined;
}

/** How many positions the map has. */
export function lengthOf({ shape, rank }: Way): number {
  return shape.slice(-rank).reduce((product, length) => product * length, 1);
}

/** The place of a position on the way. */
export function stepOf({ shape, rank }: Way, at: readonly number[]): number {
  const lengths = shape.slice(-rank);
  return at.slice(-rank).reduce((step, place, k) => step * lengths[k]! + place, 0);
}

/** The position at a step of the way, on the map that `at` is on; past the end it begins anew. */
export function positionAt(way: Way, at: readonly number[], step: number): number[] {
  const { shape, rank } = way;
  const length = lengthOf(way);
  let left = ((step % length) + length) % length;
  const found = [...at];
  for (let k = shape.length - 1; k >= shape.length - rank; k--) {
    found[k] = left % shape[k]!;
    left = Math.floor(left / shape[k]!);
  }
  return found;
}
