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
}

/** The side of the large picture on a card. */
export function tileSide({ narrow }: Manner): number {
  return narrow ? 56 : 69;
}

const LINE = 15;

export function sizesFor(manner: Manner): Sizes {
  const { details, graph, narrow } = manner;
  const side = tileSide(manner);
  const cardHeight = side + 72 + (details ? 5 * LINE : 0);
  return {
    cardWidth: Math.round(1.5 * side) + 20,
    cardHeight,
    branchHeight: graph ? cardHeight : 66 + (details ? LINE : 0),
    gap: narrow ? 16 : 22,
    laneGap: 12,
    heading: 32,
    band: 64,
  };
}
