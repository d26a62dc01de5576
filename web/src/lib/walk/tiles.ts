/** The small pictures on a card: the strongest maps of an op's output. */

import type { Digest, ValueSheet } from "../../wire";
import type { Picture } from "../cell/map_picture";
import { chooseScale, colourise, fixedScale, type MapName, type Scale, tally } from "../colour";
import { planesOf } from "../planes";
import type { Numbers } from "../recipe/operand";

/** A picture that is to be fetched. */
export interface TileAsk {
  /** For {@link TensorAsk.region}. */
  readonly region: string;
  readonly height: number;
  readonly width: number;
  /** What is in it: `"channel 12"`. */
  readonly words: string;
}

/** How numbers become colours, as far as a tile needs to know. */
export interface Colouring {
  readonly map: "auto" | MapName;
  readonly scope: "layer" | "channel" | "fixed";
  readonly limits: readonly [low: number, high: number];
}

/** Maps of more numbers than these come alone. */
const LARGE = 2 ** 18;

/** Which pictures show a value best: at most three, the first one large. */
export function tilesOf(
  value: ValueSheet,
  strongest: readonly number[],
  how: { readonly axis: number; readonly sample: number },
): TileAsk[] {
  const { shape } = value;
  const { sample } = how;
  const planes = planesOf(shape, how.axis, how);
  const { layout, count, height, width } = planes;
  if (count * height * width === 0) return [];
  if (layout === "vector") {
    const columns = Math.ceil(Math.sqrt(count));
    const rows = Math.ceil(count / columns);
    const words = `${count.toLocaleString("en-US")} numbers, in rows of ${columns}`;
    return [{ region: vectorRegion(shape, sample), height: rows, width: columns, words }];
  }
  const channels = layout === "plane" ? [0] : strongest.length > 0 ? strongest : [0];
  const shown = channels.slice(0, height * width > LARGE ? 1 : 3);
  return shown.map((channel) => {
    const [first, last] = [
      { channel, y: 0, x: 0 },
      { channel, y: height - 1, x: width - 1 },
    ];
    const ends = planes.at(last);
    const region = planes.at(first).map((low, k) => (low < ends[k]! ? `0:${shape[k]}` : low));
    const words = layout === "plane" ? "all of it" : `channel ${channel}`;
    return { region: region.join(","), height, width, words };
  });
}

/** All numbers of the sample: the axes of one place that stand around them do no harm. */
function vectorRegion(shape: readonly number[], sample: number): string {
  return shape.length > 1 ? `${sample}` : "";
}

/** The colours of a tile, as the look says; a layer's own range is that of its digest. */
export function tileScale(
  look: Colouring,
  value: ValueSheet,
  digest: Digest | undefined,
  numbers: Numbers,
): Scale {
  const map = look.map === "auto" ? undefined : look.map;
  if (look.scope === "fixed") return fixedScale(look.limits, map);
  const truth = value.dtype === "bool";
  const own = tally(numbers);
  if (!digest) return chooseScale(own, { map, scope: "channel", truth });
  const [low, high] = [digest.low ?? Number.NaN, digest.high ?? Number.NaN];
  const signed = low < 0;
  if (look.scope === "channel") return chooseScale(own, { map, scope: "channel", signed, truth });
  return chooseScale({ ...own, low, high }, { map, scope: "layer", signed, truth });
}

/** The numbers of a tile as pixels. */
export function tilePicture(
  { width, height }: Pick<TileAsk, "width" | "height">,
  numbers: Numbers,
  scale: Scale,
): Picture {
  const pixels = new Uint8ClampedArray(4 * width * height);
  // The last row of a vector may be shorter: what is not there stays clear.
  pixels.set(colourise(numbers, scale));
  return { width, height, pixels };
}

/** Whether half precision holds the numbers: beyond its largest they would become infinite. */
export function fitsHalf({ low, high }: Pick<Digest, "low" | "high">): boolean {
  return Math.abs(low ?? 0) <= 65504 && Math.abs(high ?? 0) <= 65504;
}
