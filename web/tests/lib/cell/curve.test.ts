import { describe, expect, test } from "vitest";
import { type Curve, curveOf, curvePath, frameOf } from "../../../src/lib/cell/curve";
import { FIXTURES } from "../recipe/fixtures";
import { explain } from "./walks";

async function curve(name: string): Promise<Curve> {
  const found = curveOf(await explain(name));
  if (!found) throw new Error(`${name} has no curve`);
  return found;
}

test("which ops have a curve", async () => {
  const found: string[] = [];
  for (const { name } of FIXTURES) if (curveOf(await explain(name))) found.push(name);
  for (const name of [
    "relu",
    "relu6",
    "gelu",
    "hardswish",
    "elu",
    "silu",
    "mish",
    "prelu",
    "log",
  ]) {
    expect(found).toContain(name);
  }
  // Of more than one number, of none, or a straight line.
  for (const name of ["add, broadcast", "cat", "batch_norm", "layer_norm", "softmax", "linear"]) {
    expect(found).not.toContain(name);
  }
});

describe.each<[string, (x: number) => number]>([
  ["relu", (x) => Math.max(x, 0)],
  ["relu6", (x) => Math.min(Math.max(x, 0), 6)],
  ["silu", (x) => x / (1 + Math.exp(-x))],
  ["floor", Math.floor],
])("%s", (name, expected) => {
  test("the curve is the function", async () => {
    const { xs, ys, x, y } = await curve(name);
    for (const [k, at] of xs.entries()) expect(ys[k]).toBeCloseTo(expected(at), 12);
    expect(y).toBeCloseTo(expected(x), 12);
    expect(xs[0]).toBeLessThan(x);
    expect(xs.at(-1)).toBeGreaterThan(x);
  });
});

test("a learned slope is the one at this position", async () => {
  const explanation = await explain("prelu", [0, 2, 1, 1]);
  const { xs, ys } = curveOf(explanation)!;
  const slope = explanation.operands[1]!.data[2]!;
  expect(ys[0]).toBeCloseTo(slope * xs[0]!, 12);
});

test("where there is no value there is no line", async () => {
  const found = await curve("log");
  const path = curvePath(found, frameOf(found, 200, 100));
  expect(path.match(/M/g)).toHaveLength(1);
  expect(path).not.toMatch(/NaN|Infinity/);
  const half = found.ys.findIndex((y) => Number.isFinite(y));
  expect(path.startsWith(`M${frameOf(found, 200, 100).x(found.xs[half]!)} `)).toBe(true);
});

test("the frame shows all of it, and zero", async () => {
  const found = await curve("relu");
  const frame = frameOf(found, 200, 100);
  for (const y of [...found.ys, 0, found.y]) {
    expect(frame.y(y)).toBeGreaterThanOrEqual(0);
    expect(frame.y(y)).toBeLessThanOrEqual(100);
  }
  expect([frame.x(frame.low[0]), frame.x(frame.high[0])]).toEqual([0, 200]);
});
