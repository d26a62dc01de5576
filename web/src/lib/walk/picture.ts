/** The walk as a drawing: names, shapes, small maps and arrows, for paper. */

import { escaped } from "../svg_text";
import type { Layout, PlacedCard, PlacedHeading } from "./layout";
import type { WalkNode } from "./node";

const MARGIN = 16;
const LINE = 15;
/** In a branch, where cards are lower. */
const SMALL = 32;

/** What stands on the cards. */
export interface OnCards {
  /** Its name, and what stands under that. */
  words(node: WalkNode): readonly string[];
  /** PNG files as links, the first to be drawn large. */
  pictures(node: WalkNode): readonly string[];
  /** The side of a large one. */
  readonly side: number;
}

/** The layout as the text of an SVG file, black on white. */
export function walkPicture(layout: Layout, title: string, on: OnCards): string {
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
      `viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}" font-family="sans-serif">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${-MARGIN}" y="${-MARGIN}" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...layout.links.map(
      ({ path, tip, crowded }) =>
        `<path d="${path}" fill="none" stroke="#65625c" stroke-opacity="${crowded ? 0.4 : 1}"/>` +
        `<path d="${tip}" fill="#65625c"/>`,
    ),
    ...layout.headings.map(heading),
    ...layout.cards.map((card) => drawnCard(card, on)),
    "</svg>",
    "",
  ].join("\n");
}

function heading({ group, x, y, width, height }: PlacedHeading): string {
  const line = y + height - 4;
  return (
    `<path d="M${x} ${line + 4}v-4h${width}v4" fill="none" stroke="#65625c"/>` +
    text(x, line - 5, 11, group.label, width, "#65625c")
  );
}

function drawnCard(card: PlacedCard, on: OnCards): string {
  const { node, x, y, width, height } = card;
  const pictures = on.pictures(node);
  const low = height < on.side + 3 * LINE;
  const beside = low && pictures.length > 0 ? SMALL + 7 : 0;
  const top = y + 18 + (low || pictures.length === 0 ? 0 : on.side + 5);
  const most = Math.floor((y + height - 5 - top) / LINE) + 1;
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" ` +
      `stroke="${node.kind === "group" ? "#1c1b19" : "#8b867d"}"/>`,
    ...on
      .words(node)
      .slice(0, Math.max(1, most))
      .map((line, k) => {
        const [size, ink] = k === 0 ? [12, "#1c1b19"] : [11, "#65625c"];
        const aside = k === 0 ? 0 : beside;
        return text(x + 8 + aside, top + LINE * k, size, line, width - 16 - aside, ink);
      }),
    ...(low
      ? pictures.slice(0, 1).map((png) => image(png, x + 8, y + 25, SMALL, SMALL))
      : tiles(pictures, card, on.side)),
  ].join("");
}

/** One large, two small beside it; one alone has all the room. */
function tiles(pictures: readonly string[], { x, y, width }: PlacedCard, side: number): string[] {
  const room = width - 18;
  const small = (side - 3) / 2;
  return pictures.slice(0, 3).map((png, k) => {
    if (k > 0) return image(png, x + 12 + side, y + 8 + (k - 1) * (small + 3), small, small);
    return image(png, x + 9, y + 8, pictures.length > 1 ? side : room, side);
  });
}

/** Pixel for pixel, never smoothed. */
function image(png: string, x: number, y: number, width: number, height: number): string {
  return (
    `<image x="${x}" y="${y}" width="${width}" height="${height}" href="${escaped(png)}" ` +
    `style="image-rendering:pixelated"/>`
  );
}

/** One line, cut where it would leave its place. */
function text(
  x: number,
  y: number,
  size: number,
  words: string,
  room: number,
  ink: string,
): string {
  const most = Math.max(1, Math.floor(room / (size * 0.56)));
  const shown = words.length > most ? `${words.slice(0, most - 1)}…` : words;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${ink}">${escaped(shown)}</text>`;
}
