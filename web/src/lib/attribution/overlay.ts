/** A map of what mattered as a picture, alone or laid over the photo, as in Layerwalk's figures. */

import type { Tensor } from "../../source";
import type { Picture } from "../cell/map_picture";
import { type Colour, colourise, colourTable, type Scale } from "../colour";

/** Of a colour over the photo, so that the photo is never gone. */
const MOST = 0.85;
/** The blue and the red of the diverging map that are laid over the photo. */
const [AGAINST, FOR] = [36, 218];

/** The map's colours: zero is the middle of those that run both ways, or the first. */
export function heatScale({ signed, reach }: { signed: boolean; reach: number }): Scale {
  return signed
    ? { low: 0 - reach, high: reach, map: "bluered", scope: "fixed" }
    : { low: 0, high: reach, map: "viridis", scope: "fixed" };
}

/** Which cell of a map lies on a place of a picture that it is stretched over. */
export function cellOf(place: number, side: number, cells: number): number {
  return Math.floor((place * cells) / side);
}

/** The first place of a picture that a cell lies on, and behind the last. */
export function shareOf(cell: number, side: number, cells: number): readonly [number, number] {
  return [Math.ceil((cell * side) / cells), Math.ceil(((cell + 1) * side) / cells)];
}

/** The map in its own colours, each cell over its share of a picture of this size. */
export function heatPicture(heat: Tensor, scale: Scale, height: number, width: number): Picture {
  const colours = new Uint32Array(colourise(heat.data, scale).buffer);
  const pixels = new Uint32Array(height * width);
  eachPixel(heat, height, width, (pixel, cell) => {
    pixels[pixel] = colours[cell]!;
  });
  return { width, height, pixels: new Uint8ClampedArray(pixels.buffer) };
}

/** The photo in pale grey, and over it red or blue, the stronger the larger the number. */
export function overlayPicture(photo: Tensor, heat: Tensor, scale: Scale): Picture {
  const [height = 0, width = 0, channels = 1] = photo.shape;
  const pixels = new Uint8ClampedArray(4 * height * width);
  eachPixel(heat, height, width, (pixel, cell) => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += photo.data[pixel * channels + c]!;
    pixels.set(laid(sum / channels, heat.data[cell]!, scale), 4 * pixel);
    pixels[4 * pixel + 3] = 255;
  });
  return { width, height, pixels };
}

/** The colours of the scale as they are over the middle of a photo's greys, so many of them. */
export function overlayRamp(scale: Scale, length: number): Colour[] {
  const step = (scale.high - scale.low) / length;
  return Array.from({ length }, (_, k) => laid(200, scale.low + (k + 0.5) * step, scale));
}

/** A level of grey with a number over it. */
function laid(level: number, number: number, { high }: Scale): Colour {
  // Colours are told apart on light greys, not on black.
  const grey = 190 + 0.25 * level;
  const size = Math.min(Math.abs(Number.isNaN(number) ? 0 : number) / (high || 1), 1);
  const table = colourTable("bluered");
  const at = 3 * (number > 0 ? FOR : AGAINST);
  const mixed = (c: number): number => halfToEven(grey + (table[at + c]! - grey) * size * MOST);
  return [mixed(0), mixed(1), mixed(2)];
}

/** As numpy rounds: halves to the even number. */
function halfToEven(number: number): number {
  const rounded = Math.round(number);
  return rounded - number === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function eachPixel(
  { shape: [down = 1, across = 1] }: Tensor,
  height: number,
  width: number,
  draw: (pixel: number, cell: number) => void,
): void {
  for (let y = 0; y < height; y++) {
    const row = cellOf(y, height, down) * across;
    for (let x = 0; x < width; x++) draw(y * width + x, row + cellOf(x, width, across));
  }
}
