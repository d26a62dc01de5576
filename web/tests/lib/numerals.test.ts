import { describe, expect, test } from "vitest";
import {
  chooseDecimals,
  tell,
  tellCell,
  tellChance,
  tellClosely,
  tellCount,
  tellMaps,
  tellRange,
  tellShape,
} from "../../src/lib/numerals";

describe("numbers are spelled as the Python side spells them", () => {
  test.each([
    [12.3456, "12.35"],
    [6, "6"],
    [-0.00001234, "−1.234e−5"],
    [0.5, "0.5000"],
    [9999.96, "10000"],
    [-13990.4, "−13990"],
    [99999.6, "100000"],
    [123456.7, "1.235e5"],
    [-0, "0"],
    [1e7, "1.000e7"],
    [Number.NaN, "NaN"],
    [Number.NEGATIVE_INFINITY, "−inf"],
  ])("%s", (number, words) => {
    expect(tell(number)).toBe(words);
  });

  test("closely, for one that is read with care", () => {
    expect(tellClosely(-1.88563823)).toBe("−1.885638");
    expect(tellClosely(1.2e-7)).toBe("1.200000e−7");
    expect(tellClosely(0)).toBe("0");
    expect(tellClosely(3)).toBe("3");
  });

  test("ranges, counts and shapes", () => {
    expect(tellRange(-11.3, 12.18)).toBe("−11.30 to 12.18");
    expect(tellRange(0, 0)).toBe("0 everywhere");
    expect(tellCount(1200, "class", "classes")).toBe("1,200 classes");
    expect(tellCount(1, "op")).toBe("1 op");
    expect(tellShape([])).toBe("scalar");
    expect(tellMaps([1, 64, 7, 7])).toBe("64×7×7");
    expect(tellMaps([2, 64])).toBe("2×64");
  });

  test("a share is never rounded to nothing or to certainty", () => {
    expect([0.9713, 1e-6, 0.99999, 1, 0].map(tellChance)).toEqual([
      "97.1 %",
      "< 0.1 %",
      "> 99.9 %",
      "100.0 %",
      "0.0 %",
    ]);
  });

  test("cells have as many decimals as their numbers need", () => {
    expect(chooseDecimals([0, 0.25])).toBe(2);
    expect(chooseDecimals([0, 253])).toBe(0);
    expect(chooseDecimals([0.004, Number.NaN])).toBe(4);
    expect(chooseDecimals([1e-9])).toBeUndefined();
    expect(chooseDecimals([2e6])).toBeUndefined();
    expect(tellCell(0, 2)).toBe("0");
    expect(tellCell(0.001, 2)).toBe("0.00");
    expect(tellCell(-1.25e-7, undefined)).toBe("−1.2e−7");
    const everyday = [1, 0.25, 0.0104, 12.3, 987.4, 9.97, 999.4, 0.00994, -0.5];
    expect(everyday.map((value) => tellCell(value, undefined))).toEqual([
      "1.0",
      "0.25",
      "0.010",
      "12",
      "987",
      "10",
      "1.0e3",
      "9.9e−3",
      "−0.50",
    ]);
  });
});
