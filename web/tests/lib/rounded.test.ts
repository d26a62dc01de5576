import { expect, test } from "vitest";
import { roundedWords } from "../../src/lib/rounded";

test("what was rounded is told with the worst of it", () => {
  expect(roundedWords([])).toBe("");
  expect(
    roundedWords([
      { value: 1, coding: "half", worst: 0.001, spread: 10 },
      { value: 2, coding: "half", worst: 0.01, spread: 20 },
      { value: 3, coding: "half", worst: 0, spread: 0 },
    ]),
  ).toBe("half precision: off by at most 0.05000 % of a value's largest number");
});
