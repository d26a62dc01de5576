/** Walks of one op each, made of the fixtures of the recipes, and what the page tells of them. */

import { Explainer, type Told } from "../../../src/lib/cell/explainer";
import type { Explanation } from "../../../src/lib/cell/explanation";
import { type Window, windowOf } from "../../../src/lib/cell/window";
import { Network } from "../../../src/lib/network";
import { Evaluator } from "../../../src/lib/recipe/evaluate";
import { Tensors } from "../../../src/lib/tensors";
import type { Tensor, TensorAsk } from "../../../src/source";
import { FakeSource } from "../../../src/sources/fake";
import type { TraceSheet, ValueSheet } from "../../../src/wire";
import { type Fixture, fixture, operandsOf } from "../recipe/fixtures";

const TRAINED = /conv|linear|norm|prelu|embedding/;

/** A source of given tensors, that remembers what it was asked. */
export class GivenSource extends FakeSource {
  readonly asked: TensorAsk[] = [];
  readonly given: Map<number, (region: string) => Tensor>;

  constructor(given: ReadonlyMap<number, (region: string) => Tensor>) {
    super();
    this.given = new Map(given);
  }

  override async tensor(ask: TensorAsk): Promise<Tensor> {
    this.asked.push(ask);
    const found = this.given.get(ask.value);
    if (!found) throw new Error(`value ${ask.value} is not kept in this report`);
    return found(ask.region ?? "");
  }
}

/** The sheet of a walk of one op, "block.layer", that the fixture tells of. */
export function sheetOf(told: Fixture, change: Partial<TraceSheet> = {}): TraceSheet {
  const { operands, recipe, name, kind } = told;
  const shape = recipe.axes.map(([, length]) => length);
  const made = operands.length;
  const values: ValueSheet[] = operands.map((each, id) => {
    const trained = id > 0 && TRAINED.test(name + kind);
    return {
      id,
      name: trained ? `block.layer.weight${id}` : id === 0 ? "input" : `input${id}`,
      role: trained ? "parameter" : "input",
      shape: [...each.shape],
      dtype: each.dtype,
      op: null,
    };
  });
  values.push({ id: made, name: "block.layer", role: "result", shape, dtype: "float32", op: 0 });
  const op = {
    index: 0,
    name: "block.layer",
    kind,
    module: "block.layer",
    module_type: "Layer",
    module_call: 1,
    settings: [],
    geometry: {},
    inputs: operands.map((_, k) => k),
    outputs: [made],
    parameters: 0,
    channel_axis: 1,
  };
  return {
    id: "walk",
    name: "one op",
    ops: [op],
    values,
    inputs: values.filter(({ role }) => role === "input").map(({ id }) => id),
    outputs: [made],
    modules: {},
    labels: null,
    photo: null,
    failure: null,
    prediction: null,
    provenance: {},
    book: { version: 1, recipes: [recipe], ops: [[0]] } as unknown as TraceSheet["book"],
    inexact: [],
    recomputed: [],
    untrained: false,
    ...change,
  };
}

/** The numbers of that walk. */
export function sourceOf(told: Fixture): GivenSource {
  const operands = operandsOf(told);
  const shape = told.recipe.axes.map(([, length]) => length);
  const made = new Evaluator(told.recipe, operands).fill();
  const whole = (data: Tensor["data"], of: readonly number[]): (() => Tensor) => {
    return () => ({ data, shape: of, exact: true });
  };
  return new GivenSource(
    new Map([
      ...operands.map((each, k) => [k, whole(each.data, each.shape)] as const),
      [operands.length, whole(made, shape)] as const,
    ]),
  );
}

/** What is told of a position; the first that the fixture has, if none is named. */
export async function tellOf(
  told: Fixture,
  at: readonly number[] = told.values[0]!.index,
  change: Partial<TraceSheet> = {},
): Promise<Told> {
  const network = new Network(sheetOf(told, change));
  const tensors = new Tensors(sourceOf(told));
  const explainer = new Explainer(network, network.op(0), 0, tensors);
  await explainer.fetch(at);
  return explainer.tell(at);
}

/** As {@link tellOf}, where the number is explained. */
export async function explain(
  name: string,
  at?: readonly number[],
  change: Partial<TraceSheet> = {},
): Promise<Explanation> {
  const told = await tellOf(fixture(name), at, change);
  if (told.kind !== "explained") throw new Error(`${name}: ${told.why}`);
  return told.explanation;
}

/** The explanation of a position and its window. */
export async function explainWindow(
  name: string,
  at?: readonly number[],
): Promise<{ readonly explanation: Explanation; readonly window: Window }> {
  const explanation = await explain(name, at);
  const window = windowOf(explanation);
  if (!window) throw new Error(`${name} has no window there`);
  return { explanation, window };
}
