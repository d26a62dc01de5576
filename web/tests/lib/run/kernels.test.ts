import { describe, expect, test } from "vitest";
import { Network } from "../../../src/lib/network";
import {
  blockOf,
  kernelsIn,
  kernelsOf,
  opWithKernels,
  weightPlace,
} from "../../../src/lib/run/kernels";
import { FakeSource } from "../../../src/sources/fake";
import type { ValueSheet } from "../../../src/wire";

async function madeUp(): Promise<Network> {
  const source = new FakeSource();
  return new Network(await source.sheet("made-up"));
}

describe("kernels", () => {
  test("a convolution's, by input channel", async () => {
    const network = await madeUp();
    const op = opWithKernels(network, null)!;
    const found = kernelsOf(network, op, 1)!;
    expect(op.kind).toBe("conv2d");
    const [, count, height, width] = found.value.shape;
    expect([found.count, found.height, found.width]).toEqual([count, height, width]);
    const place = weightPlace(found, 2, width! + 1);
    expect(place).toEqual([1, 2, 1, 1]);
    expect(kernelsOf(network, op, 10_000)?.channel).toBe(found.value.shape[0]! - 1);
  });

  test("those of several channels together, from one input channel", async () => {
    const network = await madeUp();
    const op = opWithKernels(network, null)!;
    const found = kernelsOf(network, op, 1)!;
    const [total = 0] = found.value.shape;
    expect(blockOf(found, 2, 64)).toEqual({
      first: 0,
      count: total,
      total,
      region: `0:${total},2`,
    });
    // With the chosen channel among them, and no more than there are.
    const last = kernelsOf(network, op, total - 1)!;
    const block = blockOf(last, 0, total - 1);
    expect(block).toMatchObject({ first: total - 1, count: 1, region: `${total - 1}:${total},0` });
    const size = found.height * found.width;
    const data = Float32Array.from({ length: 2 * size }, (_, k) => k);
    const [one, other] = kernelsIn(data, found, { ...block, count: 2 }, 0);
    expect([one?.[1], other?.[0], other?.length]).toEqual([1, size, size]);
  });

  test("of an op without weights the first op's are shown", async () => {
    const network = await madeUp();
    const plain = network.ops.find((op) => !kernelsOf(network, op, 0))!;
    expect(opWithKernels(network, plain.index)).toBe(opWithKernels(network, null));
  });

  test("a row of weights for every pixel is a picture", async () => {
    const network = await madeUp();
    const [, channels = 0, height = 0, width = 0] = network.inputs[0]!.shape;
    const length = channels * height * width;
    const weight = {
      id: 9001,
      name: "hidden.weight",
      role: "parameter",
      shape: [4, length],
      dtype: "float32",
      op: null,
    } satisfies ValueSheet;
    const sheet = { ...network.sheet, values: [...network.sheet.values, weight] };
    const dense = { ...network.ops[0]!, inputs: [weight.id] };
    const found = kernelsOf(new Network(sheet), dense, 3)!;
    expect([found.count, found.height, found.width]).toEqual([channels, height, width]);
    expect(weightPlace(found, 1, 5)).toEqual([3, height * width + 5]);
    // Whole rows come, and each has the pictures of all input channels.
    const block = blockOf(found, 1, 3);
    expect(block).toEqual({ first: 3, count: 1, total: 4, region: "3:4" });
    const row = Float32Array.from({ length }, (_, k) => k);
    expect(kernelsIn(row, found, block, 1)[0]?.[5]).toBe(height * width + 5);
  });
});
