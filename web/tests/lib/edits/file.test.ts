import { expect, test } from "vitest";
import { editsFromFile, editsToFile } from "../../../src/lib/edits/file";

const EDITS = [{ do: "silence", op: "größer", channels: [2] }];

test("as Python writes it", () => {
  expect(editsToFile(EDITS)).toMatch(/^{\n {2}"form": "layerwalk edits",\n {2}"version": 1,/);
  expect(editsFromFile(editsToFile(EDITS))).toEqual(EDITS);
});

test.each([
  ["{", "it holds no edits; choose one that was saved here, or by Python."],
  ["null", "it holds no edits; choose one that was saved here, or by Python."],
  ['{"form": "layerwalk edits", "version": 2}', "it is of version 2, later than this page."],
  ['{"form": "layerwalk edits", "version": 1, "edits": [4]}', "what it lists are no edits."],
])("%s", (text, problem) => {
  expect(editsFromFile(text)).toBe(problem);
});
