import { expect, test } from "vitest";
import { outputName } from "../../src/lib/outputs";

test.each([
  ["lstm", 3, ["output", "h_n", "c_n"]],
  ["gru", 2, ["output", "h_n"]],
  ["topk", 2, ["values", "indices"]],
  ["max_pool2d", 2, ["output", "indices"]],
  ["split", 3, ["1 of 3", "2 of 3", "3 of 3"]],
  // Of a kind that has names, but not so many.
  ["max", 3, ["1 of 3", "2 of 3", "3 of 3"]],
])("%s with %i outputs", (kind, count, names) => {
  const outputs = Array.from({ length: count }, (_, k) => k);
  expect(outputs.map((k) => outputName({ kind, outputs }, k))).toEqual(names);
});
