import { expect, test } from "vitest";
import { roundedWords } from "../../src/lib/rounded";
import type { Kept } from "../../src/wire";

test("what was rounded is told with the worst of it", () => {
  expect(roundedWords({ inexact: [], recomputed: [1] })).toBe("");
  const inexact: Kept[] = [
    { value: 1, coding: "half", worst: 0.001, spread: 10 },
    { value: 2, coding: "half", worst: 0.01, spread: 20 },
    { value: 3, coding: "half", worst: 0, spread: 0 },
  ];
  const said = "half precision: off by at most 0.05 % of a value's largest number";
  expect(roundedWords({ inexact, recomputed: [] })).toBe(said);
  expect(roundedWords({ inexact, recomputed: [4] })).toBe(
    `${said}, and perhaps by more where the page works numbers out from those`,
  );
});
