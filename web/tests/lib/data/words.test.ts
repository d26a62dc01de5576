import { expect, test } from "vitest";
import { channelWords, shareWords, sizeWords, wholeIn } from "../../../src/lib/data/words";
import type { DataSheet, DataStatistics } from "../../../src/wire";

const counted: DataStatistics = {
  mean: [0.13107],
  std: [0.3087],
  grey: 4,
  sizes: 1,
  least: [28, 30],
  most: [28, 30],
  means: true,
};

test("sizes and colours", () => {
  expect(sizeWords(counted, 4)).toBe("30 × 28 pixels, grey");
  expect(sizeWords({ ...counted, grey: 0 }, 4)).toBe("30 × 28 pixels, in colour");
  const mixed = { ...counted, grey: 1, sizes: 2, most: [100, 200] as [number, number] };
  expect(sizeWords(mixed, 4)).toBe(
    "30 × 28 to 200 × 100 pixels (2 sizes), 1 grey, the others in colour",
  );
});

test("shares and channels", () => {
  const sheet = { counts: [1, 3], pictures: 4 } as unknown as DataSheet;
  expect(shareWords(sheet, 0)).toBe("1 picture, 25.0 %");
  expect(channelWords([0.13107, 0.5])).toBe("0.1311, 0.5000");
});

test("whole numbers in an address", () => {
  expect([wholeIn("17"), wholeIn("-1"), wholeIn("x"), wholeIn(undefined)]).toEqual([
    17,
    undefined,
    undefined,
    undefined,
  ]);
});
