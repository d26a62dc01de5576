/** A trace as the page uses it: its sheet, with quick ways from one thing to another. */

import type { OpSheet, TraceSheet, ValueSheet } from "../wire";
import { type Book, type Recipe, recipeOf } from "./recipe/recipe";

export class Network {
  readonly sheet: TraceSheet;
  readonly #values = new Map<number, ValueSheet>();
  readonly #names = new Map<string, OpSheet>();
  readonly #readers = new Map<number, OpSheet[]>();

  constructor(sheet: TraceSheet) {
    this.sheet = sheet;
    for (const value of sheet.values) this.#values.set(value.id, value);
    for (const op of sheet.ops) {
      this.#names.set(op.name, op);
      for (const input of new Set(op.inputs)) {
        const readers = this.#readers.get(input);
        if (readers) readers.push(op);
        else this.#readers.set(input, [op]);
      }
    }
  }

  get id(): string {
    return this.sheet.id;
  }

  get ops(): readonly OpSheet[] {
    return this.sheet.ops;
  }

  /** What the network was given. */
  get inputs(): readonly ValueSheet[] {
    return this.sheet.inputs.map((id) => this.byId(id));
  }

  op(index: number): OpSheet {
    const found = this.sheet.ops[index];
    if (!found) throw new RangeError(`there is no op ${index}`);
    return found;
  }

  named(name: string): OpSheet | undefined {
    return this.#names.get(name);
  }

  byId(id: number): ValueSheet {
    const found = this.#values.get(id);
    if (!found) throw new RangeError(`there is no value ${id}`);
    return found;
  }

  /** An output of an op, or an input of the network where `op` is null. */
  value(op: number | null, output = 0): ValueSheet | undefined {
    const id = op === null ? this.sheet.inputs[output] : this.sheet.ops[op]?.outputs[output];
    return id === undefined ? undefined : this.#values.get(id);
  }

  /** Which output of its op, or which of the network's inputs, a value is. */
  outputOf(value: ValueSheet): number {
    const ids = value.op === null ? this.sheet.inputs : this.op(value.op).outputs;
    return Math.max(0, ids.indexOf(value.id));
  }

  /** The ops that read a value. */
  readers(value: number): readonly OpSheet[] {
    return this.#readers.get(value) ?? [];
  }

  /** How a number of this output is made, if that is known. */
  recipe(op: number, output = 0): Recipe | undefined {
    return recipeOf(this.sheet.book as unknown as Book, op, output);
  }

  /** Which axis of a value holds the channels. */
  channelAxis(value: ValueSheet): number {
    return value.op === null ? 1 : this.op(value.op).channel_axis;
  }
}
