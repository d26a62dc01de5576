import { expect, test } from "vitest";
import { search } from "../../../src/lib/walk/search";
import { graph } from "./graphs";

const { ops } = graph("resnet50");

function names(query: string): string[] {
  return search(ops, query).map(({ name }) => name);
}

test("a whole name comes first", () => {
  expect(names("fc")[0]).toBe("fc");
  expect(names("conv1")[0]).toBe("conv1");
});

test("all words have to be found, in any order", () => {
  expect(names("layer4 downsample")).toEqual(["layer4.0.downsample.0", "layer4.0.downsample.1"]);
  expect(names("downsample layer4")).toEqual(names("layer4 downsample"));
});

test("kinds are found, too, in the order in which they ran", () => {
  expect(names("batch_norm").slice(0, 2)).toEqual(["bn1", "layer1.0.bn1"]);
  expect(names("LINEAR")).toEqual(["fc"]);
});

test("nothing finds nothing, and a list has an end", () => {
  expect(names("")).toEqual([]);
  expect(names("  ")).toEqual([]);
  expect(names("transformer")).toEqual([]);
  expect(names("layer")).toHaveLength(50);
  expect(search(ops, "layer", 3)).toHaveLength(3);
});
