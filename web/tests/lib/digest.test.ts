import { expect, test } from "vitest";
import { digestOf } from "../../src/lib/digest";
import { madeUp } from "../../src/sources/made_up_network";

test("the digest counts what has no place on a scale, and finds the strongest channels", () => {
  const op = { ...madeUp().sheet.ops[0]!, channel_axis: 1 };
  const data = Float32Array.of(0, 1, -5, 0, 2, 2, Number.NaN, Number.POSITIVE_INFINITY);
  const strong = Float32Array.of(0, 1, -5, 0, 2, 2, 3, 3);
  expect(digestOf(op, { data, shape: [1, 4, 1, 2], exact: true })).toMatchObject({
    low: -5,
    high: 2,
    zeros: 2,
    nan: 1,
    infinite: 1,
    size: 8,
  });
  expect(digestOf(op, { data: strong, shape: [1, 4, 1, 2], exact: true }).strongest).toEqual([
    3, 1, 2,
  ]);
});

test("of values without a finite number there is no range", () => {
  const data = Float32Array.of(Number.NaN);
  const digest = digestOf(madeUp().sheet.ops[0]!, { data, shape: [1, 1, 1, 1], exact: true });
  expect([digest.low, digest.high]).toEqual([null, null]);
});
