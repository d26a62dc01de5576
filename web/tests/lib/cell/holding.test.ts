import { describe, expect, test } from "vitest";
import { bytesOf, Holding, holdingOf, leading } from "../../../src/lib/cell/holding";
import { regionOf } from "../../../src/lib/region";
import { Tensors } from "../../../src/lib/tensors";
import type { Tensor } from "../../../src/source";
import type { ValueSheet } from "../../../src/wire";
import { fixture } from "../recipe/fixtures";
import { GivenSource } from "./walks";

describe("leading indices that are axes", () => {
  test.each([
    ["linear", 0, ["n"]],
    ["linear", 1, ["c"]],
    ["linear", 2, ["c"]],
    ["conv2d", 0, ["n"]],
    ["conv_transpose2d", 1, []],
    ["cat", 1, [0]],
    ["softmax", 0, ["n"]],
    ["max_pool2d", 0, ["n", "c"]],
    ["embedding", 0, []],
    ["attention", 1, [0, "c"]],
    ["arange", 0, []],
  ])("%s, operand %i", (name, input, found) => {
    expect(leading(fixture(name).recipe, input)).toEqual(found);
  });
});

test.each([
  ["float32", 24],
  ["float64", 48],
  ["int64", 48],
  ["bool", 6],
  ["uint8", 6],
  ["float16", 24],
])("2x3 of %s take %i bytes", (dtype, bytes) =>
  expect(bytesOf({ shape: [2, 3], dtype })).toBe(bytes),
);

const VALUE: ValueSheet = {
  id: 5,
  name: "weight",
  role: "parameter",
  shape: [4, 2, 3],
  dtype: "float32",
  op: null,
};
const WHOLE: Tensor = {
  data: Float32Array.from({ length: 24 }, (_, k) => k),
  shape: VALUE.shape,
  exact: true,
};

function source(): GivenSource {
  return new GivenSource(new Map([[5, (region: string) => regionOf(WHOLE, region)]]));
}

test("what fits is fetched whole", async () => {
  const given = source();
  const held = holdingOf(new Tensors(given), "walk", VALUE);
  expect(held.has([1, 1, 1])).toBe(false);
  await held.fetch([1, 1, 1]);
  expect(held.number([1, 1, 1])).toBe(10);
  expect(held.number([3, 1, 2])).toBe(23);
  expect(given.asked.map(({ region }) => region)).toEqual([""]);
});

test("what somebody else fetched is here at once", async () => {
  const tensors = new Tensors(source());
  await tensors.get({ trace: "walk", value: 5, region: "" });
  expect(holdingOf(tensors, "walk", VALUE).number([1, 1, 1])).toBe(10);
});

test("what does not is fetched in as large parts as fit", async () => {
  const given = source();
  const held = holdingOf(new Tensors(given), "walk", VALUE, 24);
  await held.fetch([2, 1, 0]);
  expect(held.number([2, 1, 0])).toBe(15);
  expect(held.operand).toMatchObject({ start: 12, shape: [4, 2, 3] });
  expect(held.number([2, 0, 2])).toBe(14);
  expect(held.has([3, 1, 0])).toBe(false);
  expect(held.number([3, 1, 0])).toBeUndefined();
  const same = held.operand;
  await held.fetch([3, 1, 0]);
  // The one that an evaluator has.
  expect(held.operand).toBe(same);
  expect(held.number([3, 1, 0])).toBe(21);
  expect(given.asked.map(({ region }) => region)).toEqual(["2", "3"]);
});

test("the last that was asked for wins, in whatever order they come", async () => {
  const given = source();
  let late: (tensor: Tensor) => void = () => undefined;
  const tensors = new Tensors(given);
  const held = holdingOf(tensors, "walk", VALUE, 24);
  given.tensor = ({ region = "" }) =>
    region === "1"
      ? new Promise((resolve) => {
          late = resolve;
        })
      : Promise.resolve(regionOf(WHOLE, region));
  const slow = held.fetch([1, 0, 0]);
  await held.fetch([2, 0, 0]);
  late(regionOf(WHOLE, "1"));
  await slow;
  expect(held.operand?.start).toBe(12);
  expect(held.number([2, 0, 0])).toBe(12);
});

test("what cannot be cut is large", () => {
  const tensors = new Tensors(source());
  expect(new Holding(tensors, "walk", VALUE, [["c", 4]], [], 24).large).toBe(true);
  expect(new Holding(tensors, "walk", VALUE, [["c", 4]], ["c"], 24).large).toBe(false);
  expect(new Holding(tensors, "walk", VALUE, [["c", 4]], [], 96).large).toBe(false);
});

test("a constant place is a place too", async () => {
  const given = source();
  const held = new Holding(new Tensors(given), "walk", VALUE, [["c", 2]], [3, "c"], 12);
  await held.fetch([1]);
  expect(given.asked.map(({ region }) => region)).toEqual(["3,1"]);
  expect(held.operand?.start).toBe(21);
});
