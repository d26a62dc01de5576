/** Receptive fields by a formula: where the box of index 0 lies, and how it moves. */

import type { EvenField, FieldSheet, ValueSheet } from "../wire";

/**
 * The box on the network's input that the value at `at` was made of.
 *
 * @param input - The network's input: samples, channels, and the sides along the picture.
 */
export function fieldAt(field: EvenField, at: readonly number[], input: ValueSheet): FieldSheet {
  const { shape } = input;
  const before = shape.length - field.sizes.length;
  const names = shape.length === 4 ? ["n", "c", "y", "x"] : shape.map((_, k) => `d${k}`);
  const spans = shape.map((length, k) => {
    const name = names[k] ?? "";
    const side = k - before;
    if (side < 0) {
      const sample = k === 0 && before === 2 ? (at[0] ?? 0) : undefined;
      const [first, stop] = sample === undefined ? [0, length] : [sample, sample + 1];
      return { name, length, first, stop, free_first: first, free_stop: stop, stride: null };
    }
    const [size, stride] = [field.sizes[side]!, field.strides[side]!];
    const middle = field.offsets[side]! + stride * (at[field.axes[side]!] ?? 0);
    const free = Math.round(middle - (size - 1) / 2);
    const within = (place: number): number => Math.min(Math.max(place, 0), length);
    return {
      name,
      length,
      first: within(free),
      stop: within(free + size),
      free_first: free,
      free_stop: free + size,
      stride,
    };
  });
  return { spans };
}
