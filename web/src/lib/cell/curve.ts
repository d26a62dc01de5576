/** The curve of a function of one number, worked out by the recipe itself. */

import { Evaluator } from "../recipe/evaluate";
import { type Expression, isCall, literal, readsIn, whole } from "../recipe/expression";
import { operand } from "../recipe/operand";
import type { Recipe } from "../recipe/recipe";
import { type Explanation, isTruth, numberOf } from "./explanation";

/** A function of one number about the one it was given. */
export interface Curve {
  /** What it was given, and what came out. */
  readonly x: number;
  readonly y: number;
  readonly xs: Float64Array;
  /** NaN where the function has no value. */
  readonly ys: Float64Array;
}

const POINTS = 257;

/**
 * The curve of an op that makes each number from one other and constants (an
 * activation); undefined for any other, and where the curve is a straight line.
 */
export function curveOf(explanation: Explanation): Curve | undefined {
  const { recipe, made, outcome } = explanation;
  const read = theRead(explanation);
  if (read === undefined || isTruth(made)) return undefined;
  const x = numberOf(explanation, ["read", read]);
  if (x === undefined || !Number.isFinite(x)) return undefined;
  const alone: Recipe = {
    axes: [["x", POINTS]],
    reads: [{ operand: 0, index: ["x"] }],
    steps: [],
    result: ofOne(explanation, recipe.result, read),
  };
  const reach = reachOf(x);
  const xs = Float64Array.from({ length: POINTS }, (_, k) => reach * ((2 * k) / (POINTS - 1) - 1));
  const ys = new Float64Array(POINTS);
  new Evaluator(alone, [operand(xs, [POINTS])]).fill([], ys);
  return isStraight(ys) ? undefined : { x, y: outcome.total, xs, ys };
}

/** Whether the numbers lie on one straight line, to a thousandth: a picture of it says nothing. */
function isStraight(ys: Float64Array): boolean {
  const [first = 0, last = 0] = [ys[0], ys.at(-1)];
  const slope = (last - first) / (ys.length - 1);
  const span = Math.max(Math.abs(first), Math.abs(last));
  return ys.every((y, k) => Math.abs(y - first - k * slope) <= span / 1000);
}

/** The one read of a number that the walk came by, where the result is a function of it alone. */
function theRead({ recipe, inputs }: Explanation): number | undefined {
  if (recipe.steps.some(({ loops, each }) => loops.length > 0 || each?.length)) return undefined;
  if (!isCall(recipe.result) || ["read", "choose"].includes(recipe.result[0])) return undefined;
  const formulas = [recipe.result, ...recipe.steps.map(({ term }) => term)];
  const open = new Set(
    formulas.flatMap(readsIn).filter((read) => {
      const role = inputs[recipe.reads[read]?.operand ?? -1]?.role;
      return role === "result" || role === "input";
    }),
  );
  const [read] = open;
  return open.size === 1 ? read : undefined;
}

/** The formula with the one read as the variable, and all else as it is at this position. */
function ofOne(explanation: Explanation, part: Expression, read: number): Expression {
  const { recipe } = explanation;
  if (typeof part === "string") {
    const step = recipe.steps.find(({ name }) => name === part);
    return step ? ofOne(explanation, step.term, read) : (numberOf(explanation, part) ?? part);
  }
  if (!isCall(part) || literal(part) !== undefined) return part;
  if (part[0] === "read" && whole(part, 0) === read) return ["read", 0];
  if (part[0] === "read" || part[0] === "table") {
    const number = numberOf(explanation, part) ?? Number.NaN;
    return Number.isFinite(number) ? number : ["number", word(number)];
  }
  return [part[0], ...part.slice(1).map((each) => ofOne(explanation, each, read))];
}

function word(number: number): string {
  return Number.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

/** How far the curve is drawn to both sides: 4, or the next of 1, 2, 5 times a power of ten. */
function reachOf(x: number): number {
  const needed = Math.abs(x) * 1.15;
  if (needed <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(needed));
  return power * ([1, 2, 5, 10].find((step) => step * power >= needed) ?? 10);
}

/** Where the numbers of a curve lie on a drawing. */
export interface Frame {
  readonly low: readonly [x: number, y: number];
  readonly high: readonly [x: number, y: number];
  x(number: number): number;
  y(number: number): number;
}

/** The frame that shows all of a curve that is finite, and zero. */
export function frameOf({ xs, ys, y }: Curve, width: number, height: number): Frame {
  const finite = [...ys, y].filter(Number.isFinite);
  const bottom = finite.reduce((low, each) => Math.min(low, each), 0);
  const top = finite.reduce((high, each) => Math.max(high, each), 0);
  const room = top > bottom ? (top - bottom) * 0.08 : 1;
  const low = [xs[0] ?? -1, bottom - room] as const;
  const high = [xs.at(-1) ?? 1, top + room] as const;
  const rounded = (place: number): number => Math.round(place * 100) / 100;
  return {
    low,
    high,
    x: (number) => rounded(((number - low[0]) / (high[0] - low[0])) * width),
    y: (number) => rounded((1 - (number - low[1]) / (high[1] - low[1])) * height),
  };
}

/** The curve as the path of an SVG; where there is no value there is no line. */
export function curvePath({ xs, ys }: Curve, frame: Frame): string {
  let path = "";
  let drawing = false;
  for (const [k, y] of ys.entries()) {
    if (Number.isFinite(y)) path += `${drawing ? "L" : "M"}${frame.x(xs[k]!)} ${frame.y(y)}`;
    drawing = Number.isFinite(y);
  }
  return path;
}
