import { expect, test, vi } from "vitest";
import { Digests } from "../../../src/lib/walk/digests";
import type { Digest } from "../../../src/wire";

function digest(op: number): Digest {
  return { op, low: 0, high: op, zeros: 0, nan: 0, infinite: 0, size: 1, strongest: [] };
}

test("those wanted at the same time are asked for together, and once", async () => {
  const digests = vi.fn(async (_: string, ops: readonly number[]) => ops.map(digest));
  const desk = new Digests({ digests }, "t");
  const found = await Promise.all([desk.get(4), desk.get(2), desk.get(4)]);
  expect(found.map(({ high }) => high)).toEqual([4, 2, 4]);
  expect(digests.mock.calls).toEqual([["t", [4, 2], "strength", ""]]);
  await desk.get(2);
  expect(digests).toHaveBeenCalledTimes(1);
});

test("many are asked for in parts", async () => {
  const digests = vi.fn(async (_: string, ops: readonly number[]) => ops.map(digest));
  const desk = new Digests({ digests }, "t");
  await Promise.all(Array.from({ length: 70 }, (_, op) => desk.get(op)));
  expect(digests.mock.calls.map(([, ops]) => ops.length)).toEqual([32, 32, 6]);
});

test("what failed is asked for again", async () => {
  const digests = vi.fn(async (_: string, ops: readonly number[]) => ops.map(digest));
  digests.mockRejectedValueOnce(new Error("offline"));
  const desk = new Digests({ digests }, "t");
  await expect(desk.get(1)).rejects.toThrow("offline");
  await expect(desk.get(1)).resolves.toMatchObject({ op: 1 });
});

test("an answer that leaves one out is an error for that one alone", async () => {
  const digests = async (): Promise<Digest[]> => [digest(1)];
  const desk = new Digests({ digests }, "t");
  const [one, other] = await Promise.allSettled([desk.get(1), desk.get(2)]);
  expect(one).toMatchObject({ status: "fulfilled" });
  expect(other).toMatchObject({ status: "rejected" });
});
