/** Layers of the size that networks have, for tests and benchmarks of the evaluator. */

import { Evaluator } from "../../../src/lib/recipe/evaluate";
import type { Expression } from "../../../src/lib/recipe/expression";
import { type Operand, operand } from "../../../src/lib/recipe/operand";
import type { Axis, Recipe } from "../../../src/lib/recipe/recipe";

/** Numbers between -1 and 1, always the same. */
export function numbers(...shape: number[]): Operand {
  const size = shape.reduce((product, length) => product * length, 1);
  let seed = 12345;
  const next = (): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed / 0x40000000 - 1;
  };
  return operand(Float32Array.from({ length: size }, next), shape);
}

function axes(channels: number, size: number): Axis[] {
  return [
    ["n", 1],
    ["c", channels],
    ["y", size],
    ["x", size],
  ];
}

function window(axis: string, loop: string, stride: number): Expression {
  return ["add", stride === 1 ? axis : ["mul", stride, axis], loop, -1];
}

/** A 3x3 convolution with padding. */
export function convolution(inputs: number, outputs: number, size: number): Evaluator {
  const recipe: Recipe = {
    axes: axes(outputs, size),
    reads: [
      { operand: 0, index: ["n", "i", window("y", "u", 1), window("x", "v", 1)], beyond: 0 },
      { operand: 1, index: ["c", "i", "u", "v"] },
    ],
    steps: [
      {
        name: "sum",
        loops: [
          ["i", inputs],
          ["u", 3],
          ["v", 3],
        ],
        combine: "sum",
        term: ["mul", ["read", 0], ["read", 1]],
      },
    ],
    result: "sum",
  };
  return new Evaluator(recipe, [numbers(1, inputs, size, size), numbers(outputs, inputs, 3, 3)]);
}

/** A 3x3 max pooling of stride 2, from twice the size. */
export function maxPooling(channels: number, size: number): Evaluator {
  const index: Expression[] = ["n", "c", window("y", "u", 2), window("x", "v", 2)];
  const recipe: Recipe = {
    axes: axes(channels, size),
    reads: [{ operand: 0, index, beyond: "skip" }],
    steps: [
      {
        name: "max",
        loops: [
          ["u", 3],
          ["v", 3],
        ],
        combine: "max",
        term: ["read", 0],
      },
    ],
    result: "max",
  };
  return new Evaluator(recipe, [numbers(1, channels, 2 * size, 2 * size)]);
}

/** A function of each number, of as many maps as it reads. */
export function pointwise(
  channels: number,
  size: number,
  result: Expression,
  count = 1,
): Evaluator {
  const reads = Array.from({ length: count }, (_, operand) => ({
    operand,
    index: ["n", "c", "y", "x"],
  }));
  const recipe: Recipe = { axes: axes(channels, size), reads, steps: [], result };
  const map = numbers(1, channels, size, size);
  return new Evaluator(
    recipe,
    reads.map(() => map),
  );
}

/** A batch norm as it stands in recipes; its variances are not negative. */
export function batchNorm(channels: number, size: number): Evaluator {
  const [mean, variance, x, weight, bias]: Expression[] = [0, 1, 2, 3, 4].map((k) => ["read", k]);
  const root: Expression = ["sqrt", ["add", ["abs", variance!], 1e-5]];
  const scaled: Expression = ["mul", ["div", ["sub", x!, mean!], root], weight!];
  const of = (operand: number): Recipe["reads"][number] => ({ operand, index: ["c"] });
  const recipe: Recipe = {
    axes: axes(channels, size),
    reads: [of(3), of(4), { operand: 0, index: ["n", "c", "y", "x"] }, of(1), of(2)],
    steps: [],
    result: ["add", scaled, bias!],
  };
  const [one, two, three, four] = [0, 1, 2, 3].map(() => numbers(channels));
  return new Evaluator(recipe, [numbers(1, channels, size, size), one!, two!, three!, four!]);
}

export const GELU: Expression = [
  "mul",
  0.5,
  ["read", 0],
  ["add", 1, ["erf", ["div", ["read", 0], Math.SQRT2]]],
];
