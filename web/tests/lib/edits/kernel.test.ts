import { expect, test } from "vitest";
import { planeOf, windowOf } from "../../../src/lib/cell/window";
import { biasOf, kernelOf, weightsOf } from "../../../src/lib/edits/kernel";
import { explain, explainWindow } from "../cell/walks";
import { fixture } from "../recipe/fixtures";

test("the kernel of a convolution: where each of its numbers is", async () => {
  const { explanation, window } = await explainWindow("conv2d");
  const plane = planeOf(explanation, window, 1);
  const kernel = kernelOf(explanation, window, plane)!;
  const shape = explanation.operands[window.weight!]!.shape;
  expect(kernel).toMatchObject({
    parameter: "block.layer.weight1",
    height: shape[2],
    width: shape[3],
    whole: true,
  });
  expect(kernel.at).toHaveLength(2);
  expect(kernel.cells).toHaveLength(shape[2]! * shape[3]!);
  const { data } = explanation.operands[window.weight!]!;
  kernel.cells.forEach(([o = 0, i = 0, y = 0, x = 0], k) => {
    const flat = ((o * shape[1]! + i) * shape[2]! + y) * shape[3]! + x;
    expect(data[flat]).toBe(plane.weights?.[k]);
  });
});

test("where no number was learned there is no kernel, and no bias", async () => {
  const { explanation, window } = await explainWindow("max_pool2d");
  expect(kernelOf(explanation, window, planeOf(explanation, window, 0))).toBeUndefined();
  expect(biasOf(await explain("relu"))).toBeUndefined();
});

test("of a transposed convolution some taps reach a number: no filter takes their place", async () => {
  const places = fixture("conv_transpose2d").values.map(({ index }) => index);
  const found = await Promise.all(places.map((at) => explain("conv_transpose2d", at)));
  const kernels = found.flatMap((explanation) => {
    const window = windowOf(explanation);
    return window ? [kernelOf(explanation, window, planeOf(explanation, window, 0))] : [];
  });
  expect(kernels.length).toBeGreaterThan(0);
  for (const kernel of kernels) {
    expect(kernel).toMatchObject({ whole: false });
    expect(kernel?.at).toHaveLength(2);
  }
});

test("the weights of a linear layer: where each of its numbers is", async () => {
  const explanation = await explain("linear", [2, 3]);
  const weights = weightsOf(explanation)!;
  expect([weights.parameter, weights.at]).toEqual(["block.layer.weight1", [3]]);
  const { data, shape } = explanation.operands[1]!;
  weights.numbers.forEach((number, k) => {
    expect(weights.place(k)).toEqual([3, k]);
    expect(number).toBe(data[3 * shape[1]! + k]);
    expect(number * weights.others[k]!).toBeCloseTo(explanation.outcome.terms.results[k]!, 10);
  });
  expect(weightsOf(await explain("matmul"))).toBeUndefined();
  expect(weightsOf(await explain("relu"))).toBeUndefined();
  expect(weightsOf(await explain("softmax", [1, 1]))).toBeUndefined();
});

test("the bias that was added", async () => {
  const explanation = await explain("conv2d");
  const bias = biasOf(explanation)!;
  expect(bias.number).toBe(explanation.outcome.bias);
  expect(bias.at).toEqual([explanation.at[1]]);
  expect(bias.parameter).toBe("block.layer.weight2");
});
