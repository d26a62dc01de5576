/** All numbers of an output, a plane or a row, without their terms. */

import { Compiler } from "./compiler";
import { begin, nest, run, source } from "./machine";
import type { Operand } from "./operand";
import type { Axis, Recipe } from "./recipe";

/** Writes all numbers whose position begins with `first`, in row-major order. */
export type Filler = (first: readonly number[], out: Float32Array | Float64Array) => void;

// So many numbers of a row at once: few enough that all registers stay near the processor.
const LANES = 256;

/**
 * Works out whole rows of the output at once; `last` is its last axis, and not among `first`.
 *
 * @throws RecipeError where the recipe has what this page does not know.
 */
export function filler(recipe: Recipe, operands: readonly Operand[], last: Axis): Filler {
  const [, length] = last;
  const lanes = Math.min(length, LANES);
  const compiler = new Compiler(recipe, operands, lanes);
  const { at, next } = source(compiler.value(recipe.result));
  const { axes } = compiler.machine;
  const {
    value: { register },
    block,
  } = axes.at(-1)!;
  const registers = compiler.machine.registers();
  registers[register] = -1; // no position yet
  return (first, out) => {
    begin(compiler.machine, registers, first);
    let row = 0;
    const body = (r: Float64Array): void => {
      for (let start = 0; start < length; start += lanes) {
        // The last part of a row begins earlier, so that it is as long as the others.
        const from = Math.min(start, length - lanes);
        if (r[register] !== from) for (let k = 0; k < lanes; k++) r[register + k] = from + k;
        run(block, r);
        if (next === 0) out.fill(r[at]!, row + from, row + from + lanes);
        else out.set(r.subarray(at, at + lanes), row + from);
      }
      row += length;
    };
    nest(axes.slice(first.length, -1), body)(registers);
  };
}
