import { expect, test } from "vitest";
import { touchedChannels } from "../../../src/lib/edits/touched";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";

const NETWORK = new Network(madeUp().sheet);

function touched(
  ...edits: Parameters<typeof touchedChannels>[1]
): Record<string, readonly number[]> {
  const found = touchedChannels(NETWORK, edits);
  return Object.fromEntries([...found].map(([op, channels]) => [NETWORK.op(op).name, channels]));
}

test("a kernel's channel, as far as it is one channel", () => {
  const weight = NETWORK.byId(NETWORK.named("stem.conv")!.inputs[1]!).name;
  const found = touched({ do: "set_weight", parameter: weight, at: [2, 0, 1, 1], to: 1 });
  expect(found["stem.conv"]).toEqual([2]);
  expect(found["stem.relu"]).toEqual([2]);
  expect(found["stem.pool"]).toEqual([2]);
  // A convolution reads all of them.
  expect(found).not.toHaveProperty("block.conv1");
});

test("channels of an op, and nothing that names none", () => {
  expect(touched({ do: "silence", op: "stem.relu", channels: [1, 3] })["stem.pool"]).toEqual([
    1, 3,
  ]);
  expect(touched({ do: "silence", op: "stem.relu", channels: [1] })).not.toHaveProperty(
    "stem.conv",
  );
  expect(touched({ do: "swap_activation", op: "stem.relu", to: "gelu" })).toEqual({});
});
