/** The learned numbers behind one number of a map: a kernel and a bias that can be edited. */

import type { Explanation } from "../cell/explanation";
import type { Plane, Window } from "../cell/window";
import { isCall } from "../recipe/expression";
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
