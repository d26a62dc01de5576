/** A feature map, or a photo, as pixels. */

import type { Tensor } from "../../source";
import { colourise, type Run, type Scale } from "../colour";
import type { Planes } from "../planes";
import type { Numbers } from "../recipe/operand";

/** A picture, four bytes a pixel: red, green, blue, opaque. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** One channel of a value, pixel for pixel. */
export function mapPicture(
  numbers: Numbers,
  planes: Planes,
  channel: number,
  scale: Scale,
): Picture {
  const { height, width, rowStride, columnStride } = planes;
  const start = planes.start + channel * planes.channelStride;
  const row = (y: number): Run => ({
    start: start + y * rowStride,
    count: width,
    step: columnStride,
  });
  if (columnStride === 1 && rowStride === width) {
    const run = { start, count: height * width, step: 1 };
    return { width, height, pixels: colourise(numbers, scale, run) };
  }
  const pixels = new Uint8ClampedArray(4 * height * width);
  for (let y = 0; y < height; y++) pixels.set(colourise(numbers, scale, row(y)), 4 * y * width);
  return { width, height, pixels };
}

/** A channel's numbers as a run, where they lie one behind the other. */
export function channelRun(planes: Planes, channel: number): Run | undefined {
  const { height, width, rowStride, columnStride } = planes;
  if (columnStride !== 1 || (height > 1 && rowStride !== width)) return undefined;
  return { start: planes.start + channel * planes.channelStride, count: height * width, step: 1 };
}

/** A photo of levels from 0 to 255, (H, W, channels): grey or red, green and blue. */
export function photoPicture({ data, shape }: Tensor): Picture {
  const [height = 0, width = 0, channels = 1] = shape;
  const pixels = new Uint8ClampedArray(4 * height * width);
  for (let k = 0; k < height * width; k++) {
    for (let c = 0; c < 3; c++) pixels[4 * k + c] = data[k * channels + (channels < 3 ? 0 : c)]!;
    pixels[4 * k + 3] = 255;
  }
  return { width, height, pixels };
}

/** Every `step`-th pixel of a picture, for where it is wider than its place. */
export function thinned({ width, height, pixels }: Picture, step: number): Picture {
  if (step === 1) return { width, height, pixels };
  const [wide, high] = [Math.ceil(width / step), Math.ceil(height / step)];
  const from = new Uint32Array(pixels.buffer, pixels.byteOffset, width * height);
  const to = new Uint32Array(wide * high);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) to[y * wide + x] = from[y * step * width + x * step]!;
  }
  return { width: wide, height: high, pixels: new Uint8ClampedArray(to.buffer) };
}
