/** The most probable classes as a picture: a bar and a share each. */

import type { Prediction } from "../wire";
import { tellChance } from "./numerals";
import { escaped, MONO, PAPER, SOFT, svgText } from "./svg_text";

const [MARGIN, ROW, NAME, BAR, SHARE] = [16, 24, 220, 320, 70];
const WIDTH = 2 * MARGIN + NAME + BAR + SHARE;
const [HEAD, FILL, TRACK, MOST] = [34, "#0b6e69", "#f0ede8", 34];

/**
 * The picture as an SVG file, on white paper.
 *
 * @param count - How many classes.
 */
export function predictionSvg({ top }: Prediction, title: string, count: number): string {
  const rows = top.slice(0, count);
  const height = 2 * MARGIN + HEAD + rows.length * ROW;
  const parts = rows.map(({ label, probability }, k) => {
    const y = MARGIN + HEAD + k * ROW;
    const left = MARGIN + NAME;
    const name = label.length > MOST ? `${label.slice(0, MOST - 1)}…` : label;
    return [
      svgText(MARGIN, y + 14, name),
      `<rect x="${left}" y="${y + 4}" width="${BAR}" height="12" rx="3" fill="${TRACK}"/>`,
      `<rect x="${left}" y="${y + 4}" width="${(BAR * probability).toFixed(2)}" height="12" rx="3" `,
      `fill="${FILL}"/>`,
      svgText(WIDTH - MARGIN, y + 14, tellChance(probability), { anchor: "end", family: MONO }),
    ].join("");
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" `,
    `viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escaped(title)}">`,
    `<rect width="100%" height="100%" fill="${PAPER}"/>`,
    svgText(MARGIN, MARGIN + 12, title, { size: 15, weight: 600 }),
    ...(rows.length === 0 ? [svgText(MARGIN, MARGIN + HEAD, "no classes", { fill: SOFT })] : []),
    ...parts,
    "</svg>",
  ].join("");
}
