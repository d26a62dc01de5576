import { describe, expect, test } from "vitest";
import { storedNumbers } from "../../src/sources/packed";
import { packed } from "./pack";

function reader(texts: Record<string, string>): (name: string) => string {
  return (name) => texts[name] ?? "";
}

describe("the numbers of a report", () => {
  test("are every bit as they were", async () => {
    const numbers = Float32Array.from({ length: 300 }, (_, k) => Math.sin(k) * 10 ** (k % 7));
    const stored = { place: 4, value: 1, shape: [3, 100], dtype: "float32", channels: null };
    const text = reader({ "layerwalk-4": packed(numbers.buffer, 4) });
    expect(await storedNumbers(stored, text)).toEqual(numbers);
  });

  test("of half precision are widened", async () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555);
    const stored = { place: 0, value: 1, shape: [3], dtype: "float16", channels: null };
    const text = reader({ "layerwalk-0": packed(halves.buffer, 2) });
    expect([...(await storedNumbers(stored, text))]).toEqual([1, -2, 0.333251953125]);
  });

  test("of levels have a scale for each channel", async () => {
    const levels = Uint8Array.of(0, 255, 100, 0, 2, 4);
    const scales = Float32Array.of(-1, 0.5, 10, 2);
    const text = reader({
      "layerwalk-0": packed(levels.buffer, 1),
      "layerwalk-0-scales": packed(scales.buffer, 4),
    });
    const stored = { place: 0, value: 1, shape: [1, 2, 3], dtype: "uint8", channels: 1 };
    expect([...(await storedNumbers(stored, text))]).toEqual([-1, 126.5, 49, 10, 14, 18]);
    const last = { ...stored, shape: [1, 3, 2], channels: 2 };
    expect([...(await storedNumbers(last, text))]).toEqual([-1, 520, 49, 10, 0, 18]);
    const row = { ...stored, shape: [1, 6], channels: 0 };
    expect([...(await storedNumbers(row, text))]).toEqual([-1, 126.5, 49, -1, 0, 1]);
  });
});
