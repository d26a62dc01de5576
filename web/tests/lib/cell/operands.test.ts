import { expect, test } from "vitest";
import { isMove, readNumbers } from "../../../src/lib/cell/operands";
import { explain } from "./walks";

test("a sum has its numbers in their order, and the sign between them", async () => {
  const { numbers, sign } = readNumbers(await explain("add, broadcast", [0, 2, 1, 3]));
  expect(sign).toBe("+");
  expect(numbers.map(({ name, place }) => `${name} ${place}`)).toEqual([
    "input [2, 1, 3]",
    "input1 [2, 0, 3]",
  ]);
  expect(numbers[1]?.to).toEqual({ op: null, output: 1, at: [2, 0, 3] });
});

test("weights have a name and no way on", async () => {
  const { numbers, sign } = readNumbers(await explain("batch_norm"));
  expect(sign).toBeUndefined();
  expect(numbers.filter(({ to }) => to).map(({ name }) => name)).toEqual(["input"]);
});

test.each([
  ["permute", true],
  ["cat", true],
  ["embedding", true],
  ["relu", false],
  ["conv2d", false],
  ["where", false],
])("%s only hands on: %s", async (name, moves) => {
  expect(isMove(await explain(name))).toBe(moves);
});

test("padding is said to be padding", async () => {
  const { numbers } = readNumbers(await explain("pad", [0, 0, 0, 0]));
  expect(numbers[0]).toMatchObject({ padding: true, to: undefined });
});

test("truth values are known as such", async () => {
  const { numbers } = readNumbers(await explain("where"));
  expect(numbers.map(({ truth }) => truth)).toContain(true);
});
