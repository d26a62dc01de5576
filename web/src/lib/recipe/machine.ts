/**
 * A small machine that recipes are compiled to: registers, and instructions between loops.
 *
 * Every intermediate number has a register and one instruction that writes it. It stands in the
 * block of the outermost loop that it depends on, so that nothing is worked out twice in an inner
 * loop (the row of a window once a row, the root of a variance once a channel); and what two
 * expressions share has one register. A whole row is worked out at once: what depends on the
 * output's last axis has as many registers side by side as the machine has lanes. No code is
 * generated: instructions are closures, which a Content-Security-Policy allows. They return
 * nothing, because a number that a closure returns is boxed, and one that it writes into a
 * Float64Array is not.
 */

/** Reads some registers and writes one. */
export type Instruction = (registers: Float64Array) => void;

/** A number being worked out: where it stands, and on what it depends. */
export interface Value {
  readonly register: number;
  /** The innermost loop: 0 none, 1 to A the output's axes, from A + 1 the loops of a step. */
  readonly depth: number;
  /** The innermost of the output's axes alone. */
  readonly axis: number;
  /** How many registers it has: 1, or as many as the machine has lanes. */
  readonly lanes: number;
}

/** Where an instruction finds a number: the register of its first lane, and of the next. */
export interface Source {
  readonly at: number;
  /** 1, or 0 where all lanes read the same. */
  readonly next: number;
}

/** The instruction that writes `lanes` numbers from the register `to` on. */
export type Making = (to: number, lanes: number, ...from: Source[]) => Instruction;

/** The registers of a value, for an instruction that reads it. */
export function source({ register, lanes }: Value): Source {
  return { at: register, next: lanes > 1 ? 1 : 0 };
}

/** One loop, and what is to be done in it before the loops inside. */
export interface Level {
  readonly name: string;
  readonly length: number;
  readonly value: Value;
  readonly block: Instruction[];
}

/** The loops of one step, outermost first. */
export type Scope = readonly Level[];

/** Instructions one after the other. */
export function run(block: readonly Instruction[], registers: Float64Array): void {
  for (let k = 0; k < block.length; k++) block[k]!(registers);
}

/** Loops one in the other, and `body` inside them all. */
export function nest(levels: readonly Level[], body: Instruction): Instruction {
  return levels.reduceRight<Instruction>((inner, { value, length, block }) => {
    const { register } = value;
    return (r) => {
      for (let k = 0; k < length; k++) {
        r[register] = k;
        run(block, r);
        inner(r);
      }
    };
  }, body);
}

/** Registers and instructions, as a compiler asks for them. */
export class Machine {
  /** What depends on nothing. */
  readonly once: Instruction[] = [];
  /** The output's axes, outermost first. */
  readonly axes: readonly Level[];
  readonly #initial: number[] = [];
  readonly #known = new Map<string, Value>();

  /** @param lanes - How many positions of the last axis are worked out at once. */
  constructor(axes: readonly (readonly [name: string, length: number])[], lanes = 1) {
    const last = axes.length - 1;
    this.axes = axes.map(([name, length], k) =>
      this.#level(name, length, k + 1, k + 1, k === last ? lanes : 1),
    );
  }

  /** The loops of a step; their positions have registers of their own. */
  scope(loops: readonly (readonly [name: string, length: number])[]): Scope {
    const outer = this.axes.length + 1;
    return loops.map(([name, length], k) => this.#level(name, length, outer + k, 0, 1));
  }

  #level(name: string, length: number, depth: number, axis: number, lanes: number): Level {
    const value = { register: this.register(lanes), depth, axis, lanes };
    return { name, length, value, block: [] };
  }

  /** Registers of one's own, side by side. */
  register(lanes = 1, start = 0): number {
    const first = this.#initial.length;
    for (let k = 0; k < lanes; k++) this.#initial.push(start);
    return first;
  }

  constant(number: number): Value {
    const key = `number ${Object.is(number, -0) ? "-0" : number}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const value = { register: this.register(1, number), depth: 0, axis: 0, lanes: 1 };
    this.#known.set(key, value);
    return value;
  }

  /**
   * The value that an instruction makes of others; `make` gives that instruction. Whatever has
   * the same `what` and the same inputs is made once.
   */
  made(what: string, inputs: readonly Value[], scope: Scope, make: Making): Value {
    const key = `${what} ${inputs.map((input) => input.register).join()}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const most = (of: (input: Value) => number, least: number): number =>
      inputs.reduce((found, input) => Math.max(found, of(input)), least);
    const lanes = most((input) => input.lanes, 1);
    const depth = most((input) => input.depth, 0);
    const axis = most((input) => input.axis, 0);
    const value = { register: this.register(lanes), depth, axis, lanes };
    this.#known.set(key, value);
    this.block(depth, scope).push(make(value.register, lanes, ...inputs.map(source)));
    return value;
  }

  /** Where the instructions of a depth stand. */
  block(depth: number, scope: Scope = []): Instruction[] {
    const inner = depth - this.axes.length;
    const level = inner > 0 ? scope[inner - 1] : this.axes[depth - 1];
    return level?.block ?? this.once;
  }

  /** The registers, with the constants in them. */
  registers(): Float64Array {
    return Float64Array.from(this.#initial);
  }
}

/** Goes to a position, or to the beginning of one, and does all that depends on no more. */
export function begin(
  { once, axes }: Machine,
  registers: Float64Array,
  position: readonly number[],
): void {
  run(once, registers);
  for (const [k, at] of position.entries()) {
    const { value, block } = axes[k]!;
    registers[value.register] = at;
    run(block, registers);
  }
}
