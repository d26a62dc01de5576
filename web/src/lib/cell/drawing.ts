/** The account of one number as a drawing to be saved. */

import { quoted } from "../names";
import type { Explanation } from "./explanation";
import { rungsOf, tellSteps } from "./formula";
import type { Drawn } from "./scales";
import { sumsOf } from "./sums";
import type { Drawing } from "./svg";
import { tellExactly, tellPlace } from "./told";
import type { Plane, Window } from "./window";
import { windowGrids } from "./window_grids";

/** What is drawn of an explanation: the grids of its window if it has one, and its sums. */
export function drawingOf(
  explanation: Explanation,
  window: Window | undefined,
  plane: Plane | undefined,
  look: Drawn,
): Drawing {
  const { op, made, at, recipe } = explanation;
  const grids =
    window && plane
      ? windowGrids(explanation, window, plane, look)
      : { grids: [], signs: [] as readonly string[] };
  const rungs = window ? [] : rungsOf(explanation, recipe.result);
  return {
    ...grids,
    title: `${quoted(op.name)} ${tellPlace(at, made.shape)}`,
    lines: [
      ...tellSteps(explanation).map(({ name, made, number }) =>
        [name, made, number].filter((part) => part !== undefined).join(" = "),
      ),
      ...rungs.slice(1).map(({ words, gives }) => `  ${words}  = ${tellExactly(gives, 7)}`),
      sumsOf(explanation)
        .map(({ name, text }) => `${name} ${text}`)
        .join("   "),
    ],
  };
}
