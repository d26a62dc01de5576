/** Tells how the numbers of one output were made. */

import { SourceError } from "../../source";
import type { OpSheet, ValueSheet } from "../../wire";
import { quoted } from "../names";
import type { Network } from "../network";
import { Evaluator } from "../recipe/evaluate";
import { type Operand, operand } from "../recipe/operand";
import type { Recipe } from "../recipe/recipe";
import type { Tensors } from "../tensors";
import type { Explanation } from "./explanation";
import { Holding, holdingOf, leading, WHOLE } from "./holding";
import { withParts } from "./subexpressions";

/** What can be told of a number. */
export type Told =
  | { readonly kind: "explained"; readonly explanation: Explanation }
  /** The number itself is known, but not how it was made: `why`, in a sentence. */
  | { readonly kind: "recorded"; readonly recorded: number | undefined; readonly why: string };

const NOTHING = operand(new Float32Array(0), [0]);

/** Of one output of one op; keep it while the same op is looked at: it compiles its recipe once. */
export class Explainer {
  readonly op: OpSheet;
  readonly made: ValueSheet;
  readonly recipe: Recipe | undefined;
  /** The same, with a form for every part of its formulas. */
  readonly #parted: Recipe | undefined;
  readonly #network: Network;
  readonly #output: number;
  readonly #recorded: Holding;
  /** By the number of the input; undefined for what the recipe does not read. */
  readonly #holdings: readonly (Holding | undefined)[];
  readonly #failures = new Map<string, string>();
  /** Why the output itself could not be had. */
  #missing: string | undefined;
  #evaluator: Evaluator | undefined;
  #allowed = false;

  constructor(network: Network, op: OpSheet, output: number, tensors: Tensors, whole = WHOLE) {
    const made = network.value(op.index, output);
    if (!made) throw new RangeError(`${op.name} has no output ${output}`);
    this.#network = network;
    this.#output = output;
    this.op = op;
    this.made = made;
    const recipe = network.recipe(op.index, output);
    this.recipe = recipe;
    this.#parted = recipe && withParts(recipe);
    this.#recorded = holdingOf(tensors, network.home(made.id), made, whole);
    const read = new Set(recipe?.reads.map((each) => each.operand));
    this.#holdings = op.inputs.map((id, k) =>
      recipe && read.has(k)
        ? new Holding(
            tensors,
            network.home(id),
            network.byId(id),
            recipe.axes,
            leading(recipe, k),
            whole,
          )
        : undefined,
    );
  }

  /** The numbers of the output, where all of them are here. */
  get numbers(): Operand | undefined {
    const held = this.#recorded.operand;
    return held?.start === undefined ? held : undefined;
  }

  /** What the recipe needs but is so large that the user is asked first. */
  get large(): readonly ValueSheet[] {
    if (this.#allowed) return [];
    return this.#holdings.flatMap((holding) => (holding?.large ? [holding.value] : []));
  }

  /** Fetch also what is large. */
  allow(): void {
    this.#allowed = true;
  }

  /** Whether {@link tell} has all it can get for a position. */
  ready(at: readonly number[]): boolean {
    if (!this.#recorded.has(at) && this.#missing === undefined) return false;
    return this.#failures.has(at.join()) || this.#needed().every((holding) => holding.has(at));
  }

  /** Gets what a position needs; what cannot be had is told by {@link tell}. */
  async fetch(at: readonly number[]): Promise<void> {
    const all = [this.#recorded, ...this.#needed()].map((holding) => holding.fetch(at));
    const [recorded, ...operands] = await Promise.allSettled(all);
    if (recorded?.status === "rejected") this.#missing = sentenceOf(recorded.reason);
    const failed = operands.find((each) => each.status === "rejected");
    if (failed) this.#failures.set(at.join(), sentenceOf(failed.reason));
    else this.#failures.delete(at.join());
  }

  /** How the number at a position was made, from what is here. */
  tell(at: readonly number[]): Told {
    const recorded = this.#recorded.number(at);
    const why = this.#unknown(at);
    if (why !== undefined || !this.recipe) return { kind: "recorded", recorded, why: why ?? "" };
    try {
      return { kind: "explained", explanation: this.#explained(this.recipe, at, recorded) };
    } catch (error) {
      // A recipe comes with a file: what cannot be worked out (complex numbers, functions of a
      // newer version, nonsense) is told where its arithmetic would stand.
      return { kind: "recorded", recorded, why: sentenceOf(error) };
    }
  }

  #explained(recipe: Recipe, at: readonly number[], recorded: number | undefined): Explanation {
    const operands = this.#holdings.map((holding) => holding?.operand ?? NOTHING);
    this.#evaluator ??= new Evaluator(this.#parted ?? recipe, operands);
    const found = this.#evaluator.at(at);
    const own = recipe.forms?.length ?? 0;
    const parts = found.forms.slice(own).map(({ name, value }) => [name, value] as const);
    return {
      network: this.#network,
      op: this.op,
      output: this.#output,
      at,
      made: this.made,
      inputs: this.op.inputs.map((id) => this.#network.byId(id)),
      operands,
      recipe,
      outcome: { ...found, forms: found.forms.slice(0, own) },
      numbers: new Map(parts),
      recorded,
      missing: recorded === undefined ? this.#missing : undefined,
    };
  }

  #unknown(at: readonly number[]): string | undefined {
    if (!this.recipe) {
      return `How a number of this ${this.op.kind} is made is not known here: it has no recipe.`;
    }
    const [large] = this.large;
    if (large) {
      return `${quoted(large.name)} is large, and all of it is needed to show how this number was made.`;
    }
    return this.#failures.get(at.join());
  }

  /** The inputs that are fetched; none while the user is to be asked about one of them. */
  #needed(): readonly Holding[] {
    return this.large.length > 0 ? [] : this.#holdings.filter((one) => one !== undefined);
  }
}

/** What went wrong, as one sentence for the user. */
export function sentenceOf(error: unknown): string {
  // It may begin with a name, which keeps its letters.
  if (error instanceof SourceError) return error.problem.sentence;
  const text = error instanceof Error ? error.message : String(error);
  const begun = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
