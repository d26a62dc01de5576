/** The window, the kernel and their products, as grids. */

import type { Run } from "../colour";
import { tellShape } from "../numerals";
import { strides } from "../recipe/operand";
import { lessBefore } from "./changes";
import { type Explanation, isTruth } from "./explanation";
import { type Grid, type GridParts, gridOf } from "./grid";
import { type Drawn, layerScale, ownScale, tellScale } from "./scales";
import { tellExactly } from "./told";
import { cellOf } from "./walk";
import { channelName, type Plane, type Window, winnerOf } from "./window";

/** Grids and the signs between them: window × kernel = products, or the window alone. */
export interface WindowGrids {
  readonly grids: readonly Grid[];
  readonly signs: readonly string[];
}

/**
 * The grids of one channel.
 *
 * @param beside - The same without the edits, or with them: kernels and products of both have one scale.
 */
export function windowGrids(
  explanation: Explanation,
  window: Window,
  plane: Plane,
  look: Drawn,
  beside?: Plane,
): WindowGrids {
  const { network, inputs } = explanation;
  const input = inputs[window.input]!;
  const { data } = explanation.operands[window.input]!;
  const scale = layerScale(data, look, channelRun(explanation, window, plane), isTruth(input));
  const shared = { width: window.width, absent: plane.absent };
  const named = plane.channel.length > 0 ? ` of channel ${channelName(plane.channel)}` : "";
  const first = gridOf({
    ...shared,
    title: `window${named}`,
    note: tellScale(scale, "of this channel"),
    numbers: plane.numbers,
    scale,
    rows: plane.rows,
    columns: plane.columns,
    padding: plane.padding,
    winner: winnerOf(explanation, plane),
    to: (k) => cellOf(network, input, plane.places[k]!),
  });
  if (!plane.weights) return { grids: [first], signs: [] };
  const allWeights = Float64Array.of(...plane.weights, ...(beside?.weights ?? []));
  const allProducts = Float64Array.of(...plane.results, ...(beside?.results ?? []));
  const weights = ownScale(allWeights);
  const products = ownScale(allProducts);
  const own = window.weight === undefined ? "of these" : "of this kernel";
  const taps = tapsOf(window);
  return {
    grids: [
      first,
      gridOf({
        ...shared,
        title: kernelTitle(explanation, window),
        note: tellScale(weights, beside ? "before and after" : own),
        numbers: plane.weights,
        among: allWeights,
        scale: weights,
        ...taps,
      }),
      gridOf({
        ...shared,
        title: `products, Σ ${tellExactly(plane.total, 6)}`,
        note: tellScale(products, beside ? "before and after" : "of these products"),
        numbers: plane.results,
        among: allProducts,
        scale: products,
        ...taps,
      }),
    ],
    signs: ["×", "="],
  };
}

/** What edits changed: each grid's numbers after less before. */
export function changedGrids(window: Window, after: Plane, before: Plane): readonly Grid[] {
  const names =
    after.weights && before.weights
      ? (["numbers", "weights", "results"] as const)
      : (["numbers"] as const);
  return names.map((name, k) => {
    const numbers = lessBefore(after[name]!, before[name]!);
    const scale = ownScale(numbers);
    return gridOf({
      title: `change of the ${["window", "kernel", "products"][k]}`,
      note: tellScale(scale, "of these changes"),
      numbers,
      width: window.width,
      scale,
      absent: after.absent,
      ...(k === 0 ? { rows: after.rows, columns: after.columns } : tapsOf(window)),
    });
  });
}

/** Rows and columns of the kernel, where they are not simply counted. */
function tapsOf({ rank, taps: { rows, columns } }: Window): Pick<GridParts, "rows" | "columns"> {
  // Of a transposed convolution's kernel only every so-manieth tap reaches a number.
  return rank === 2 && rows.some((row, k) => row !== k) ? { rows, columns } : { columns };
}

/** `"kernel 3×3"`; where not all of it reaches the number, `"kernel 4×4, 2×2 of it here"`. */
function kernelTitle({ operands }: Explanation, { rank, height, width, weight }: Window): string {
  const shown = tellShape(rank === 2 ? [height, width] : [width]);
  if (weight === undefined) return `weights ${shown}`;
  const whole = tellShape(operands[weight]!.shape.slice(2));
  return whole === shown ? `kernel ${shown}` : `kernel ${whole}, ${shown} of it here`;
}

/** Which numbers of the input are those of the channel, where it lies in the input whole. */
function channelRun(
  { operands }: Explanation,
  { input, rank }: Window,
  { channel }: Plane,
): Run | undefined {
  const { shape, start: cut = 0, data } = operands[input]!;
  const along = strides(shape);
  const count = shape.slice(-rank).reduce((product, length) => product * length, 1);
  const start = channel.reduce((sum, place, k) => sum + place * along[k]!, 0) - cut;
  return start >= 0 && start + count <= data.length ? { start, count, step: 1 } : undefined;
}
