import { describe, expect, test } from "vitest";
import { Network } from "../../../src/lib/network";
import { factsOf, rangeWords } from "../../../src/lib/walk/facts";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph } from "./graphs";

const sheet = graph("resnet50");
const network = new Network(sheet);
const tree = new WalkTree(sheet);

describe("what a card says", () => {
  test("of an op", () => {
    const facts = factsOf(
      tree.leaf(sheet.ops.find(({ name }) => name === "layer1.0.conv2")!.index),
      network,
    );
    expect(facts).toEqual({
      name: "conv2",
      shape: "64×56×56",
      size: "conv2d",
      more: ["36,864 parameters"],
      spoken: "layer1.0.conv2, 64×56×56, conv2d",
    });
  });

  test("of a group", () => {
    const group = tree.groups().find(({ path }) => path === "layer1")!;
    expect(factsOf(group, network)).toMatchObject({
      name: "layer1",
      shape: "256×56×56",
      size: "32 ops",
      spoken: "layer1, 256×56×56, 32 ops",
    });
  });

  test("of the input, with or without a photo", () => {
    const input = tree.leaf(null);
    expect(factsOf(input, network)).toMatchObject({ name: "input", shape: "3×8×8" });
    const box = [0, 0, 8, 8] as [number, number, number, number];
    const original = [8, 8] as [number, number];
    const photo = { name: "dog.jpg", width: 8, height: 8, channels: 3, box, original };
    expect(factsOf(input, new Network({ ...sheet, photo }))).toMatchObject({
      name: "photo",
      size: "dog.jpg",
      spoken: "photo, 3×8×8, dog.jpg",
    });
  });

  test("of the end", () => {
    const top = [
      { number: 3, label: "German shepherd", score: 9, probability: 0.971 },
      { number: 5, label: "malinois", score: 4, probability: 0.02 },
    ];
    const predicted = new WalkTree({ ...sheet, prediction: { value: 1, made: "softmax", top } });
    const end = predicted.root.children.at(-1)!;
    expect(factsOf(end, network)).toMatchObject({
      more: ["German shepherd", "97.1 %"],
      spoken: "prediction, German shepherd, 97.1 %, malinois, 2.0 %",
    });
    const failure = { where: "fc", message: "shapes differ" };
    const failed = new WalkTree({ ...sheet, failure }).root.children.at(-1)!;
    expect(factsOf(failed, network).spoken).toBe("stopped here, fc, shapes differ");
  });
});

test("a range says what is not in it", () => {
  const digest = {
    op: 0,
    low: -1.5,
    high: 2,
    zeros: 0,
    nan: 0,
    infinite: 0,
    size: 4,
    strongest: [],
  };
  expect(rangeWords(digest)).toBe("−1.500 to 2");
  expect(rangeWords({ ...digest, nan: 3, infinite: 1 })).toBe("−1.500 to 2, 3 NaN, 1 infinite");
  expect(rangeWords({ ...digest, low: null, high: null })).toBe("no finite number");
});
