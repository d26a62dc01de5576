/** The walk as a drawing: names, shapes and arrows, for paper. */

import { escaped } from "../svg_text";
import type { Layout, PlacedCard, PlacedHeading } from "./layout";
import type { WalkNode } from "./node";

const MARGIN = 16;

/** What a card says under its name. */
export type Facts = (node: WalkNode) => readonly string[];

/** The layout as the text of an SVG file, black on white. */
export function walkPicture(layout: Layout, title: string, facts: Facts): string {
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
    ...layout.cards.map((card) => drawnCard(card, facts(card.node))),
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

function drawnCard({ node, x, y, width, height }: PlacedCard, facts: readonly string[]): string {
  const lines = [node.label, ...facts].slice(0, Math.max(1, Math.floor((height - 8) / 15)));
  return [
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="6" fill="#ffffff" ` +
      `stroke="${node.kind === "group" ? "#1c1b19" : "#8b867d"}"/>`,
    ...lines.map((line, k) =>
      text(
        x + 8,
        y + 18 + 15 * k,
        k === 0 ? 12 : 11,
        line,
        width - 16,
        k === 0 ? "#1c1b19" : "#65625c",
      ),
    ),
  ].join("");
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
