import { describe, expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import type { Group } from "../../../src/lib/walk/node";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, NAMES, sheetOf } from "./graphs";

function foldingOf(name: (typeof NAMES)[number]): Folding {
  return Folding.usual(new WalkTree(graph(name)));
}

function labels(folding: Folding): string[] {
  return folding.cards().map(({ label }) => label);
}

function group(folding: Folding, path: string): Group {
  const found = folding.tree.groups().find((one) => one.path === path);
  if (!found) throw new Error(`no group ${path}`);
  return found;
}

function op(folding: Folding, name: string): number {
  for (let k = 0; k < folding.tree.ops; k++) if (folding.tree.leaf(k).path === name) return k;
  throw new Error(`no op ${name}`);
}

describe("what is open by itself", () => {
  test("all of a small network", () => {
    expect(labels(foldingOf("edges"))).toEqual(["input", "conv", "relu", "pool"]);
    const small = sheetOf("small", [{ name: "a.b.conv" }, { name: "a.b.relu" }, { name: "a.c" }]);
    const tree = new WalkTree(small);
    expect(labels(Folding.usual(tree))).toEqual(["input", "conv", "relu", "c"]);
  });

  test("the stages of a large one", () => {
    expect(labels(foldingOf("resnet50"))).toEqual(
      "input conv1 bn1 relu maxpool layer1 layer2 layer3 layer4 avgpool flatten fc".split(" "),
    );
  });

  test("what holds most of it", () => {
    const vgg = foldingOf("vgg16");
    expect(vgg.isOpen(group(vgg, "features"))).toBe(true);
    expect(vgg.isOpen(group(vgg, "classifier"))).toBe(false);
    const dense = foldingOf("densenet121");
    expect(dense.isOpen(group(dense, "features"))).toBe(true);
    expect(dense.isOpen(group(dense, "features.denseblock3"))).toBe(false);
  });

  test.each(NAMES)("a number of cards that one looks over, of %s", (name) => {
    const cards = foldingOf(name).cards().length;
    expect(cards).toBeGreaterThanOrEqual(name === "edges" ? 4 : 6);
    expect(cards).toBeLessThanOrEqual(36);
  });
});

describe("walking", () => {
  const folding = foldingOf("resnet50");

  test("opens the way to an op, and folds it behind one", () => {
    const inside = folding.walkTo(op(folding, "layer2.1.conv2"));
    expect(labels(inside)).toContain("layer2.0");
    expect(labels(inside)).toContain("conv2");
    expect(labels(inside)).not.toContain("layer2.1");
    const outside = inside.walkTo(op(folding, "layer3.0.conv1"));
    expect(labels(outside)).toContain("layer2");
    expect(labels(outside)).toContain("layer3.1");
    expect(labels(outside.walkTo(null))).toEqual(labels(folding));
  });

  test("a folded card shows the output of its last op", () => {
    const last = op(folding, "layer2.3.relu:3");
    expect(folding.walkTo(last)).toBe(folding);
    expect(folding.card(folding.tree.leaf(last)).label).toBe("layer2");
    expect(labels(folding.walkTo(last, { wholly: true }))).toContain("relu:3");
  });

  test("the last op of an open group does not fold it", () => {
    const inside = folding.walkTo(op(folding, "layer2.3.add"));
    expect(labels(inside.walkTo(op(folding, "layer2.3.relu:3")))).toEqual(labels(inside));
  });

  test("what was opened by hand stays open", () => {
    const opened = folding.open(group(folding, "layer1"));
    const away = opened.walkTo(op(folding, "layer3.0.conv1")).walkTo(null);
    expect(away.isOpen(group(folding, "layer1"))).toBe(true);
    expect(away.isOpen(group(folding, "layer3"))).toBe(false);
  });

  test("what is around a group opened by hand stays open, too", () => {
    const inside = folding.walkTo(op(folding, "layer2.0.conv1"));
    const opened = inside.open(group(folding, "layer2.1")).walkTo(null);
    expect(opened.isOpen(group(folding, "layer2"))).toBe(true);
    expect(opened.isOpen(group(folding, "layer2.1"))).toBe(true);
    expect(opened.isOpen(group(folding, "layer2.0"))).toBe(false);
  });

  test("a group folded by hand opens only for as long as one walks within", () => {
    const vgg = foldingOf("vgg16");
    const features = group(vgg, "features");
    const folded = vgg.fold(features);
    expect(folded.isOpen(features)).toBe(false);
    const within = folded.walkTo(op(vgg, "features.3"));
    expect(within.isOpen(features)).toBe(true);
    expect(within.walkTo(null).isOpen(features)).toBe(false);
  });

  test("folding the group one is in folds what is in it, too", () => {
    const inside = folding.walkTo(op(folding, "layer2.1.conv2")).fold(group(folding, "layer2"));
    expect(labels(inside)).toEqual(labels(folding));
    expect(inside.card(folding.tree.leaf(op(folding, "layer2.1.conv2"))).label).toBe("layer2");
  });
});

describe("all of it", () => {
  test("opens and folds", () => {
    const folding = foldingOf("densenet121");
    expect(folding.every(true).cards()).toHaveLength(432);
    expect(labels(folding.every(false))).toEqual(
      "input features relu adaptive_avg_pool2d flatten classifier".split(" "),
    );
  });
});

describe("on another tree", () => {
  const folding = foldingOf("resnet50");
  const opened = folding.open(group(folding, "layer1"));

  test("what is open in a network stays open for another picture", () => {
    const other = opened.on(new WalkTree(graph("resnet50")));
    expect(labels(other)).toEqual(labels(opened));
    expect(other.cards()[0]).not.toBe(opened.cards()[0]);
  });

  test("another network begins as usual", () => {
    const other = opened.on(new WalkTree(graph("googlenet")));
    expect(labels(other)).toEqual(labels(foldingOf("googlenet")));
  });

  test("the same tree is the same folding", () => {
    expect(opened.on(opened.tree)).toBe(opened);
  });
});
