/** From numbers to colours, pixel for pixel as Layerwalk's figures (src/layerwalk/render). */

export { type Entries, entriesFor, writeEntries } from "./entries";
export { colourise, colourOf, colourRamp, cssColour, dark, darkEntries } from "./paint";
export {
  type Choice,
  chooseScale,
  fixedScale,
  isDiverging,
  type Scale,
  type Scope,
  scaleWords,
} from "./scale";
export {
  type Colour,
  colourTable,
  EXTRA,
  FLAWED,
  MAP_NAMES,
  type MapName,
  pixelTable,
} from "./tables";
export { EMPTY, flawsOf, type Run, type Sums, sumsOf, type Tally, tally, together } from "./tally";
