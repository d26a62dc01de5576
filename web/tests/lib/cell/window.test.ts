import { describe, expect, test } from "vitest";
import {
  channelName,
  holds,
  planeOf,
  strongest,
  weightsOf,
  windowOf,
  winnerOf,
} from "../../../src/lib/cell/window";
import { FIXTURES } from "../recipe/fixtures";
import { explain, explainWindow } from "./walks";

test("which ops have a window", async () => {
  const found = new Set<string>();
  for (const { name, values } of FIXTURES) {
    for (const { index } of values) {
      if (windowOf(await explain(name, index))) found.add(name);
    }
  }
  expect([...found].filter((name) => /conv|pool/.test(name))).toEqual([
    "conv2d",
    "conv2d in groups, dilated",
    "conv2d same",
    "conv1d",
    "conv3d",
    "conv_transpose2d",
    "max_pool2d",
    "avg_pool2d",
    "avg_pool2d without padding",
    "adaptive_avg_pool2d",
    "adaptive_max_pool2d",
  ]);
  for (const name of ["linear", "matmul", "attention", "softmax", "relu", "layer_norm"]) {
    expect(found).not.toContain(name);
  }
});

describe.each([
  "conv2d",
  "conv2d in groups, dilated",
  "conv1d",
  "conv3d",
  "max_pool2d",
  "bilinear",
])("%s", (name) => {
  test("every term has its cell, and the parts come to the whole", async () => {
    const { explanation, window } = await explainWindow(name);
    const { terms, quantities, combine } = explanation.outcome;
    const seen = [...window.cells].filter((term) => term >= 0).sort((a, b) => a - b);
    expect(seen).toEqual([...Array(terms.count).keys()]);
    const total = quantities.at(-1)!.value;
    const found =
      combine === "max"
        ? Math.max(...window.parts)
        : window.parts.reduce((sum, part) => sum + part, 0);
    expect(found).toBeCloseTo(total, 10);
  });

  test("a plane has the numbers of its terms", async () => {
    const { explanation, window } = await explainWindow(name);
    for (const number of window.channels.keys()) {
      const plane = planeOf(explanation, window, number);
      for (const [k, result] of plane.results.entries()) {
        if (plane.absent[k]) expect(result).toBeNaN();
        else expect(result).toBe(plane.numbers[k]! * (plane.weights?.[k] ?? 1));
      }
    }
  });
});

test("rows and columns are those of the input, beyond its ends too", async () => {
  const { explanation, window } = await explainWindow("conv2d", [0, 1, 0, 3]);
  const plane = planeOf(explanation, window, 0);
  expect([plane.rows, plane.columns]).toEqual([
    [-1, 0, 1],
    [2, 3, 4],
  ]);
  expect([...plane.padding]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0]);
  expect(plane.places[4]).toEqual([0, 0, 0, 3]);
});

test("a group has only its own channels", async () => {
  const { window } = await explainWindow("conv2d in groups, dilated", [0, 4, 3, 3]);
  expect(window.channels).toEqual([
    [0, 2],
    [0, 3],
  ]);
});

test("the rows of a transposed convolution run against the kernel's", async () => {
  const { explanation, window } = await explainWindow("conv_transpose2d", [0, 1, 4, 5]);
  const plane = planeOf(explanation, window, strongest(explanation, window));
  expect(plane.columns.toSorted((a, b) => b - a)).toEqual(plane.columns);
});

test("the strongest channel adds most, up or down; of a maximum it has the winner", async () => {
  const conv = await explainWindow("conv2d", [0, 1, 0, 3]);
  const sizes = [...weightsOf(conv.explanation, conv.window)];
  expect(strongest(conv.explanation, conv.window)).toBe(sizes.indexOf(Math.max(...sizes)));
  const pool = await explainWindow("max_pool2d");
  const plane = planeOf(pool.explanation, pool.window, 0);
  const winner = winnerOf(pool.explanation, plane)!;
  expect(plane.results[winner]).toBe(pool.explanation.outcome.total);
  expect(winnerOf(conv.explanation, planeOf(conv.explanation, conv.window, 0))).toBeUndefined();
});

test("a channel in the padding is not one of the input", async () => {
  const { explanation, window } = await explainWindow("conv3d", [0, 0, 0, 0, 0]);
  const held = window.channels.map((channel) => holds(explanation, window, channel));
  expect(held).toContain(false);
  expect(holds(explanation, window, window.channels[strongest(explanation, window)]!)).toBe(true);
});

test.each([
  [[0, 12], "12"],
  [[0, 3, -1], "3,-1"],
  [[4], "4"],
  [[], ""],
])("the channel %j is called %s", (channel, name) => expect(channelName(channel)).toBe(name));
