/** The sizes that the layouts of the tests are made with. */

import type { Sizes } from "../../../src/lib/walk/rows";

/** Round numbers: a card and the gap behind it are 100 wide. */
export const SIZES: Sizes = {
  cardWidth: 80,
  cardHeight: 100,
  branchHeight: 50,
  gap: 20,
  laneGap: 10,
  heading: 30,
  band: 60,
};
