import { expect, test } from "vitest";
import { exampleOp, largestPlace } from "../../../src/lib/cell/example";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";

const { sheet } = madeUp();

test("the op that is looked at, or the first with a window", () => {
  const network = new Network(sheet);
  expect(exampleOp(network, 3)).toBe(3);
  const [conv] = sheet.ops.filter(({ geometry }) => geometry.kernel);
  expect(exampleOp(network, null)).toBe(conv?.index);
  const plain = sheet.ops.map((op) => ({ ...op, geometry: {} }));
  expect(exampleOp(new Network({ ...sheet, ops: plain }), null)).toBe(0);
  // How its second output is made is not known.
  expect(exampleOp(network, 3, 1)).toBeUndefined();
});

test("the place of the largest number of a sample", () => {
  const data = Float32Array.of(1, 7, 3, 2, 9, 4, 5, 8, 0, 0, 0, 0);
  expect(largestPlace(data, [2, 2, 3], 0)).toEqual([0, 1, 1]);
  expect(largestPlace(data, [2, 2, 3], 1)).toEqual([1, 0, 1]);
  // A sample that there is not: the last.
  expect(largestPlace(data, [2, 2, 3], 5)).toEqual([1, 0, 1]);
  expect(largestPlace(Float32Array.of(-3), [], 0)).toEqual([]);
  expect(largestPlace(new Float32Array(0), [0, 4], 0)).toBeUndefined();
});
