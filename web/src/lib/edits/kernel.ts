/** The learned numbers behind one number of a map: a kernel and a bias that can be edited. */

import { type Explanation, placeOf } from "../cell/explanation";
import type { Plane, Window } from "../cell/window";
import { isCall } from "../recipe/expression";
import { mainStep } from "../recipe/recipe";
import type { Place } from "./edits";

/** A part of a weight that is drawn as a kernel. */
export interface Kernel {
  readonly parameter: string;
  /** The kernel's own indices in the weight: its output and its input channel. */
  readonly at: Place;
  /** Where each drawn cell is in the weight; empty where there is none. */
  readonly cells: readonly Place[];
  readonly height: number;
  readonly width: number;
  /** Whether all of it is drawn, in two dimensions: a filter may take its place. */
  readonly whole: boolean;
}

/** The kernel of a window, where its numbers were learned. */
export function kernelOf(
  { inputs, operands }: Explanation,
  window: Window,
  plane: Plane,
): Kernel | undefined {
  const value = window.weight === undefined ? undefined : inputs[window.weight];
  const first = plane.weightPlaces.find((place) => place.length > 0);
  if (!value || !first || !isLearned(value.role)) return undefined;
  const shape = operands[window.weight!]!.shape;
  const { height, width, rank } = window;
  const drawn = shape.at(-1) === width && (rank === 1 || shape.at(-2) === height);
  return {
    parameter: value.name,
    at: first.slice(0, first.length - rank),
    cells: plane.weightPlaces,
    height,
    width,
    whole: drawn && rank === 2 && shape.length === 4,
  };
}

/** The learned numbers that terms are multiplied by where no window is drawn: those of a linear layer. */
export interface Weights extends Pick<Kernel, "parameter" | "at"> {
  readonly numbers: Float64Array;
  /** What each is multiplied by. */
  readonly others: Float64Array;
  /** Where the number of a term is in the weight. */
  place(term: number): Place;
}

export function weightsOf({ recipe, inputs, outcome }: Explanation): Weights | undefined {
  const term = mainStep(recipe)?.term ?? 0;
  const { factors, weights } = outcome.terms;
  const learned = factors.find(({ operand }) => isLearned(inputs[operand]?.role ?? ""));
  const other = factors.find((factor) => factor !== learned);
  const product = isCall(term) && term[0] === "mul" && term.length === 3 && !weights;
  if (!product || !learned || !other || factors.length !== 2 || outcome.terms.count === 0) {
    return undefined;
  }
  const place = (k: number): Place => placeOf(learned, k);
  const [first, last] = [place(0), place(outcome.terms.count - 1)];
  // What all have in common, as the row of a matrix.
  const along = first.findIndex((index, k) => index !== last[k]);
  return {
    parameter: inputs[learned.operand]!.name,
    at: first.slice(0, Math.max(along, 0)),
    numbers: learned.numbers,
    others: other.numbers,
    place,
  };
}

/** The learned number that was added in the end. */
export interface Bias {
  readonly parameter: string;
  readonly at: Place;
  readonly number: number;
}

export function biasOf({ recipe, inputs, outcome, at }: Explanation): Bias | undefined {
  const { result } = recipe;
  const last = (isCall(result) && result[0] === "add" && result[2]) || 0;
  const read = isCall(last) && last[0] === "read" ? recipe.reads[Number(last[1])] : undefined;
  const value = read && inputs[read.operand];
  if (!read || !value || outcome.bias === undefined || !isLearned(value.role)) return undefined;
  const place = read.index.map((part) =>
    typeof part === "number" ? part : at[recipe.axes.findIndex(([name]) => name === part)],
  );
  if (place.includes(undefined)) return undefined;
  return { parameter: value.name, at: place.map(Number), number: outcome.bias };
}

function isLearned(role: string): boolean {
  return role === "parameter" || role === "buffer";
}
