import { describe, expect, test } from "vitest";
import { editsCode, editWords } from "../../../src/lib/edits/words";
import type { PlainEdit } from "../../../src/source";

/** The examples of `layerwalk.edits.words`, and one more of a few kinds. */
const SAID: readonly (readonly [string, PlainEdit])[] = [
  [
    "silence channels 2, 5 of layer1.0.relu",
    { do: "silence", op: "layer1.0.relu", channels: [2, 5] },
  ],
  ["silence all of relu", { do: "silence", op: "relu", channels: [] }],
  ["scale channel 2 of relu by 0.5", { do: "scale_channels", op: "relu", channels: [2], by: 0.5 }],
  ["fix channel 2 of relu at 1", { do: "fix_channels", op: "relu", channels: [2], to: 1.0 }],
  [
    "set conv1.weight[0, 2, 1, 1] to 0.75",
    { do: "set_weight", parameter: "conv1.weight", at: [0, 2, 1, 1], to: 0.75 },
  ],
  [
    "set conv1.bias to (9 numbers)",
    { do: "set_weight", parameter: "conv1.bias", at: [], to: [1, 1, 1, 1, 1, 1, 1, 1, 1] },
  ],
  [
    "scale conv1.weight[0] by -1",
    { do: "scale_weight", parameter: "conv1.weight", at: [0], by: -1 },
  ],
  [
    "use sobel-x in conv1[0, 2]",
    { do: "use_filter", parameter: "conv1", at: [0, 2], kernel: "sobel-x" },
  ],
  [
    "use the filter 0 1 0; 1 -4 1; 0 1 0 in conv1[0]",
    {
      do: "use_filter",
      parameter: "conv1",
      at: [0],
      kernel: [
        [0, 1, 0],
        [1, -4, 1],
        [0, 1, 0],
      ],
    },
  ],
  [
    "use the filter 1/9 * (1 1 1; 1 -8 1; 1 1 1) in conv1",
    {
      do: "use_filter",
      parameter: "conv1",
      at: [],
      kernel: [
        [1 / 9, 1 / 9, 1 / 9],
        [1 / 9, -8 / 9, 1 / 9],
        [1 / 9, 1 / 9, 1 / 9],
      ],
    },
  ],
  [
    "use the filter 0.25 0.01 in conv1",
    { do: "use_filter", parameter: "conv1", at: [], kernel: [[0.25, 0.01]] },
  ],
  [
    "use the filter (6 numbers) in conv1",
    {
      do: "use_filter",
      parameter: "conv1",
      at: [],
      kernel: [Array.from({ length: 6 }, () => 0.25)],
    },
  ],
  [
    "set conv1.bias to 0.1234567890123; -0; 1e-7; 123456789; 1e+21",
    {
      do: "set_weight",
      parameter: "conv1.bias",
      at: [],
      to: [0.1234567890123, -0, 1e-7, 123456789, 1e21],
    },
  ],
  ["gelu in place of layer1.0.relu", { do: "swap_activation", op: "layer1.0.relu", to: "gelu" }],
  [
    "conv1 with stride 1 and padding 3",
    { do: "change_window", op: "conv1", stride: 1, padding: 3, dilation: null },
  ],
  [
    "hide 30x40 at row 10, column 20",
    { do: "hide", top: 10, left: 20, height: 30, width: 40, paint: "mean" },
  ],
  [
    "hide 8x8 at row 0, column 4 and 8x16 at row 8, column 4",
    {
      do: "hide_patches",
      patches: [
        [0, 4, 8, 8],
        [8, 4, 8, 16],
      ],
    },
  ],
  [
    "hide (6 patches) within 9x13 at row 0, column 0 with 1",
    {
      do: "hide_patches",
      patches: [0, 1, 2, 3, 4, 5].map((k) => [k, 2 * k, 4, 3]),
      paint: 1,
    },
  ],
  ["hide ", { do: "hide_patches", patches: 4 }],
  ["add noise of deviation 0.1, seed 4", { do: "add_noise", deviation: 0.1, seed: 4 }],
  ["stroke 1", { do: "hide", name: "stroke 1", top: 1, left: 2, height: 3, width: 4 }],
];

describe("edits in words", () => {
  test.each(SAID)("%s", (words, edit) => {
    expect(editWords(edit)).toBe(words);
  });
});

test("edits as Python", () => {
  expect(editsCode([{ do: "silence", op: "relu", channels: [2, 5] }])).toBe(
    'lw.edit().silence("relu", 2, 5)',
  );
  const code = editsCode([
    { do: "set_weight", parameter: "conv.weight", at: [0, 0, 1, 1], to: 0.5 },
    { do: "scale_weight", parameter: "conv.weight", at: [0], by: -1 },
    {
      do: "use_filter",
      parameter: "conv.weight",
      at: [],
      kernel: [
        [0, 1],
        [1, 0],
      ],
    },
    { do: "scale_channels", op: "relu", channels: [2], by: 2 },
    { do: "fix_channels", op: "relu", channels: [3], to: 1 },
    { do: "swap_activation", op: "relu", to: "gelu" },
    { do: "change_window", op: "conv", stride: 2 },
    { do: "hide", name: "stroke 1", top: 1, left: 2, height: 3, width: 4 },
    {
      do: "hide_patches",
      patches: [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
    },
    { do: "add_noise", deviation: 0.1, seed: 0 },
  ]);
  expect(code.split("\n    ")).toEqual([
    "lw.edit()",
    '.set_weight("conv.weight", 0.5, at=(0, 0, 1, 1))',
    '.scale_weight("conv.weight", -1, at=(0,))',
    '.use_filter("conv.weight", ((0, 1), (1, 0)))',
    '.scale_channels("relu", 2, by=2)',
    '.fix_channels("relu", 3, to=1)',
    '.swap_activation("relu", "gelu")',
    '.change_window("conv", stride=2)',
    '.hide(1, 2, 3, 4, name="stroke 1")',
    ".hide_patches((1, 2, 3, 4), (5, 6, 7, 8))",
    ".add_noise(0.1, seed=0)",
  ]);
});
