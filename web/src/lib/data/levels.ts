/** The pictures of a data set: their brightness, and their levels as maps. */

import type { Tensor } from "../../source";
import { digitsOf } from "../channels/digits";
import { mapsOf } from "../channels/maps";
import { overall, statisticsOf } from "../channels/statistics";
import { paneOf, scalesFor } from "../raster/pane";

export const COLOURS = ["red", "green", "blue"];

/** The same picture where white is 255, as screens have it. */
export function brightened(levels: Tensor, white: number): Tensor {
  if (white === 255) return levels;
  return { ...levels, data: Float32Array.from(levels.data, (level) => (level * 255) / white) };
}

/** The pictures in a tensor of several: (count, H, W, channels). */
export function pictures({ data, shape, exact }: Tensor): Tensor[] {
  const [count = 0, ...own] = shape;
  const size = own.reduce((product, side) => product * side, 1);
  return Array.from({ length: count }, (_, k) => ({
    data: data.slice(k * size, (k + 1) * size),
    shape: own,
    exact,
  }));
}

/** The levels of a picture, (H, W, channels), as a sheet draws maps: a tile for each channel. */
export function levelMaps(levels: Tensor, white: number) {
  const shape = [1, ...levels.shape];
  const maps = mapsOf({ shape, dtype: "uint8" }, { ...levels, shape }, { axis: -1 });
  const channels = statisticsOf(maps);
  const whole = overall(channels);
  const fixed = { map: "grey", scope: "fixed", limits: [0, white] } as const;
  const pane = paneOf(maps, channels, scalesFor([channels], fixed));
  const digits = digitsOf(maps, whole);
  return {
    panes: [{ ...pane, title: "", channels, whole, digits: () => digits }],
    order: Uint32Array.from(channels.keys()),
    names: channels.length > 1 ? COLOURS : undefined,
  };
}

/** The level at a place: `"red, row 3, column 4: 128"`. */
export function levelWords(
  { data, shape }: Tensor,
  { channel, y, x }: { readonly channel: number; readonly y: number; readonly x: number },
): string {
  const [, width = 0, channels = 1] = shape;
  const level = data[(y * width + x) * channels + channel];
  const colour = channels > 1 ? `${COLOURS[channel]}, ` : "";
  return `${colour}row ${y}, column ${x}: ${level}`;
}
