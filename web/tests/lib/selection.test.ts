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

describe("the slice of a volume", () => {
  const { sheet } = madeUp();
  const [made] = network.op(CONV).outputs;
  const values = sheet.values.map((value) =>
    value.id === made ? { ...value, shape: [1, 8, 6, 5, 4] } : value,
  );
  const volumes = new Network({ ...sheet, values });
  const read = (text: string) => fromAddress(new URLSearchParams(text), volumes);

  test("comes back as it was", () => {
    const selection = { ...START, op: CONV, channel: 2, slice: [5] };
    expect(read(String(toAddress(selection, volumes)))).toEqual(selection);
  });

  test("is the chosen number's, if there is one", () => {
    const at = [0, 2, 1, 3, 3];
    const said = toAddress({ ...START, op: CONV, slice: [5], at }, volumes);
    expect(said.has("slice")).toBe(false);
    expect(read(`${said}&slice=4`)).toEqual({ ...START, op: CONV, at });
  });

  test.each(["6", "1,1", "x", ""])("%s is none", (slice) => {
    expect(read(`op=block.conv1&slice=${slice}`).slice).toBeNull();
  });
});
