/** The photo as a value: what stood in the pixels before a network's input was made of them. */

import type { Tensor } from "../../source";
import type { ValueSheet } from "../../wire";
import type { Network } from "../network";
import type { Counterpart } from "./comparison";

/** The id of the photo, which is no value of the trace. */
export const PHOTO = -1;

/**
 * The photo's pixels as something that a network's input can be compared with, channel by channel;
 * undefined for a value that is not made of the photo pixel by pixel.
 */
export function photoBeside(network: Network, input: ValueSheet): Counterpart | undefined {
  const { photo } = network.sheet;
  const [first] = network.inputs;
  if (!photo || input.id !== first?.id) return undefined;
  const shape = [1, photo.channels, photo.height, photo.width];
  if (shape.length !== input.shape.length || shape.some((side, k) => side !== input.shape[k])) {
    return undefined;
  }
  const { id, name } = { id: PHOTO, name: "the photo's pixels" };
  const value: ValueSheet = { id, name, role: "input", shape, dtype: "uint8", op: null };
  // Of one size, but a level of light less a normalised number is nothing.
  return { value, same: false };
}

const COLOURS = ["red", "green", "blue"];

/** What the channels of a value are called, where they are a colour photo's. */
export function coloursOf(network: Network, value: ValueSheet): readonly string[] | undefined {
  // Every photo of three channels is prepared as red, green and blue.
  const coloured = network.sheet.photo?.channels === COLOURS.length;
  return coloured && photoBeside(network, value) ? COLOURS : undefined;
}

/** The photo's pixels in the order in which values stand: (1, channels, H, W) of (H, W, channels). */
export function asValue({ data, shape, exact }: Tensor): Tensor {
  const [height = 0, width = 0, channels = 0] = shape;
  const size = height * width;
  const made = new Uint8Array(channels * size);
  for (let pixel = 0; pixel < size; pixel++) {
    for (let c = 0; c < channels; c++) made[c * size + pixel] = data[pixel * channels + c]!;
  }
  return { data: made, shape: [1, channels, height, width], exact };
}
