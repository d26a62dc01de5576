import { expect, test } from "vitest";
import { placeWords, sumWords } from "../../../src/lib/attribution/words";
import type { AttributionSheet } from "../../../src/wire";

const SHEET: AttributionSheet = {
  method: "deeplift",
  target: "dog",
  op: null,
  signed: true,
  score: 10.943,
  baseline_score: 0.008,
  total: 10.935,
  residue: -1.594e-6,
  reach: 1,
  beyond: "",
};

test("how far a promise is kept is told in full", () => {
  expect(sumWords(SHEET, true)).toBe(
    "Sum of the map 10.935; the score 10.943 less the baseline’s 0.0080000 is 10.935; residue −1.594e−6.",
  );
});

test("what is not promised is not claimed", () => {
  const open = { ...SHEET, residue: null };
  expect(sumWords(open, false)).toBe(
    "Score 10.943; sum of the map 10.935: the method promises nothing of it.",
  );
  expect(sumWords({ ...open, op: "layer1.relu" }, true)).toContain(
    "not every way leads through layer1.relu",
  );
  expect(sumWords({ ...open, total: null }, false)).toContain("not finite");
});

test("a number is told with its place", () => {
  expect(placeWords(3, 5, -0.125)).toBe("row 3, column 5: −0.1250000");
});
