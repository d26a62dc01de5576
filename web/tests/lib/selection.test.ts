import { describe, expect, test } from "vitest";
import { Network } from "../../src/lib/network";
import { fromAddress, type Selection, START, toAddress } from "../../src/lib/selection";
import { madeUp } from "../../src/sources/made_up_network";

const network = new Network(madeUp().sheet);
const CONV = network.named("block.conv1")!.index;

function again(selection: Selection): Selection {
  return fromAddress(new URLSearchParams(String(toAddress(selection, network))), network);
}

describe("the selection in the address", () => {
  test.each<[string, Partial<Selection>]>([
    ["the input", {}],
    ["an op", { op: CONV }],
    ["a channel", { op: CONV, channel: 3 }],
    ["a number", { op: CONV, at: [0, 3, 10, 12] }],
    [
      "a number walked back to",
      {
        op: CONV,
        at: [0, 3, 10, 12],
        trail: [
          { op: CONV + 3, output: 0, at: [0, 1, 2, 3] },
          { op: null, output: 0, at: [0, 2, 31, 0] },
        ],
      },
    ],
  ])("%s comes back as it was", (_, change) => {
    expect(again({ ...START, ...change })).toEqual({ ...START, ...change });
  });

  test.each([
    ["op=nothing&at=0,0,0,0", START],
    ["op=block.conv1&at=0,8,0,0", { ...START, op: CONV }],
    ["op=block.conv1&at=0,1,1", { ...START, op: CONV }],
    ["op=block.conv1&at=0,1,1,1.5", { ...START, op: CONV }],
    ["op=block.conv1&output=7&sample=9", { ...START, op: CONV }],
    ["op=block.conv1&at=0,1,1,1&trail=99:0:0~x~1:0:0,0,0,0", undefined],
  ])("what does not fit is left out: %s", (text, wanted) => {
    const found = fromAddress(new URLSearchParams(text), network);
    const trail = [{ op: 1, output: 0, at: [0, 0, 0, 0] }];
    expect(found).toEqual(wanted ?? { ...START, op: CONV, at: [0, 1, 1, 1], trail });
  });
});
