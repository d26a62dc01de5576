/** The maps as a picture that is saved: all tiles on paper, with a heading and their scale. */

import { colourRamp, cssColour, flawsOf, type Scale, scaleWords } from "../../lib/colour";
import { tell, tellCount, tellMaps } from "../../lib/numerals";
import { type Cells, fitNote } from "../../lib/raster/fit";
import { type Layout, layTiles } from "../../lib/raster/layout";
import { paintScene } from "./painting";
import { PAPER } from "./palette";
import { mainPane, type Scene } from "./scene";

export interface Heading {
  /** As the tiles stand on the page. */
  readonly layout: Layout;
  readonly title: string;
  readonly words: string;
}

/** Above and beneath the maps, and around them. */
const MARGIN = 28;
const HEAD = 96;
const LEAST_WIDTH = 620;
/** What a picture may have at most, and what a canvas can have. */
const AREA = 16e6;
const SIDE = 16_000;

/** Draws all tiles, as large as on the page if a picture can be that large. */
export async function drawPicture(scene: Scene, heading: Heading): Promise<Blob> {
  const layout = sized(heading.layout);
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(LEAST_WIDTH, layout.width) + 2 * MARGIN;
  canvas.height = layout.height + HEAD + 2 * MARGIN;
  const context = contextOf(canvas);
  context.fillStyle = PAPER.panel;
  context.fillRect(0, 0, canvas.width, canvas.height);
  writeHead(context, scene, heading, layout.cells);
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [Math.max(1, layout.width), Math.max(1, layout.height)];
  const image = new ImageData(sheet.width, sheet.height);
  const painting = { context: contextOf(sheet), image, palette: PAPER, ratio: 1 };
  paintScene(painting, scene, layout, { left: 0, top: 0 });
  context.drawImage(sheet, MARGIN, HEAD + MARGIN);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("the browser could not make a picture of this size"));
    }, "image/png");
  });
}

/** The layout with its tiles near each other, smaller where they would be too many pixels. */
function sized(layout: Layout): Layout {
  let fit = layout.fit;
  for (;;) {
    const made = layTiles({
      count: layout.count,
      panes: layout.panes.map(({ rows, columns }) => ({ height: rows, width: columns })),
      fit,
      room: 0,
      gap: 6,
      caption: layout.caption > 0 ? 15 : 0,
      columns: columnsFor(layout),
    });
    const fits = made.width * made.height <= AREA && Math.max(made.width, made.height) <= SIDE;
    const last = fit.step > Math.max(...layout.panes.map(({ columns }) => columns));
    if (fits || last) return made;
    fit = fit.zoom > 1 ? { zoom: fit.zoom - 1, step: 1 } : { zoom: 1, step: fit.step + 1 };
  }
}

/** A sheet that is a little wider than high, rather than a ribbon. */
function columnsFor({ count, columns, tile }: Layout): number {
  const even = Math.ceil(Math.sqrt((count * 1.4 * tile.height) / Math.max(1, tile.width)));
  return Math.min(count, Math.max(columns, even));
}

function writeHead(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { title, words }: Heading,
  cells: Cells,
): void {
  const { value, maps } = scene.layer;
  context.textBaseline = "alphabetic";
  context.fillStyle = PAPER.ink;
  context.font = `600 18px ${PAPER.sans}`;
  context.fillText(title, MARGIN, MARGIN + 14);
  context.fillStyle = PAPER.soft;
  context.font = `13px ${PAPER.sans}`;
  const { network } = scene.layer;
  const photo = network.sheet.photo?.name;
  const facts = [
    words,
    tellMaps(value.shape),
    network.sheet.name,
    ...(photo ? [photo] : []),
    ...(maps.planes.count > 1 ? [tellCount(maps.planes.count, "channel")] : []),
  ];
  context.fillText(facts.filter(Boolean).join("  ·  "), MARGIN, MARGIN + 36);
  let left = MARGIN;
  const shared = scene.panes.length > 1 && sameScale(scene);
  for (const pane of shared ? scene.panes.slice(-1) : scene.panes) {
    const scale = pane.scaleOf(scene.order[0] ?? 0);
    // Of scales that every channel has for itself, the captions tell the ends.
    if (scale.scope === "channel") continue;
    left = writeScale(context, scale, scene.panes.length > 1 && !shared ? pane.title : "", left);
  }
  const main = mainPane(scene);
  const notes = [
    scaleWords(main.scaleOf(0)),
    ...(scene.kind === "pair" ? ["left before, right after"] : []),
    ...(scene.kind === "difference" ? ["after − before"] : []),
    fitNote(cells),
    flawsOf(main.whole) && `${flawsOf(main.whole)}: left out of the range`,
  ];
  context.fillStyle = PAPER.soft;
  context.font = `12px ${PAPER.sans}`;
  context.fillText(notes.filter(Boolean).join("  ·  "), left, MARGIN + 66);
}

/** The ends of a scale and its colours between them; gives back where one goes on. */
function writeScale(
  context: CanvasRenderingContext2D,
  scale: Scale,
  title: string,
  from: number,
): number {
  const baseline = MARGIN + 66;
  let left = from;
  const write = (text: string, colour: string): void => {
    context.fillStyle = colour;
    context.fillText(text, left, baseline);
    left += context.measureText(text).width + 8;
  };
  context.font = `12px ${PAPER.mono}`;
  if (title) write(title, PAPER.soft);
  write(tell(scale.low), PAPER.ink);
  // On whole pixels, or each colour would run into the next.
  left = Math.round(left);
  colourRamp(scale, 160).forEach((colour, k) => {
    context.fillStyle = cssColour(colour);
    context.fillRect(left + k, baseline - 10, 1, 12);
  });
  left += 168;
  write(tell(scale.high), PAPER.ink);
  return left + 12;
}

function sameScale({ panes, order }: Scene): boolean {
  const [one, other] = panes.map(({ scaleOf }) => scaleOf(order[0] ?? 0));
  return one?.low === other?.low && one?.high === other?.high && one?.map === other?.map;
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser has no canvas to draw a picture on");
  return context;
}
