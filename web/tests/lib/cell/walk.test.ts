import { describe, expect, test } from "vitest";
import { cellOf, classOf, selectionOf, stepBack, tellSpot } from "../../../src/lib/cell/walk";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";

const network = new Network(madeUp().sheet);
const conv = network.named("block.conv1")!;
const [input, weight] = conv.inputs.map((id) => network.byId(id));

describe("where the walk can go", () => {
  test("to a number that an op made, or that the network was given", () => {
    const pool = network.named("stem.pool")!.index;
    expect(cellOf(network, input!, [0, 1, 2, 3])).toEqual({
      op: pool,
      output: 0,
      at: [0, 1, 2, 3],
    });
    expect(cellOf(network, network.inputs[0]!, [0, 1, 2, 3])?.op).toBeNull();
  });

  test("not to a weight, and not into the padding", () => {
    expect(cellOf(network, weight!, [0, 0, 0, 0])).toBeUndefined();
    expect(cellOf(network, input!, [0, 1, -1, 3])).toBeUndefined();
    expect(cellOf(network, input!, [0, 1, 2, 16])).toBeUndefined();
    expect(cellOf(network, input!, [0, 1])).toBeUndefined();
  });
});

test("a step back takes the number along that it came from", () => {
  const here = { op: conv.index, output: 0, at: [0, 3, 5, 6] };
  const to = cellOf(network, input!, [0, 1, 2, 3])!;
  expect(stepBack(network, here, to, [])).toEqual({
    op: to.op,
    output: 0,
    sample: 0,
    channel: 1,
    at: [0, 1, 2, 3],
    trail: [here],
  });
});

test("a number of a vector is a channel of its own", () => {
  const scores = network.named("head.linear")!.index;
  expect(selectionOf(network, { op: scores, output: 0, at: [0, 2] }).channel).toBe(2);
});

describe("in words", () => {
  test.each([
    ["block.conv1", [0, 3, 5, 6], "channel 3, row 5, column 6"],
    ["head.linear", [0, 2], "channel 2"],
  ])("%s", (name, at, said) => {
    const value = network.value(network.named(name)!.index)!;
    expect(tellSpot(network, value, at)).toBe(said);
  });

  test("a number of a volume lies in a slice", () => {
    const value = {
      ...network.value(network.named("block.conv1")!.index)!,
      shape: [2, 8, 6, 5, 4],
    };
    expect(tellSpot(network, value, [1, 3, 5, 2, 0])).toBe(
      "sample 1, channel 3, depth 5, row 2, column 0",
    );
  });

  test("a score is of a class", () => {
    const value = network.value(network.named("head.linear")!.index)!;
    expect(classOf(network, value, [0, 2])).toBe("spots");
    expect(classOf(network, input!, [0, 2, 0, 0])).toBeUndefined();
  });
});
