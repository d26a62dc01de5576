import { describe, expect, test } from "vitest";
import { Network } from "../../src/lib/network";
import { Recomputed } from "../../src/lib/recomputed";
import { madeUp } from "../../src/sources/made_up_network";

const made = madeUp();
const network = new Network(made.sheet);

function numbers(): Recomputed {
  return new Recomputed(network, async (id) => made.tensors.get(id));
}

/** A 3x3 convolution with padding 1, the slow way. */
async function convolved(name: string, at: readonly number[]): Promise<number> {
  const op = network.named(name)!;
  const [input, weight, bias] = await Promise.all(op.inputs.map((id) => numbers().whole(id)));
  const [, depth = 0, height = 0, width = 0] = input!.shape;
  const [, c = 0, y = 0, x = 0] = at;
  let sum = bias!.data[c]!;
  for (let i = 0; i < depth; i++) {
    for (let k = 0; k < 9; k++) {
      const [row, column] = [y + Math.floor(k / 3) - 1, x + (k % 3) - 1];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      sum +=
        input!.data[(i * height + row) * width + column]! * weight!.data[(c * depth + i) * 9 + k]!;
    }
  }
  return sum;
}

describe("values that are not kept", () => {
  test("are worked out through any number of ops", async () => {
    const found = await numbers().whole(network.named("block.conv2")!.outputs[0]!);
    expect(found.shape).toEqual([1, 8, 16, 16]);
    for (const at of [
      [0, 0, 0, 0],
      [0, 7, 15, 3],
      [0, 3, 8, 9],
    ]) {
      const [, c = 0, y = 0, x = 0] = at;
      const wanted = await convolved("block.conv2", at);
      expect(found.data[(c * 16 + y) * 16 + x]).toBeCloseTo(wanted, 5);
    }
  });

  test("are worked out once for all who ask at the same time", async () => {
    const source = numbers();
    const id = network.named("stem.relu")!.outputs[0]!;
    const [one, other] = await Promise.all([source.whole(id), source.whole(id)]);
    expect(one).toBe(other);
  });

  test("say so where they cannot be", async () => {
    const lost = new Recomputed(network, async () => undefined);
    await expect(lost.whole(network.named("stem.relu")!.outputs[0]!)).rejects.toThrow(
      "input is not kept here",
    );
  });
});
