/** Values that are not kept, worked out from those that are, by their recipes. */

import type { Tensor } from "../source";
import type { ValueSheet } from "../wire";
import type { Network } from "./network";
import { RecipeError } from "./recipe/errors";
import { Evaluator } from "./recipe/evaluate";
import { operand } from "./recipe/operand";

/** How much of what was worked out is kept for the next op. */
const ROOM = 64 * 2 ** 20;

export class Recomputed {
  readonly #network: Network;
  readonly #stored: (value: number) => Promise<Tensor | undefined>;
  readonly #made = new Map<number, Promise<Tensor>>();
  #bytes = 0;

  /** @param stored - A value as it is kept, or undefined where it has to be worked out. */
  constructor(network: Network, stored: (value: number) => Promise<Tensor | undefined>) {
    this.#network = network;
    this.#stored = stored;
  }

  /**
   * All numbers of a value.
   *
   * @throws RecipeError where it is neither kept nor can be worked out.
   */
  async whole(id: number): Promise<Tensor> {
    const known = this.#made.get(id);
    if (known) return known;
    const stored = await this.#stored(id);
    if (stored) return stored;
    // Another may have asked while this one waited.
    const asked = this.#made.get(id) ?? this.#worked(this.#network.byId(id));
    this.#made.set(id, asked);
    return asked;
  }

  async #worked(value: ValueSheet): Promise<Tensor> {
    const { op: index } = value;
    if (index === null) throw new RecipeError(`${value.name} is not kept here`);
    const op = this.#network.op(index);
    const recipe = this.#network.recipe(index, this.#network.outputOf(value));
    if (!recipe) throw new RecipeError(`${op.name} is not kept here, and has no recipe`);
    const read = new Set(recipe.reads.map((read) => read.operand));
    const operands = await Promise.all(
      op.inputs.map(async (input, k) => {
        if (!read.has(k)) return operand(new Float32Array(0), [0]);
        const { data, shape } = await this.whole(input);
        return operand(data, shape);
      }),
    );
    const data = new Evaluator(recipe, operands).fill();
    this.#keep(value.id, data.byteLength);
    return { data, shape: value.shape, exact: true };
  }

  #keep(id: number, bytes: number): void {
    this.#bytes += bytes;
    for (const [oldest] of this.#made) {
      if (this.#bytes <= ROOM || oldest === id) break;
      this.#made.delete(oldest);
      const { shape } = this.#network.byId(oldest);
      this.#bytes -= 4 * shape.reduce((product, length) => product * length, 1);
    }
  }
}
