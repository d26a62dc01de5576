import { expect, test } from "vitest";
import { softmaxSteps } from "../../src/lib/softmax";

test("the steps of a softmax", () => {
  const { max, sum } = softmaxSteps([1, 3, 2]);
  expect(max).toBe(3);
  expect(sum).toBeCloseTo(1 + Math.exp(-1) + Math.exp(-2), 12);
});

test("large scores do not overflow", () => {
  expect(softmaxSteps([1000, 1000])).toEqual({ max: 1000, sum: 2 });
});
