/** How fast the evaluator is: `npm run bench`. */

import { bench, describe } from "vitest";
import { batchNorm, convolution, GELU, maxPooling, pointwise } from "./layers";

describe("one number with all its terms", () => {
  const conv = convolution(512, 512, 14);
  const pool = maxPooling(64, 56);
  const relu = pointwise(64, 112, ["max", ["read", 0], 0]);
  bench("convolution, 4,608 terms", () => void conv.at([0, 7, 6, 5]));
  bench("convolution, compiled anew", () => void convolution(512, 1, 3).at([0, 0, 1, 1]));
  bench("max pooling", () => void pool.at([0, 7, 6, 5]));
  bench("ReLU", () => void relu.at([0, 7, 6, 5]));
});

describe("all of 64x112x112", () => {
  const options = { iterations: 5, warmupIterations: 1, time: 300 };
  const norm = batchNorm(64, 112);
  const relu = pointwise(64, 112, ["max", ["read", 0], 0]);
  const add = pointwise(64, 112, ["add", ["read", 0], ["read", 1]], 2);
  const gelu = pointwise(64, 112, GELU);
  const pool = maxPooling(64, 56);
  const conv = convolution(64, 1, 56);
  bench("batch norm", () => void norm.fill(), options);
  bench("ReLU", () => void relu.fill(), options);
  bench("addition", () => void add.fill(), options);
  bench("GELU", () => void gelu.fill(), options);
  bench("max pooling to 56x56", () => void pool.fill(), options);
  bench("one channel of a 3x3 convolution, 64 to 56x56", () => void conv.fill([0, 0]), options);
});
