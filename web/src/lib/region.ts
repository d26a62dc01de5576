/** A part of a tensor, by places and ranges: `"0,3:5"`. */

import type { Tensor } from "../source";
import { strides } from "./recipe/operand";

/**
 * The part of a tensor that a region names: a whole number takes a dimension away, `first:stop`
 * keeps a part of it, and what is not named stays whole.
 *
 * @throws RangeError if it is no region of that shape.
 */
export function regionOf(tensor: Tensor, region: string): Tensor {
  if (region === "") return tensor;
  const { shape } = tensor;
  const parts = region.split(",").map((text, k) => part(text, shape[k], region));
  while (parts.length < shape.length) {
    parts.push({ first: 0, stop: shape[parts.length]!, single: false });
  }
  const kept = parts.filter(({ single }) => !single).map(({ first, stop }) => stop - first);
  const size = kept.reduce((product, length) => product * length, 1);
  const data = tensor.data.slice(0, size);
  const along = strides(shape);
  let written = 0;
  const copy = (dimension: number, offset: number): void => {
    if (dimension === shape.length) {
      data[written++] = tensor.data[offset]!;
      return;
    }
    const { first, stop } = parts[dimension]!;
    for (let k = first; k < stop; k++) copy(dimension + 1, offset + k * along[dimension]!);
  };
  copy(0, 0);
  return { data, shape: kept, exact: tensor.exact };
}

interface Part {
  readonly first: number;
  readonly stop: number;
  readonly single: boolean;
}

function part(text: string, length: number | undefined, region: string): Part {
  const found = /^(\d+)(?::(\d+))?$/.exec(text);
  if (length === undefined || !found) throw new RangeError(`"${region}" is no region`);
  const first = Number(found[1]);
  const single = found[2] === undefined;
  const stop = single ? first + 1 : Number(found[2]);
  if (stop > length || first >= stop) throw new RangeError(`"${region}" goes past the ends`);
  return { first, stop, single };
}
