/** One value of a walk, held as far as a recipe needs it: whole, or the part about a position. */

import type { Tensor } from "../../source";
import type { ValueSheet } from "../../wire";
import type { Expression } from "../recipe/expression";
import { type Operand, operand, Part, strides } from "../recipe/operand";
import type { Axis, Recipe } from "../recipe/recipe";
import type { Tensors } from "../tensors";

/** What is larger than this is not fetched whole where a part will do: 64 MiB. */
export const WHOLE = 64 * 2 ** 20;

/**
 * The indices with which every read of an operand begins that are output axes or whole numbers:
 * they say which part of it a position needs.
 */
export function leading(recipe: Recipe, input: number): readonly Expression[] {
  const reads = recipe.reads.filter((read) => read.operand === input);
  const [first, ...others] = reads;
  if (!first) return [];
  const isAxis = (name: Expression): boolean => recipe.axes.some(([axis]) => axis === name);
  const end = first.index.findIndex(
    (part, k) =>
      !(isAxis(part) || Number.isInteger(part)) || others.some(({ index }) => index[k] !== part),
  );
  return end < 0 ? first.index : first.index.slice(0, end);
}

/** How many bytes a value takes in the page, where 64-bit whole numbers are doubles. */
export function bytesOf({ shape, dtype }: Pick<ValueSheet, "shape" | "dtype">): number {
  const wide = /64$/.test(dtype) ? 8 : dtype === "bool" || /int8$/.test(dtype) ? 1 : 4;
  return shape.reduce((product, length) => product * length, wide);
}

/** A value that is looked at number by number: whole, or one number where it is too large. */
export function holdingOf(
  tensors: Tensors,
  trace: string,
  value: ValueSheet,
  whole = WHOLE,
): Holding {
  const axes: readonly Axis[] = value.shape.map((length, k) => [String(k), length]);
  const lead = axes.map(([name]) => name);
  return new Holding(tensors, trace, value, axes, lead, whole);
}

/** One value, whole or in parts. */
export class Holding {
  readonly value: ValueSheet;
  /** Whether it is too large to be fetched without being asked for. */
  readonly large: boolean;
  readonly #tensors: Tensors;
  readonly #trace: string;
  readonly #axes: readonly Axis[];
  /** The leading indices that are taken away; none where it is held whole. */
  readonly #cut: readonly Expression[];
  #held: Operand | undefined;
  #key: string | undefined;
  #asked = "";

  constructor(
    tensors: Tensors,
    trace: string,
    value: ValueSheet,
    axes: readonly Axis[],
    lead: readonly Expression[],
    whole = WHOLE,
  ) {
    this.#tensors = tensors;
    this.#trace = trace;
    this.#axes = axes;
    this.value = value;
    let bytes = bytesOf(value);
    let cut = 0;
    while (bytes > whole && cut < lead.length) bytes /= value.shape[cut++] ?? 1;
    this.#cut = lead.slice(0, cut);
    this.large = bytes > whole;
  }

  /** The numbers that are here; see {@link has}. */
  get operand(): Operand | undefined {
    return this.#held;
  }

  /** The number at a position of the value, if it is here. */
  number(at: readonly number[]): number | undefined {
    if (!this.has(at) || !this.#held) return undefined;
    const along = strides(this.value.shape);
    const flat = at.reduce((sum, place, k) => sum + place * along[k]!, 0);
    return this.#held.data[flat - (this.#held.start ?? 0)];
  }

  /** Whether what a position needs is here. */
  has(at: readonly number[]): boolean {
    if (this.#held && this.#key === this.#region(at)) return true;
    const tensor = this.#tensors.held(this.#ask(this.#region(at)));
    if (tensor) this.#take(tensor, at);
    return tensor !== undefined;
  }

  /** Fetches what a position needs; only the last one asked for is kept. */
  async fetch(at: readonly number[]): Promise<void> {
    const region = this.#region(at);
    this.#asked = region;
    if (this.has(at)) return;
    const tensor = await this.#tensors.get(this.#ask(region));
    if (this.#asked === region) this.#take(tensor, at);
  }

  #take(tensor: Tensor, at: readonly number[]): void {
    const { shape } = this.value;
    this.#key = this.#region(at);
    if (this.#cut.length === 0) {
      this.#held = operand(tensor.data, shape);
      return;
    }
    const along = strides(shape);
    const start = this.#places(at).reduce((sum, place, k) => sum + place * along[k]!, 0);
    if (this.#held instanceof Part) this.#held.replace(tensor.data, start);
    else this.#held = new Part(shape, tensor.data, start);
  }

  #places(at: readonly number[]): number[] {
    return this.#cut.map((part) =>
      typeof part === "string"
        ? (at[this.#axes.findIndex(([name]) => name === part)] ?? 0)
        : Number(part),
    );
  }

  #region(at: readonly number[]): string {
    return this.#places(at).join(",");
  }

  #ask(region: string): { trace: string; value: number; region: string } {
    return { trace: this.#trace, value: this.value.id, region };
  }
}
