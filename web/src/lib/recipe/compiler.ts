/** From a recipe and its operands to the instructions of a machine. */

import { RecipeError } from "./errors";
import { argument, type Call, type Expression, literal, readsIn, whole } from "./expression";
import { applied } from "./instructions";
import { type Instruction, Machine, nest, type Scope, type Source, type Value } from "./machine";
import { type Operand, strides } from "./operand";
import { type Reading, reading } from "./reading";
import type { Axis, Recipe, Step } from "./recipe";
import { reduction } from "./reduction";
import { flattened, type Rows } from "./table";

/** A step, compiled. */
export interface Part {
  readonly step: Step;
  readonly scope: Scope;
  readonly term: Value;
  /** The reads of the term, by their number in the recipe. */
  readonly reads: ReadonlyMap<number, Reading>;
  readonly skipped: Value | undefined;
  /** Its number, or all of them where it has `each`. */
  readonly value: Value;
  readonly cells: Float64Array | undefined;
}

/** Compiles what it is asked for, each expression and step once. */
export class Compiler {
  readonly machine: Machine;
  readonly #recipe: Recipe;
  readonly #operands: readonly Operand[];
  readonly #parts = new Map<string, Part | "in work">();
  readonly #tables = new Map<number, Rows>();

  constructor(recipe: Recipe, operands: readonly Operand[], lanes = 1) {
    this.#recipe = recipe;
    this.#operands = operands;
    this.machine = new Machine(recipe.axes, lanes);
  }

  /** The value of an expression; within an index, a read is a whole number. */
  value(expression: Expression, scope: Scope = [], index = false): Value {
    if (typeof expression === "string") return this.#named(expression, scope);
    const number = literal(expression);
    if (number !== undefined) return this.machine.constant(number);
    return this.#called(expression as Call, scope, index);
  }

  #called(call: Call, scope: Scope, index: boolean): Value {
    const [name, ...parts] = call;
    if (name === "read") {
      const { number } = this.read(whole(call, 0), scope);
      return index ? applied(this.machine, scope, "trunc", [number], true) : number;
    }
    if (name === "table") return this.#tabled(call, scope);
    if (name === "exact") return this.#exact(call, scope);
    const inputs = parts.map((part) => this.value(part, scope, index));
    return applied(this.machine, scope, name, inputs, index);
  }

  #named(name: string, scope: Scope): Value {
    const step = this.#recipe.steps.find((each) => each.name === name);
    if (step !== undefined) return this.#stepped(step, scope);
    const found = this.machine.axes.find((level) => level.name === name);
    const level = found ?? scope.find((each) => each.name === name);
    if (level === undefined) throw new RecipeError(`"${name}" is no axis, loop or step here`);
    return level.value;
  }

  /** The number of a step; of one with `each`, that of the loops where they are now. */
  #stepped(step: Step, scope: Scope): Value {
    const { value, cells } = this.part(step);
    if (cells === undefined) return value;
    const each = step.each ?? [];
    const along = strides(each.map(([, length]) => length));
    const loops = each.map(([name]) => this.#named(name, scope));
    const made = (to: number, lanes: number, _: Source, ...from: Source[]): Instruction => {
      return (r) => {
        let offset = 0;
        for (let k = 0; k < from.length; k++) offset += r[from[k]!.at]! * along[k]!;
        for (let k = 0; k < lanes; k++) r[to + k] = cells[offset * lanes + k]!;
      };
    };
    return this.machine.made(`of ${step.name}`, [value, ...loops], scope, made);
  }

  /** The read of this number. */
  read(number: number, scope: Scope): Reading {
    const read = this.#recipe.reads[number];
    const operand = read && this.#operands[read.operand];
    if (read === undefined) throw new RecipeError(`the recipe has no read ${number}`);
    if (operand === undefined) throw new RecipeError(`operand ${read.operand} is missing`);
    if (operand.shape.length !== read.index.length) {
      const shape = `(${operand.shape.join(", ")})`;
      throw new RecipeError(
        `read ${number} has ${read.index.length} indices, and operand ${read.operand} is of shape ${shape}`,
      );
    }
    const places = read.index.map((part) => this.value(part, scope, true));
    return reading(this.machine, scope, read, operand, places);
  }

  /** A step, compiled where it is first asked for: what nobody uses costs nothing. */
  part(step: Step): Part {
    const known = this.#parts.get(step.name);
    if (known === "in work") throw new RecipeError(`step "${step.name}" needs itself`);
    if (known !== undefined) return known;
    this.#parts.set(step.name, "in work");
    const made = this.#compiled(step);
    this.#parts.set(step.name, made);
    return made;
  }

  #compiled(step: Step): Part {
    const each = step.each ?? [];
    const scope = this.machine.scope([...each, ...this.#inOrder(step.loops)]);
    const term = this.value(step.term, scope);
    const reads = new Map(readsIn(step.term).map((k) => [k, this.read(k, scope)]));
    const skipped = this.#skipped([...reads.values()], scope);
    const part = { step, scope, term, reads, skipped };
    if (scope.length === 0 && skipped === undefined && !["any", "all"].includes(step.combine)) {
      return { ...part, value: term, cells: undefined };
    }
    const { register, lanes, body, around } = reduction(this.machine, step.combine, term, skipped);
    const axis = Math.max(term.axis, skipped?.axis ?? 0);
    const value = { register, depth: axis, axis, lanes };
    const reduced = around(nest(scope.slice(each.length), body));
    if (each.length === 0) {
      this.machine.block(axis).push(reduced);
      return { ...part, value, cells: undefined };
    }
    const count = each.reduce((product, [, length]) => product * length, 1);
    const cells = new Float64Array(count * lanes);
    let next = 0;
    const stored = nest(scope.slice(0, each.length), (r) => {
      reduced(r);
      for (let k = 0; k < lanes; k++) cells[next++] = r[register + k]!;
    });
    this.machine.block(axis).push((r) => {
      next = 0;
      stored(r);
    });
    return { ...part, value, cells };
  }

  /** Loops in the order in which the recipe's steps bring them up, which is that of the terms. */
  #inOrder(loops: readonly Axis[]): Axis[] {
    const all = this.#recipe.steps.flatMap((step) => [...(step.each ?? []), ...step.loops]);
    const place = (axis: Axis): number => all.findIndex(([name]) => name === axis[0]);
    return loops.toSorted((one, other) => place(one) - place(other));
  }

  #skipped(reads: readonly Reading[], scope: Scope): Value | undefined {
    const found = reads.flatMap((read) => (read.skipped === undefined ? [] : [read.skipped]));
    if (found.length === 0) return undefined;
    return found.reduce((one, other) => applied(this.machine, scope, "or", [one, other], true));
  }

  #tabled(call: Call, scope: Scope): Value {
    const number = whole(call, 0);
    const rows = this.#tables.get(number) ?? flattened(this.#recipe.tables?.[number], number);
    this.#tables.set(number, rows);
    const places = call.slice(2).map((part) => this.value(part, scope, true));
    if (places.length !== rows.shape.length) {
      throw new RecipeError(`table ${number} has ${rows.shape.length} dimensions`);
    }
    const width = rows.shape[1] ?? 1;
    return this.machine.made(`table ${number}`, places, scope, (to, lanes, a, b) => (r) => {
      for (let k = 0; k < lanes; k++) {
        const column = b === undefined ? 0 : r[b.at + k * b.next]!;
        const row = r[a!.at + k * a!.next]!;
        r[to + k] = rows.numbers[row * width + column] ?? -1;
      }
    });
  }

  /** A whole quotient, or -1: no position at all. */
  #exact(call: Call, scope: Scope): Value {
    const value = this.value(argument(call, 0), scope, true);
    const by = whole(call, 1);
    return this.machine.made(`exact ${by}`, [value], scope, (to, lanes, from) => (r) => {
      for (let k = 0; k < lanes; k++) {
        const quotient = r[from!.at + k * from!.next]! / by;
        r[to + k] = Number.isInteger(quotient) ? quotient : -1;
      }
    });
  }
}
