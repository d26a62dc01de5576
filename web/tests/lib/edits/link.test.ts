import { expect, test } from "vitest";
import { editsFromJson, editsFromText, editsToText } from "../../../src/lib/edits/link";

test("edits survive an address, whatever their letters", () => {
  const edits = [
    { do: "set_weight", parameter: "conv.weight", at: [0, 0, 1, 1], to: -0.1 },
    { do: "silence", op: "größer ∑?>", channels: [2] },
  ];
  const text = editsToText(edits);
  expect(text).toMatch(/^[\w-]+$/);
  expect(editsFromText(text)).toEqual(edits);
});

test.each(["", "%%%", "abc", btoa("{}"), btoa("[1]"), btoa('["do"]'), btoa("ÿþ")])(
  "%j says no edits",
  (text) => {
    expect(editsFromText(text)).toBeUndefined();
  },
);

test("a list in a file", () => {
  expect(editsFromJson('[{"do": "silence"}]')).toEqual([{ do: "silence" }]);
  expect(editsFromJson("[{]")).toBeUndefined();
});
