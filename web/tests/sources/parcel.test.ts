import { expect, test } from "vitest";
import { partsOf, unpacked } from "../../src/sources/parcel";

/** As the server packs them. */
function packed(
  parts: readonly (readonly [number[], string, boolean, ArrayBufferView])[],
): ArrayBuffer {
  const head = new TextEncoder().encode(JSON.stringify(parts.map(([a, b, c]) => [a, b, c])));
  const length = new Uint8Array(new Uint32Array([head.length]).buffer);
  const pieces = [Uint8Array.of(...length, ...head)];
  for (const [, , , { buffer, byteLength }] of parts)
    pieces.push(new Uint8Array(buffer as ArrayBuffer, 0, byteLength));
  const bytes = pieces.flatMap((piece) => [...piece, ...new Uint8Array(-piece.length & 7)]);
  return Uint8Array.from(bytes).buffer;
}

test("tensors of every type, one behind the other", () => {
  const found = unpacked(
    packed([
      [[3], "float32", true, new Float32Array([1, -2.5, 3])],
      [[1, 3], "uint8", true, new Uint8Array([1, 0, 1])],
      [[2], "int64", true, new BigInt64Array([7n, -8n])],
      [[2], "float16", false, new Uint16Array([0x3c00, 0xc000])],
      [[], "bool", true, new Uint8Array([1])],
      [[0, 4], "float32", true, new Float32Array(0)],
    ]),
  );
  expect(found.map(({ data }) => [...data])).toEqual([
    [1, -2.5, 3],
    [1, 0, 1],
    [7, -8],
    [1, -2],
    [1],
    [],
  ]);
  expect(found.map(({ shape }) => shape)).toEqual([[3], [1, 3], [2], [2], [], [0, 4]]);
  expect(found.map(({ exact }) => exact)).toEqual([true, true, true, false, true, true]);
});

test("what is asked for, written down", () => {
  const asks = [
    { trace: "a", value: 1 },
    { trace: "a", value: 2, region: "0,3", half: true },
  ];
  expect(JSON.parse(partsOf(asks))).toEqual([
    [1, "", false],
    [2, "0,3", true],
  ]);
});
