import { describe, expect, it } from "vitest";
import { statisticsOf } from "../../../src/lib/channels/statistics";
import { pixelTable } from "../../../src/lib/colour";
import type { Fit } from "../../../src/lib/raster/fit";
import { type Frame, type Offset, paintTiles } from "../../../src/lib/raster/frame";
import { type Layout, layTiles, pointAt } from "../../../src/lib/raster/layout";
import { type Pane, paneOf, scalesFor } from "../../../src/lib/raster/pane";
import { made } from "../channels/made";

const LAYER = { map: undefined, scope: "layer", limits: [-1, 1] } as const;

function pane(shape: readonly number[], numbers?: Float32Array): Pane {
  const maps = made(shape, numbers ? { numbers } : {});
  const channels = statisticsOf(maps);
  return paneOf(maps, channels, scalesFor([channels], LAYER));
}

/** Pixel by pixel: what number is drawn here, and what is its colour? */
function slowly(
  { width, height }: Frame,
  layout: Layout,
  panes: readonly Pane[],
  order: Uint32Array,
  { left, top }: Offset,
): Uint32Array {
  return Uint32Array.from({ length: width * height }, (_, k) => {
    const point = pointAt(layout, left + (k % width), top + Math.floor(k / width));
    if (!point) return 0;
    const { entries, pixels, height: rows, width: columns } = panes[point.pane]!;
    const channel = order[point.place]!;
    panes[point.pane]!.prepare(channel);
    return pixels[entries[(channel * rows + point.y) * columns + point.x]!]!;
  });
}

const PANES = [pane([1, 9, 8, 11]), pane([1, 9, 4, 5])];
const THIN = [pane([1, 9, 2, 40]), pane([1, 9, 1, 20])];
const ORDER = Uint32Array.of(4, 2, 0, 8, 6, 1, 3, 5, 7);
const OFFSETS: Offset[] = [
  { left: 0, top: 0 },
  { left: 13, top: 29 },
  { left: -7, top: -5 },
  { left: 400, top: 900 },
];

describe.each<Fit>([
  { zoom: 1, step: 1 },
  { zoom: 3, step: 1 },
  { zoom: 17, step: 1 },
  { zoom: 1, step: 2 },
  { zoom: 1, step: 3 },
])("at $zoom pixels a number, 1 of $step", (fit) => {
  it.each(OFFSETS)("from %o it is what one pixel after the other gives", (offset) => {
    for (const panes of [PANES.slice(0, 1), PANES, THIN]) {
      const sizes = panes.map(({ height, width }) => ({ height, width }));
      const plan = { count: 9, panes: sizes, fit, gap: 4, caption: 6 };
      const layout = layTiles({ ...plan, room: 90 });
      const frame = { data: new Uint32Array(90 * 70).fill(7), width: 90, height: 70 };
      paintTiles(frame, layout, panes, ORDER, offset);
      expect(frame.data).toEqual(slowly(frame, layout, panes, ORDER, offset));
    }
  });
});

it("paints what is not a number in its own colour", () => {
  const one = pane([1, 1, 1, 3], Float32Array.of(0, Number.NaN, 1));
  const layout = layTiles({
    count: 1,
    panes: [{ height: 1, width: 3 }],
    fit: { zoom: 1, step: 1 },
    room: 3,
    gap: 0,
    caption: 0,
  });
  const frame = { data: new Uint32Array(3), width: 3, height: 1 };
  paintTiles(frame, layout, [one], Uint32Array.of(0), { left: 0, top: 0 });
  const table = pixelTable("viridis");
  expect([...frame.data]).toEqual([table[0], table[256], table[255]]);
});
