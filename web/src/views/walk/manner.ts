/** How large the parts of the walk are. */

import type { Sizes } from "../../lib/walk/rows";

/** From the edge of the strip to the first card: room for the ring of the focus. */
export const MARGIN = 5;

/** A panel narrower than this has narrower cards. */
export const NARROW = 560;

/** How the walk is drawn: a strip over everything else, or large, for looking at branches. */
export interface Manner {
  /** Whether cards say all there is to say. */
  readonly details: boolean;
  readonly graph: boolean;
  /** On a phone, or in the narrow cell of a notebook. */
  readonly narrow: boolean;
  /** How large the graph is drawn; the strip always as it is. */
  readonly zoom: number;
}

/** Drawn smaller than this, a card is a box in the colour of its kind. */
const BOXES = 0.45;
/** Drawn smaller than this, a card says its name alone. */
const NAMES = 0.75;

/** What can still be read of a card. */
export function clarity({ zoom }: Manner): "boxes" | "names" | "all" {
  return zoom < BOXES ? "boxes" : zoom < NAMES ? "names" : "all";
}

/** The letters of names, so large that they can be read. */
export function letters({ zoom }: Manner): number {
  return Math.max(12, Math.round(10.5 / zoom));
}

/** The side of the large picture on a card. */
export function tileSide({ narrow }: Manner): number {
  return narrow ? 56 : 69;
}

const LINE = 15;

export function sizesFor(manner: Manner): Sizes {
  const { details, graph, narrow } = manner;
  const side = tileSide(manner);
  const name = Math.round(1.5 * letters(manner));
  const cardHeight = {
    boxes: side + 30,
    names: side + 22 + name,
    all: side + 54 + name + (details ? 5 * LINE : 0),
  }[clarity(manner)];
  return {
    cardWidth: Math.round(1.5 * side) + 20,
    cardHeight,
    branchHeight: graph ? cardHeight : 66 + (details ? LINE : 0),
    gap: narrow ? 16 : 22,
    laneGap: 12,
    heading: name + 14,
    band: 64,
  };
}
