/** Words in a picture of lines and letters. */

/** Families of letters, and inks, for paper. */
export const SANS = "Inter, system-ui, sans-serif";
export const MONO = "ui-monospace, Menlo, Consolas, monospace";
export const INK = "#1c1b19";
export const SOFT = "#65625c";
export const PAPER = "#ffffff";

/** How words look; black, 13 px, from the left, if nothing is said. */
export interface TextStyle {
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: "middle" | "end";
  readonly weight?: number;
  readonly family?: string;
}

/** A text element whose first line stands at a place. */
export function svgText(x: number, y: number, words: string, style: TextStyle = {}): string {
  const { size = 13, fill = INK, anchor = "start", weight = 400, family = SANS } = style;
  return (
    `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" ` +
    `text-anchor="${anchor}" font-family="${family}">${escaped(words)}</text>`
  );
}

/** Words with nothing in them that markup could take for its own. */
export function escaped(words: string): string {
  return words
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
