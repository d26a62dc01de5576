/** Maps with their colours chosen: what pictures of them are painted from. */

import type { Maps } from "../channels/maps";
import { eachRow, overall, type Statistics } from "../channels/statistics";
import {
  chooseScale,
  type Entries,
  entriesFor,
  fixedScale,
  type MapName,
  pixelTable,
  type Scale,
  writeEntries,
} from "../colour";

/** Which scales are wanted. */
export interface Colouring {
  /** undefined: whichever fits the numbers. */
  readonly map: MapName | undefined;
  readonly scope: "layer" | "channel" | "fixed";
  /** The ends of a fixed scale. */
  readonly limits: readonly [low: number, high: number];
}

/** The maps of one value, ready to be painted. */
export interface Pane {
  readonly maps: Maps;
  readonly height: number;
  readonly width: number;
  /** The place in the colour table of every number of the channels that were prepared. */
  readonly entries: Entries;
  /** Has to be called before a channel's entries are read: those out of view may never be. */
  readonly prepare: (channel: number) => void;
  readonly pixels: Uint32Array;
  readonly scaleOf: (channel: number) => Scale;
}

/**
 * The scale of each channel: one for all, or its own.
 *
 * @param parts - The statistics of the channels of all maps that the scale is for.
 * @param truth - Whether the numbers are truth values.
 */
export function scalesFor(
  parts: readonly (readonly Statistics[])[],
  { map, scope, limits }: Colouring,
  truth = false,
): (channel: number) => Scale {
  const whole = overall(parts.flat());
  const layer = scope === "fixed" ? fixedScale(limits, map) : chooseScale(whole, { map, truth });
  if (scope !== "channel") return () => layer;
  // The sign is the layer's: a channel that happens to have no negative number keeps the
  // colours of its neighbours.
  const own = new Map<number, Scale>();
  return (channel) => {
    const known = own.get(channel);
    if (known) return known;
    const found = overall(parts.flatMap((channels) => channels[channel] ?? []));
    const made = chooseScale(found, { map: layer.map, scope: "channel", truth });
    own.set(channel, made);
    return made;
  };
}

/** The maps, coloured. */
export function paneOf(
  maps: Maps,
  channels: readonly Statistics[],
  scaleOf: (channel: number) => Scale,
): Pane {
  const { count, height, width } = maps.planes;
  const flawed = channels.some(({ nan, infinite }) => nan + infinite > 0);
  const entries = entriesFor(count * height * width, flawed);
  const ready = new Uint8Array(count);
  const prepare = (channel: number): void => {
    if (ready[channel]) return;
    ready[channel] = 1;
    const scale = scaleOf(channel);
    const { low, high } = channels[channel]!;
    const inside = !flawed && scale.low <= low && high <= scale.high;
    let to = channel * height * width;
    const write = (start: number, length: number, step: number): void => {
      writeEntries(maps.numbers, { start, count: length, step }, scale, entries, to, inside);
      to += length;
    };
    eachRow(maps, channel, write, [maps.planes.start]);
  };
  return { maps, height, width, entries, prepare, pixels: pixelTable(scaleOf(0).map), scaleOf };
}
