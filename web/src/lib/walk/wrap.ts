/** A long walk as lines under one another, as text is broken into lines. */

import type { Layout, PlacedCard, PlacedHeading, PlacedLink } from "./layout";
import type { Sizes } from "./rows";

/** A part of the layout, cut out from `left` to `right` and `top` to `bottom`. */
export interface Line {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where its upper edge is put. */
  readonly y: number;
  /** The arrows that pass through it: at its ends they go on in the next line. */
  readonly links: readonly PlacedLink[];
}

/** What is seen of a heading in one line. */
export interface HeadingPiece extends PlacedHeading {
  readonly line: number;
  /** Whether the group began in a line before. */
  readonly continued: boolean;
}

export interface Wrapped {
  readonly width: number;
  readonly height: number;
  readonly lines: readonly Line[];
  /** As in the layout, but where they stand now. */
  readonly cards: readonly PlacedCard[];
  readonly headings: readonly HeadingPiece[];
}

const BETWEEN_LINES = 20;

/**
 * The layout in lines of so many cards.
 *
 * All cards are equally wide and stand on a grid, so that a line can end behind any of them.
 */
export function wrap(layout: Layout, perLine: number, { cardWidth, gap }: Sizes): Wrapped {
  const pitch = cardWidth + gap;
  const count = Math.ceil((layout.width + gap) / pitch);
  const length = Math.min(Math.max(1, perLine), count) * pitch;
  const lines: Line[] = [];
  for (let left = -gap / 2; left < layout.width; left += length) {
    const before = lines.at(-1);
    const y = before ? before.y + before.bottom - before.top + BETWEEN_LINES : 0;
    lines.push(cutOut(layout, left, left + length, y));
  }
  const last = lines.at(-1)!;
  const lineOf = (x: number): number => Math.floor((x + gap / 2) / length);
  return {
    width: length,
    height: last.y + last.bottom - last.top,
    lines,
    cards: layout.cards.map((card) => moved(card, lines[lineOf(card.x)]!)),
    headings: layout.headings.flatMap((heading) => piecesOf(heading, lines, gap)),
  };
}

function cutOut(layout: Layout, left: number, right: number, y: number): Line {
  const within = ({ x, width }: { x: number; width: number }): boolean =>
    x < right && x + width > left;
  const links = layout.links.filter((link) => link.left < right && link.right > left);
  const boxes = [...layout.cards.filter(within), ...layout.headings.filter(within)];
  const top = Math.min(...boxes.map(({ y }) => y), ...links.map(({ top }) => top));
  const bottom = Math.max(
    ...boxes.map(({ y, height }) => y + height),
    ...links.map(({ bottom }) => bottom),
  );
  return { left, right, top, bottom, y, links };
}

function moved<T extends { readonly x: number; readonly y: number }>(box: T, line: Line): T {
  return { ...box, x: box.x - line.left, y: box.y - line.top + line.y };
}

function piecesOf(heading: PlacedHeading, lines: readonly Line[], gap: number): HeadingPiece[] {
  const end = heading.x + heading.width;
  return lines.flatMap((line, k): HeadingPiece[] => {
    const from = Math.max(heading.x, line.left + gap / 2);
    const to = Math.min(end, line.right - gap / 2);
    if (from >= to) return [];
    const piece = { ...heading, x: from, width: to - from };
    return [{ ...moved(piece, line), line: k, continued: from > heading.x }];
  });
}

/** How far down everything reaches that is seen of a strip, scrolled so far and so wide. */
export function depthAt({ cards, headings, lines }: Wrapped, left: number, width: number): number {
  const seen = (from: number, to: number): boolean => from < left + width && to > left;
  const boxes = [...cards, ...headings].filter(({ x, width: wide }) => seen(x, x + wide));
  const links = lines.flatMap(({ links, left: edge, top }) =>
    links
      .filter((link) => seen(link.left - edge, link.right - edge))
      .map(({ bottom }) => bottom - top),
  );
  return Math.max(0, ...boxes.map(({ y, height }) => y + height), ...links);
}
