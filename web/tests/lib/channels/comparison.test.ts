import { describe, expect, it } from "vitest";
import { counterparts } from "../../../src/lib/channels/comparison";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";
import type { ValueSheet } from "../../../src/wire";
import { fixture } from "../recipe/fixtures";

const NETWORK = new Network(madeUp().sheet);

function named(name: string): [string, boolean][] {
  const op = NETWORK.named(name)!;
  return counterparts(NETWORK, op, 0).map(({ value, same }) => [value.name, same]);
}

describe("counterparts", () => {
  it.each([
    ["stem.relu", [["stem.conv", true]]],
    ["stem.pool", [["stem.relu", false]]],
    [
      "block.add",
      [
        ["block.conv2", true],
        ["stem.pool", true],
      ],
    ],
    ["head.pool", [["block.relu2", false]]],
  ])("of %s", (name, wanted) => {
    expect(named(name)).toEqual(wanted);
  });

  it("are none where every channel is made of all", () => {
    expect(named("block.conv1")).toEqual([]);
    expect(named("head.linear")).toEqual([]);
  });

  it("are none of an op without a recipe", () => {
    const { sheet } = madeUp();
    const book = { version: 1, recipes: [], ops: sheet.ops.map(() => [null]) };
    const network = new Network({ ...sheet, book });
    expect(counterparts(network, network.named("stem.relu")!, 0)).toEqual([]);
  });

  it.each([
    ["relu", true],
    ["batch_norm", true],
    ["max_pool2d", true],
    ["add, broadcast", true],
    ["softmax", true],
    ["conv2d in groups, dilated", false],
    ["linear", false],
  ])("of a recorded %s", (name, wanted) => {
    const { recipe, operands } = fixture(name);
    const { sheet } = madeUp();
    const values = operands.map(({ shape }, id): ValueSheet => {
      const role = id === 0 ? "input" : "parameter";
      return { id, name: `v${id}`, role, shape: [...shape], dtype: "float32", op: null };
    });
    const shape = recipe.axes.map(([, length]) => length);
    const made: ValueSheet = { ...values[0]!, id: 99, role: "result", shape, op: 0 };
    const op = { ...sheet.ops[0]!, inputs: values.map(({ id }) => id), outputs: [99] };
    const book = { version: 1, recipes: [recipe], ops: [[0]] };
    const network = new Network({
      ...sheet,
      ops: [op],
      values: [...values, made],
      inputs: [0],
      book: book as never,
    });
    expect(counterparts(network, op, 0).length > 0).toBe(wanted);
  });
});
