import { describe, expect, test } from "vitest";
import { editOf, OF_CHANNELS, withEdit } from "../../../src/lib/edits/edits";
import type { PlainEdit } from "../../../src/source";

const set = (at: number[], to: unknown, parameter = "conv.weight"): PlainEdit => ({
  do: "set_weight",
  parameter,
  at,
  to,
});
const scale = (at: number[], by: number): PlainEdit => ({
  do: "scale_weight",
  parameter: "conv.weight",
  at,
  by,
});
const silence = (channel: number): PlainEdit => ({
  do: "silence",
  op: "relu",
  channels: [channel],
});

function made(...edits: PlainEdit[]): readonly PlainEdit[] {
  return edits.reduce<readonly PlainEdit[]>(withEdit, []);
}

describe("edits of a weight", () => {
  test("the same place again is one edit, where it stood", () => {
    const other = set([0, 0, 0, 0], 1);
    expect(made(set([0, 0, 1, 1], 2), other, set([0, 0, 1, 1], 3))).toEqual([
      set([0, 0, 1, 1], 3),
      other,
    ]);
  });

  test("but not before an edit that would undo it", () => {
    const filter = { do: "use_filter", parameter: "conv.weight", at: [], kernel: "box" };
    const edits = [set([0, 0, 1, 1], 2), scale([0, 0], 2)];
    expect(withEdit(edits, set([0, 0, 1, 1], 3))).toEqual([scale([0, 0], 2), set([0, 0, 1, 1], 3)]);
    expect(made(filter, set([0, 0, 1, 1], 2))).toHaveLength(2);
  });

  test("a kernel that is replaced leaves nothing of its numbers, and other kernels alone", () => {
    const filter = { do: "use_filter", parameter: "conv.weight", at: [0, 0], kernel: "box" };
    const edits = made(set([0, 0, 1, 1], 2), set([1, 0, 1, 1], 4), scale([0, 0], 2), filter);
    expect(edits).toEqual([filter, set([1, 0, 1, 1], 4)]);
  });

  test("factors one after the other are one, and no factor is no edit", () => {
    expect(made(scale([0, 0], 2), scale([0, 0], -1))).toEqual([scale([0, 0], -2)]);
    expect(made(scale([0, 0], 2), scale([0, 0], 0.5))).toEqual([]);
    expect(made(scale([0, 0], 2), set([0, 0, 0, 0], 1), scale([0, 0], 2))).toHaveLength(3);
    expect(made(scale([0, 0], 2), scale([0, 1], 2))).toHaveLength(2);
  });
});

describe("edits of an op", () => {
  test("a channel has one edit, whatever it is", () => {
    const scaled = { do: "scale_channels", op: "relu", channels: [2], by: 0.5 };
    expect(made(silence(2), silence(3), scaled)).toEqual([scaled, silence(3)]);
    expect(made(silence(2), { ...scaled, by: 1 })).toEqual([]);
    expect(
      editOf(made(silence(2), silence(3)), "relu", { kinds: OF_CHANNELS, channel: 3 }),
    ).toEqual(silence(3));
    expect(editOf([silence(2)], "relu", { kinds: OF_CHANNELS, channel: 1 })).toBeUndefined();
  });

  test("stride and padding of a window are one edit; neither is none", () => {
    const window = (fields: object): PlainEdit => ({ do: "change_window", op: "conv", ...fields });
    expect(made(window({ stride: 2 }), window({ padding: 0 }))).toEqual([
      window({ stride: 2, padding: 0 }),
    ]);
    expect(made(window({ stride: 2 }), window({ stride: null }))).toEqual([]);
  });

  test("one activation stands in place of another, and patches add up", () => {
    const swap = (to: string | null): PlainEdit => ({ do: "swap_activation", op: "relu", to });
    expect(made(swap("gelu"), swap("tanh"))).toEqual([swap("tanh")]);
    expect(made(swap("gelu"), swap(null))).toEqual([]);
    const hide = { do: "hide", top: 0, left: 0, height: 2, width: 2 };
    const stroke = { do: "hide_patches", patches: [[0, 0, 2, 2]] };
    expect(made(hide, hide, stroke, stroke)).toHaveLength(4);
    expect(made({ do: "add_noise", deviation: 0.1 }, { do: "add_noise", deviation: 0 })).toEqual(
      [],
    );
  });
});
