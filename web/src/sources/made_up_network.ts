/** A small network with a skip connection, its weights by formula and its photo of rings. */

import type { Axis, Recipe } from "../lib/recipe/recipe";
import type { Tensor } from "../source";
import type { OpSheet, TraceSheet, ValueSheet } from "../wire";

/** A trace without its results: they are worked out from the recipes when asked for. */
export interface MadeUp {
  readonly sheet: TraceSheet;
  readonly photo: Tensor;
  readonly tensors: ReadonlyMap<number, Tensor>;
}

const SIDE = 32;

/** The made-up walk, always the same. */
export function madeUp(): MadeUp {
  const walk = new Walk();
  const photo = rings();
  const pixels = walk.given("input", "input", [1, 3, SIDE, SIDE], (k) => {
    const [c, pixel] = [Math.floor(k / SIDE ** 2), k % SIDE ** 2];
    return (photo.data[pixel * 3 + c]! / 255 - 0.5) / 0.5;
  });
  let x = walk.convolution("stem.conv", pixels, 8);
  x = walk.relu("stem.relu", x);
  x = walk.pool("stem.pool", x);
  const skipped = x;
  x = walk.relu("block.relu1", walk.convolution("block.conv1", x, 8));
  x = walk.convolution("block.conv2", x, 8);
  x = walk.relu("block.relu2", walk.add("block.add", x, skipped));
  x = walk.mean("head.pool", x);
  const scores = walk.linear("head.linear", x, 4);
  return { sheet: walk.sheet(scores), photo, tensors: walk.tensors };
}

class Walk {
  readonly tensors = new Map<number, Tensor>();
  readonly #values: ValueSheet[] = [];
  readonly #ops: OpSheet[] = [];
  readonly #recipes: Recipe[] = [];

  given(
    name: string,
    role: ValueSheet["role"],
    shape: number[],
    number: (k: number) => number,
  ): number {
    const id = this.#values.length;
    this.#values.push({ id, name, role, shape, dtype: "float32", op: null });
    const size = shape.reduce((product, length) => product * length, 1);
    const data = Float32Array.from({ length: size }, (_, k) => number(k));
    this.tensors.set(id, { data, shape, exact: true });
    return id;
  }

  convolution(name: string, from: number, channels: number): number {
    const [, depth = 1, height = 1, width = 1] = this.#shape(from);
    const weight = this.#weight(`${name}.weight`, [channels, depth, 3, 3]);
    const bias = this.#weight(`${name}.bias`, [channels]);
    const recipe: Recipe = {
      axes: image(channels, height, width),
      reads: [
        {
          operand: 0,
          index: ["n", "i", ["add", "y", "u", -1], ["add", "x", "v", -1]],
          beyond: 0,
        },
        { operand: 1, index: ["c", "i", "u", "v"] },
        { operand: 2, index: ["c"] },
      ],
      steps: [
        {
          name: "sum",
          loops: [
            ["i", depth],
            ["u", 3],
            ["v", 3],
          ],
          combine: "sum",
          term: ["mul", ["read", 0], ["read", 1]],
        },
      ],
      result: ["add", "sum", ["read", 2]],
    };
    const geometry = { kernel: [3, 3], stride: [1, 1], padding: [1, 1], groups: [1] };
    return this.#op(name, "conv2d", "Conv2d", [from, weight, bias], recipe, geometry);
  }

  relu(name: string, from: number): number {
    const [, channels = 1, height = 1, width = 1] = this.#shape(from);
    return this.#op(name, "relu", "ReLU", [from], {
      axes: image(channels, height, width),
      reads: [{ operand: 0, index: ["n", "c", "y", "x"] }],
      steps: [],
      result: ["max", ["read", 0], 0],
    });
  }

  pool(name: string, from: number): number {
    const [, channels = 1, height = 1, width = 1] = this.#shape(from);
    const recipe: Recipe = {
      axes: image(channels, height / 2, width / 2),
      reads: [
        {
          operand: 0,
          index: ["n", "c", ["add", ["mul", 2, "y"], "u"], ["add", ["mul", 2, "x"], "v"]],
        },
      ],
      steps: [
        {
          name: "max",
          loops: [
            ["u", 2],
            ["v", 2],
          ],
          combine: "max",
          term: ["read", 0],
        },
      ],
      result: "max",
    };
    const geometry = { kernel: [2, 2], stride: [2, 2], padding: [0, 0] };
    return this.#op(name, "max_pool2d", "MaxPool2d", [from], recipe, geometry);
  }

  add(name: string, one: number, other: number): number {
    const [, channels = 1, height = 1, width = 1] = this.#shape(one);
    return this.#op(name, "add", "Block", [one, other], {
      axes: image(channels, height, width),
      reads: [0, 1].map((operand) => ({ operand, index: ["n", "c", "y", "x"] })),
      steps: [],
      result: ["add", ["read", 0], ["read", 1]],
    });
  }

  mean(name: string, from: number): number {
    const [, channels = 1, height = 1, width = 1] = this.#shape(from);
    return this.#op(name, "mean", "Head", [from], {
      axes: [
        ["n", 1],
        ["c", channels],
      ],
      reads: [{ operand: 0, index: ["n", "c", "u", "v"] }],
      steps: [
        {
          name: "mean",
          loops: [
            ["u", height],
            ["v", width],
          ],
          combine: "mean",
          term: ["read", 0],
        },
      ],
      result: "mean",
    });
  }

  linear(name: string, from: number, classes: number): number {
    const [, features = 1] = this.#shape(from);
    const weight = this.#weight(`${name}.weight`, [classes, features]);
    const bias = this.#weight(`${name}.bias`, [classes]);
    return this.#op(name, "linear", "Linear", [from, weight, bias], {
      axes: [
        ["n", 1],
        ["c", classes],
      ],
      reads: [
        { operand: 0, index: ["n", "i"] },
        { operand: 1, index: ["c", "i"] },
        { operand: 2, index: ["c"] },
      ],
      steps: [
        {
          name: "sum",
          loops: [["i", features]],
          combine: "sum",
          term: ["mul", ["read", 0], ["read", 1]],
        },
      ],
      result: ["add", "sum", ["read", 2]],
    });
  }

  sheet(scores: number): TraceSheet {
    return {
      id: "made-up",
      name: "made_up",
      ops: this.#ops,
      values: this.#values,
      inputs: [0],
      outputs: [scores],
      modules: {
        "": "MadeUp",
        stem: "Stem",
        block: "Block",
        head: "Head",
        ...Object.fromEntries(this.#ops.map(({ name, module_type }) => [name, module_type])),
      },
      labels: ["rings", "stripes", "spots", "nothing"],
      photo: {
        name: "rings",
        width: SIDE,
        height: SIDE,
        channels: 3,
        box: [0, 0, SIDE, SIDE],
        original: [SIDE, SIDE],
      },
      failure: null,
      prediction: null,
      provenance: { weights: "by a formula: it has learned nothing" },
      book: {
        version: 1,
        recipes: this.#recipes,
        ops: this.#ops.map(({ index }) => [index]),
      } as unknown as TraceSheet["book"],
      inexact: [],
      recomputed: [],
      untrained: true,
    };
  }

  #shape(id: number): readonly number[] {
    return this.#values[id]?.shape ?? [];
  }

  #weight(name: string, shape: number[]): number {
    const inputs = shape.slice(1).reduce((product, length) => product * length, 1);
    // Numbers that look random and are the same each time.
    return this.given(name, "parameter", shape, (k) => {
      const wave = Math.sin((k + 1) * 12.9898 + name.length * 78.233) * 43758.5453;
      return (2 * (wave - Math.floor(wave)) - 1) * Math.sqrt(3 / inputs);
    });
  }

  #op(
    name: string,
    kind: string,
    type: string,
    inputs: number[],
    recipe: Recipe,
    geometry: OpSheet["geometry"] = {},
  ): number {
    const index = this.#ops.length;
    const id = this.#values.length;
    const shape = recipe.axes.map(([, length]) => length);
    this.#values.push({ id, name, role: "result", shape, dtype: "float32", op: index });
    this.#recipes.push(recipe);
    const weights = inputs.filter((input) => this.#values[input]?.role === "parameter");
    this.#ops.push({
      index,
      name,
      kind,
      module: name,
      module_type: type,
      module_call: 1,
      settings: geometry.kernel ? [geometry.kernel.join("x")] : [],
      geometry,
      inputs,
      outputs: [id],
      parameters: weights.reduce((sum, input) => sum + this.tensors.get(input)!.data.length, 0),
      channel_axis: 1,
    });
    return id;
  }
}

function image(channels: number, height: number, width: number): Axis[] {
  return [
    ["n", 1],
    ["c", channels],
    ["y", height],
    ["x", width],
  ];
}

/** Coloured rings about a point that is not the middle. */
function rings(): Tensor {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const distance = Math.hypot(y - 13, x - 18);
      for (let c = 0; c < 3; c++) {
        data[(y * SIDE + x) * 3 + c] = 127.5 + 127.5 * Math.sin(distance / (1.5 + c / 2) + c);
      }
    }
  }
  return { data, shape: [SIDE, SIDE, 3], exact: true };
}
