import { afterEach, describe, expect, test, vi } from "vitest";
import { numbersOf, widened } from "../../src/sources/numbers";

describe("raw bytes as numbers", () => {
  test.each([
    ["float32", Float32Array.of(1.5, -2)],
    ["float64", Float64Array.of(0.1, -2)],
    ["uint8", Uint8Array.of(1, 255)],
    ["int16", Int16Array.of(-3, 300)],
    ["int32", Int32Array.of(-3, 70000)],
  ])("%s", (dtype, numbers) => {
    expect(numbersOf(numbers.buffer as ArrayBuffer, dtype)).toEqual(numbers);
  });

  test("long whole numbers become doubles", () => {
    const bytes = BigInt64Array.of(-5n, 2n ** 40n).buffer as ArrayBuffer;
    expect([...numbersOf(bytes, "int64")]).toEqual([-5, 2 ** 40]);
  });

  test("an unknown type is refused", () => {
    expect(() => numbersOf(new ArrayBuffer(8), "complex64")).toThrow("complex64");
  });
});

describe("half precision", () => {
  afterEach(() => vi.unstubAllGlobals());
  const HALVES = Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0xfc00, 0x8000);
  const NUMBERS = [1, -2, 2 ** -24, 1023 * 2 ** -24, 65504, Number.NEGATIVE_INFINITY, -0];

  test("is widened exactly", () => {
    expect([...widened(HALVES)]).toEqual(NUMBERS);
    expect(widened(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });

  test("also by a browser that does not know it", () => {
    vi.stubGlobal("Float16Array", undefined);
    Reflect.deleteProperty(globalThis, "Float16Array");
    expect([...widened(HALVES)]).toEqual(NUMBERS);
  });
});
