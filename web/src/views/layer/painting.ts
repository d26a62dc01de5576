/** The sheet on a canvas: the maps' pixels, the numbers in large cells, and a caption a tile. */

import { darkEntries, isDiverging } from "../../lib/colour";
import { tell, tellCell, tellClosely, tellRange } from "../../lib/numerals";
import type { Size } from "../../lib/raster/fit";
import { frameOf, type Offset, paintTiles } from "../../lib/raster/frame";
import { type Box, type Layout, paneBox, placesIn } from "../../lib/raster/layout";
import type { Palette } from "./palette";
import type { Drawn, ScenePane } from "./scene";

/** Where and how it is painted. */
export interface Canvas {
  readonly context: CanvasRenderingContext2D;
  /** As large as the canvas; kept from picture to picture. */
  readonly image: ImageData;
  readonly palette: Palette;
  /** Device pixels to a CSS pixel. */
  readonly ratio: number;
}

/** How small numbers in cells may be, and how large they grow, in CSS pixels. */
const SMALLEST = 8.5;
const LARGEST = 13;
/** From this size on, in CSS pixels, a cell has room for seven significant digits. */
const ROOMY = 80;
/** How wide a letter of a monospaced font is, as a part of its size. */
const LETTER = 0.602;
const LIGHT_INK = "#ffffff";
const DARK_INK = "#1c1b19";

/** Paints what is in view from there. */
export function paintScene(canvas: Canvas, scene: Drawn, layout: Layout, offset: Offset): void {
  const { context, image } = canvas;
  paintTiles(frameOf(image), layout, scene.panes, scene.order, offset);
  context.putImageData(image, 0, 0);
  const view = { ...offset, width: image.width, height: image.height };
  drawHairlines(canvas, layout, view);
  // What is compared is written alike, or not at all.
  const size = Math.min(...scene.panes.map((pane) => letterSize(pane, layout, canvas.ratio)));
  if (size > 0) {
    context.font = `${size}px ${canvas.palette.mono}`;
    scene.panes.forEach((pane, k) => {
      const { decimals } = pane.digits();
      const roomy = cellSide(layout) >= ROOMY * canvas.ratio;
      const write = roomy ? tellClosely : (number: number) => tellCell(number, decimals);
      writeNumbers(context, scene, layout, { pane, k, write }, view);
    });
  }
  writeCaptions(canvas, scene, layout, view);
}

/** Paints the places of tiles that are still to come. */
export function paintSkeleton(canvas: Canvas, layout: Layout, offset: Offset): void {
  const { context, image, palette } = canvas;
  context.clearRect(0, 0, image.width, image.height);
  context.fillStyle = palette.raised;
  for (const place of placesIn(layout, { ...offset, width: image.width, height: image.height })) {
    layout.panes.forEach((_, k) => {
      const { left, top, width, height } = paneBox(layout, place, k);
      context.fillRect(left - offset.left, top - offset.top, width, height);
    });
  }
}

/** A line round each map, outside of it: where all is white one sees its edge. */
function drawHairlines({ context, palette }: Canvas, layout: Layout, view: Box): void {
  context.strokeStyle = palette.line;
  context.lineWidth = 1;
  context.beginPath();
  for (const place of placesIn(layout, view)) {
    layout.panes.forEach((_, k) => {
      const { left, top, width, height } = paneBox(layout, place, k);
      context.rect(left - view.left - 0.5, top - view.top - 0.5, width + 1, height + 1);
    });
  }
  context.stroke();
}

/** How large the numbers in the cells are written, in device pixels; 0: not at all. */
function letterSize({ digits }: ScenePane, layout: Layout, ratio: number): number {
  const side = cellSide(layout);
  // Without counting letters: no number is readable in a cell as narrow as this.
  if (side < 20 * ratio) return 0;
  if (side >= ROOMY * ratio) return 11 * ratio;
  const size = (side - 4 * ratio) / (digits().letters * LETTER);
  return size < SMALLEST * ratio ? 0 : Math.min(size, LARGEST * ratio);
}

/** The shorter side of a number's cell. */
function cellSide({ cells: { across, down } }: Layout): number {
  return Math.min(across.zoom, down.zoom);
}

/** A picture of each tile, and how its numbers are spelled. */
interface Written {
  readonly pane: ScenePane;
  readonly k: number;
  readonly write: (number: number) => string;
}

function writeNumbers(
  context: CanvasRenderingContext2D,
  scene: Drawn,
  layout: Layout,
  { pane, k, write }: Written,
  view: Box,
): void {
  const cell = { width: layout.cells.across.zoom, height: layout.cells.down.zoom };
  const { maps, entries, height, width } = pane;
  const { start, channelStride, rowStride, columnStride } = maps.planes;
  const darkness = darkEntries(pane.scaleOf(0));
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const place of placesIn(layout, view)) {
    const channel = scene.order[place]!;
    const { left, top } = paneBox(layout, place, k);
    const seen = cellsIn({ left, top }, { height, width }, cell, view);
    for (let y = seen.top; y < seen.bottom; y++) {
      for (let x = seen.left; x < seen.right; x++) {
        const number =
          maps.numbers[start + channel * channelStride + y * rowStride + x * columnStride]!;
        const entry = entries[(channel * height + y) * width + x]!;
        context.fillStyle = darkness[entry] ? LIGHT_INK : DARK_INK;
        const [middle, centre] = [left + (x + 0.5) * cell.width, top + (y + 0.5) * cell.height];
        context.fillText(write(number), middle - view.left, centre - view.top);
      }
    }
  }
}

/** Which cells of a map are in view. */
function cellsIn(
  { left, top }: Offset,
  size: Size,
  cell: Size,
  view: Box,
): { left: number; top: number; right: number; bottom: number } {
  return {
    left: Math.max(0, Math.floor((view.left - left) / cell.width)),
    top: Math.max(0, Math.floor((view.top - top) / cell.height)),
    right: Math.min(size.width, Math.ceil((view.left + view.width - left) / cell.width)),
    bottom: Math.min(size.height, Math.ceil((view.top + view.height - top) / cell.height)),
  };
}

function writeCaptions(canvas: Canvas, scene: Drawn, layout: Layout, view: Box): void {
  if (layout.caption === 0) return;
  const { context, palette, ratio } = canvas;
  context.font = `${10.5 * ratio}px ${palette.mono}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  for (const place of placesIn(layout, view)) {
    scene.panes.forEach((_, k) => {
      writeCaption(canvas, captionOf(scene, place, k), paneBox(layout, place, k), layout, view);
    });
  }
}

/** Beneath its map; on it, in a corner that is in view, where there is none beneath. */
function writeCaption(
  { context, palette, ratio }: Canvas,
  texts: readonly string[],
  box: Box,
  layout: Layout,
  view: Box,
): void {
  const fitting = texts.find((text) => context.measureText(text).width <= box.width) ?? "";
  const length = context.measureText(fitting).width;
  if (fitting === "") return;
  const baseline = box.top + box.height + layout.caption - 3 * ratio - view.top;
  const right = box.left + box.width - length - view.left;
  const covered = box.left < view.left;
  const left = covered ? Math.min(2 * ratio, right) : box.left - view.left;
  const low = baseline > view.height + 2 * ratio;
  // A tile that is cut off shows its number soon enough, unless it is as large as the view.
  if (low && !covered && layout.tile.height < view.height / 2) return;
  if (!low && !covered) {
    context.fillStyle = palette.soft;
    context.fillText(fitting, left, baseline);
    return;
  }
  const bottom = Math.min(baseline, view.height - 5 * ratio);
  context.fillStyle = "rgb(28 27 25 / 0.82)";
  context.fillRect(left, bottom - 11 * ratio, length + 6 * ratio, 15 * ratio);
  context.fillStyle = LIGHT_INK;
  context.fillText(fitting, left + 3 * ratio, bottom);
}

/** What stands under a map, the longest first: what does not fit gives way to what does. */
function captionOf({ names, panes, order }: Drawn, place: number, k: number): string[] {
  const channel = order[place]!;
  const { title, scaleOf, channels } = panes[k]!;
  const name = names?.[channel] ?? `${channel}`;
  const number = k === 0 ? name : "";
  const named = [number, title === "difference" ? "" : title].filter(Boolean).join(" ");
  const scale = scaleOf(channel);
  if (scale.scope !== "channel") return [named, number];
  const { low, high } = channels[channel]!;
  const range =
    scale.low === scale.high
      ? tellRange(low, high)
      : isDiverging(scale)
        ? `±${tell(scale.high)}`
        : tellRange(scale.low, scale.high);
  return [`${named}  ${range}`, named, number];
}
