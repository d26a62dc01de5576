/** The arithmetic of one number as a drawing: its grids side by side, its sums beneath. */

import { cssColour } from "../colour";
import { escaped, INK, MONO, PAPER, SOFT, svgText as text } from "../svg_text";
import type { Grid, GridCell } from "./grid";

/** What is drawn. */
export interface Drawing {
  readonly title: string;
  readonly grids: readonly Grid[];
  /** Between the grids: `["×", "="]`. */
  readonly signs: readonly string[];
  /** Beneath, one under the other. */
  readonly lines: readonly string[];
}

const [MARGIN, CELL_WIDTH, CELL_HEIGHT, LABEL, SIGN] = [16, 52, 30, 30, 28];
const [HEAD, FOOT, LINE] = [30, 40, 20];

/**
 * The drawing as an SVG file, on white paper: it is to be printed.
 *
 * @example
 * arithmeticSvg({ title: "conv1 [3, 10, 12]", grids, signs: ["×", "="], lines: ["Σ = −1.885638"] });
 */
export function arithmeticSvg({ title, grids, signs, lines }: Drawing): string {
  const widths = grids.map((grid) => widthOf(grid));
  const across = widths.reduce((sum, width) => sum + width, 0) + signs.length * SIGN;
  const longest = Math.max(title.length * 9, ...lines.map((line) => line.length * 8));
  const width = 2 * MARGIN + Math.max(across, longest);
  const rows = Math.max(0, ...grids.map(({ cells }) => cells.length));
  const top = MARGIN + HEAD + (grids.some(({ columns }) => columns.length > 0) ? 16 : 0);
  const beneath = top + rows * CELL_HEIGHT + (grids.length > 0 ? FOOT : 0);
  const height = beneath + lines.length * LINE + MARGIN;
  const parts: string[] = [text(MARGIN, MARGIN + 12, title, { size: 15, weight: 600 })];
  let left = MARGIN;
  for (const [k, grid] of grids.entries()) {
    parts.push(gridSvg(grid, left, top));
    left += widths[k]!;
    const sign = signs[k];
    if (sign === undefined) continue;
    const middle = top + (rows * CELL_HEIGHT) / 2 + 6;
    parts.push(text(left + SIGN / 2, middle, sign, { size: 18, anchor: "middle" }));
    left += SIGN;
  }
  for (const [k, line] of lines.entries()) {
    parts.push(text(MARGIN, beneath + 16 + k * LINE, line, { family: MONO }));
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `,
    `viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<defs><pattern id="beyond" width="6" height="6" patternUnits="userSpaceOnUse" `,
    `patternTransform="rotate(45)"><path d="M0 0V6" stroke="#8b867d" stroke-width="1.5"/>`,
    `</pattern></defs><rect width="100%" height="100%" fill="${PAPER}"/>`,
    ...parts,
    "</svg>",
  ].join("");
}

/** As wide as the cells, or as the words beneath them. */
function widthOf({ rows, cells, title, note }: Grid): number {
  const words = Math.max(title.length * 6.4, note.length * 5.8);
  const across = Math.max((cells[0]?.length ?? 0) * CELL_WIDTH, words);
  return Math.ceil((rows.length > 0 ? LABEL : 0) + across);
}

function gridSvg(grid: Grid, left: number, top: number): string {
  const x = left + (grid.rows.length > 0 ? LABEL : 0);
  const small = { size: 11, fill: SOFT };
  const parts = [
    ...grid.columns.map((label, k) =>
      text(x + (k + 0.5) * CELL_WIDTH, top - 5, label, { ...small, anchor: "middle" }),
    ),
    ...grid.rows.map((label, k) =>
      text(x - 6, top + (k + 0.5) * CELL_HEIGHT + 4, label, { ...small, anchor: "end" }),
    ),
    ...grid.cells.flatMap((row, r) =>
      row.map((cell, c) => cellSvg(cell, x + c * CELL_WIDTH, top + r * CELL_HEIGHT)),
    ),
  ];
  const below = top + grid.cells.length * CELL_HEIGHT;
  parts.push(text(x, below + 15, grid.title, { size: 11 }));
  parts.push(text(x, below + 29, grid.note, { size: 10, fill: SOFT }));
  return parts.join("");
}

function cellSvg(cell: GridCell, x: number, y: number): string {
  const place = `x="${x + 1}" y="${y + 1}" width="${CELL_WIDTH - 2}" height="${CELL_HEIGHT - 2}" rx="3"`;
  const words = (fill: string): string =>
    text(x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2 + 4, cell.text, {
      anchor: "middle",
      family: MONO,
      fill,
      size: 12,
    });
  if (cell.mark === "absent") return `<rect ${place} fill="none" stroke="#e6e2da"/>`;
  if (cell.mark === "padding") {
    return `<rect ${place} fill="url(#beyond)" stroke="#8b867d"/>${words(INK)}`;
  }
  // A line about each, so that a white cell, which is zero, is seen to be one.
  const ring =
    cell.mark === "winner"
      ? ' stroke="#1c1b19" stroke-width="3"'
      : ' stroke="#000000" stroke-opacity="0.14"';
  const colour = cssColour(cell.colour).replaceAll(" ", ",");
  return `<rect ${place} fill="${colour}"${ring}/>${words(cell.dark ? PAPER : "#000000")}`;
}
