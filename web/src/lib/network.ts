/** A trace as the page uses it: its sheet, with quick ways from one thing to another. */

import type { OpSheet, TraceSheet, ValueSheet } from "../wire";
import { type Book, type Recipe, recipeOf } from "./recipe/recipe";

/** Of what a walk is an edited form, and which of its values have other numbers there. */
export interface Origin {
  readonly base: Network;
  readonly changed: ReadonlySet<number>;
}

export class Network {
  readonly sheet: TraceSheet;
  /** The walk without the edits, if this is one with edits. */
  readonly base: Network | undefined;
  readonly #changed: ReadonlySet<number>;
  readonly #values = new Map<number, ValueSheet>();
  readonly #names = new Map<string, OpSheet>();
  readonly #readers = new Map<number, OpSheet[]>();
  /** Whether it was given a picture without a batch around it: values of three axes are (C, H, W). */
  readonly #flat: boolean;
  #fieldHome: string | undefined;

  constructor(sheet: TraceSheet, origin?: Origin) {
    this.sheet = sheet;
    this.base = origin?.base;
    this.#changed = origin?.changed ?? new Set();
    for (const value of sheet.values) this.#values.set(value.id, value);
    for (const op of sheet.ops) {
      this.#names.set(op.name, op);
      for (const input of new Set(op.inputs)) {
        const readers = this.#readers.get(input);
        if (readers) readers.push(op);
        else this.#readers.set(input, [op]);
      }
    }
    this.#flat = sheet.ops.some(
      ({ kind, outputs }) =>
        kind.includes("2d") && outputs.some((id) => this.byId(id).shape.length === 3),
    );
  }

  get id(): string {
    return this.sheet.id;
  }

  /** The walk without edits: itself, unless it is an edited form. */
  get root(): Network {
    return this.base ?? this;
  }

  /** The trace that holds the numbers of a value: those that no edit changed are the root's. */
  home(value: number): string {
    return this.#changed.has(value) ? this.id : this.root.id;
  }

  /** The same for the photo, which is what the first input was made of. */
  get photoHome(): string {
    return this.home(this.sheet.inputs[0] ?? -1);
  }

  /** The trace whose receptive fields are this one's: the root's, where no window was changed. */
  get fieldHome(): string {
    const windows = (of: Network): string => JSON.stringify(of.ops.map(({ geometry }) => geometry));
    this.#fieldHome ??= !this.base || windows(this) === windows(this.base) ? this.root.id : this.id;
    return this.#fieldHome;
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

  /** How many samples a value holds. */
  samples(value: ValueSheet): number {
    const { length, 0: first = 1 } = value.shape;
    return length > 1 && this.channelAxis(value) !== 0 ? first : 1;
  }

  /** Which axis of a value holds the channels: 1, or -1; 0 where none of samples is before it. */
  channelAxis(value: ValueSheet): number {
    if (this.#flat && value.shape.length === 3) return 0;
    return value.op === null ? 1 : this.op(value.op).channel_axis;
  }
}
