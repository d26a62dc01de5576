import { expect, test } from "vitest";
import { quoted, shortName } from "../../src/lib/names";

test.each([
  ["features.2.depthwise.conv", "depthwise.conv"],
  ["layer4.1.conv2", "conv2"],
  ["features.0", "features.0"],
  ["relu", "relu"],
  ["3", "“3”"],
  ["0.1", "“0.1”"],
])("%s is %s in short", (name, short) => expect(shortName(name)).toBe(short));

test("among words a name is not taken for a number", () => {
  expect(["0.weight", "conv1", "3"].map(quoted)).toEqual(["“0.weight”", "conv1", "“3”"]);
});
