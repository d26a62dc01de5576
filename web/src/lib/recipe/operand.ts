/** What a recipe reads: typed arrays with a shape. */

import { RecipeError } from "./errors";

/** Numbers that are read as they stand; truth values are 1 and 0. */
export type Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/** One input of an op, in row-major order. */
export interface Operand {
  readonly data: Numbers;
  /** Of the whole operand, also where the data are only a part of it. */
  readonly shape: readonly number[];
  /** Where the first of the data stands in the whole, if they are a part of it. */
  readonly start?: number;
}

/**
 * A part of an operand that is too large to be here whole. Another part may take its place: an
 * evaluator that was given it reads what is in it when it is asked.
 */
export class Part implements Operand {
  readonly shape: readonly number[];
  #data: Numbers;
  #start: number;

  /** @param start - The flat position of the first number. */
  constructor(shape: readonly number[], data: Numbers, start: number) {
    this.shape = shape;
    this.#data = data;
    this.#start = start;
  }

  get data(): Numbers {
    return this.#data;
  }

  get start(): number {
    return this.#start;
  }

  /** Put another part of the same operand here. */
  replace(data: Numbers, start: number): void {
    this.#data = data;
    this.#start = start;
  }
}

/**
 * An operand of these numbers and this shape. 64-bit whole numbers become doubles, once:
 * exact to 2^53.
 *
 * @throws RecipeError if the shape is of another size.
 */
export function operand(
  data: Numbers | BigInt64Array | BigUint64Array,
  shape: readonly number[],
): Operand {
  const size = shape.reduce((product, length) => product * length, 1);
  if (size !== data.length) {
    throw new RecipeError(`${data.length} numbers are not of shape (${shape.join(", ")})`);
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return { data: Float64Array.from(data, Number), shape };
  }
  return { data, shape };
}

/** By how many numbers a step along each dimension goes on. */
export function strides(shape: readonly number[]): number[] {
  const found = new Array<number>(shape.length).fill(1);
  for (let k = shape.length - 2; k >= 0; k--) found[k] = found[k + 1]! * shape[k + 1]!;
  return found;
}

/** A number as an operand of this kind would hold it: padding of float32 is a float32. */
export function held(data: Numbers, number: number): number {
  const one = data.slice(0, 1);
  one[0] = number;
  return one[0] ?? number;
}
