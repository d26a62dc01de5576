import { describe, expect, test } from "vitest";
import {
  type Group,
  groupsAround,
  opsIn,
  outputOp,
  type WalkNode,
} from "../../../src/lib/walk/node";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, NAMES, type Row, sheetOf } from "./graphs";

/** A tree in a line: `"conv, block(conv1, relu)"`. */
function spelled(node: WalkNode): string {
  if (node.kind !== "group") return node.label;
  const inner = node.children.map(spelled).join(", ");
  return node.parent ? `${node.label}(${inner})` : inner;
}

function treeOf(...rows: (string | Row)[]): WalkTree {
  return new WalkTree(
    sheetOf(
      "made up",
      rows.map((row) => (typeof row === "string" ? { name: row } : row)),
    ),
  );
}

describe("the tree of modules", () => {
  test("groups ops by the parts of their path", () => {
    const tree = treeOf("conv", "block.conv1", "block.relu", "fc");
    expect(spelled(tree.root)).toBe("input, conv, block(conv1, relu), fc");
  });

  test("an op that a module ran beside its parts is one of them", () => {
    const tree = treeOf("block.conv", { name: "block.add", module: "block" });
    expect(spelled(tree.root)).toBe("input, block(conv, add)");
  });

  test("chains of single modules are one node, and one op is no group", () => {
    const tree = treeOf("features.0.conv", "features.0.relu", "head.pool.pool");
    expect(spelled(tree.root)).toBe("input, features.0(conv, relu), head.pool.pool");
  });

  test("a number is named with what it is in", () => {
    const tree = treeOf("layer1.0.conv", "layer1.0.relu", "layer1.1.conv", "layer1.1.relu");
    expect(spelled(tree.root)).toBe("input, layer1(layer1.0(conv, relu), layer1.1(conv, relu))");
  });

  test("a module that ran again later is another node", () => {
    const tree = treeOf("cell.a", "cell.b", "between", "cell.a:2", "cell.b:2");
    expect(spelled(tree.root)).toBe("input, cell(a, b), between, cell:2(a:2, b:2)");
    expect(new Set(tree.groups().map(({ id }) => id)).size).toBe(2);
  });

  test("a module called twice at once is two nodes", () => {
    const add = { name: "cell.add", module: "cell" };
    const tree = treeOf(
      "cell.conv",
      { ...add, call: 1 },
      { name: "cell.conv:2", call: 2 },
      { ...add, name: "cell.add:2", call: 2 },
    );
    expect(spelled(tree.root)).toBe("input, cell(conv, add), cell:2(conv:2, add:2)");
  });

  test("a ReLU that a block calls twice does not divide the block", () => {
    const tree = treeOf("block.relu", "block.conv", { name: "block.relu:2", call: 2 });
    expect(spelled(tree.root)).toBe("input, block(relu, conv, relu:2)");
  });

  test("ends with the prediction, or with why it stopped", () => {
    const sheet = sheetOf("made up", [{ name: "fc" }]);
    const prediction = { value: 0, made: "softmax" as const, top: [] };
    const predicted = new WalkTree({ ...sheet, prediction });
    expect(spelled(predicted.root)).toBe("input, fc, prediction");
    expect(outputOp(predicted.root.children.at(-1)!)).toBe(0);
    const failure = { where: "conv", message: "no" };
    expect(spelled(new WalkTree({ ...sheet, failure }).root)).toBe("input, fc, stopped here");
    const nothing = new WalkTree({ ...sheetOf("made up", []), failure });
    expect(spelled(nothing.root)).toBe("input, stopped here");
    expect(outputOp(nothing.root.children.at(-1)!)).toBeNull();
  });

  test("counts the parameters of a group", () => {
    const tree = treeOf(
      { name: "a.conv", parameters: 5 },
      { name: "a.norm", parameters: 2 },
      { name: "fc", parameters: 3 },
    );
    expect(tree.groups()[0]?.parameters).toBe(7);
    expect(tree.root.parameters).toBe(10);
  });

  test("finds the node of an op", () => {
    const tree = treeOf("a.conv", "a.relu");
    expect(tree.leaf(null).kind).toBe("input");
    expect(tree.leaf(1).label).toBe("relu");
    expect(groupsAround(tree.leaf(1)).map(({ label }) => label)).toEqual(["a"]);
    expect(() => tree.leaf(2)).toThrow("there is no op 2");
  });
});

describe.each(NAMES)("the tree of %s", (name) => {
  const sheet = graph(name);
  const tree = new WalkTree(sheet);
  const every: WalkNode[] = [];
  const visit = (node: WalkNode): void => {
    every.push(node);
    if (node.kind === "group") node.children.forEach(visit);
  };
  visit(tree.root);

  test("holds each op once, in order", () => {
    const ops = every.flatMap((node) => (node.kind === "op" ? [node.op.index] : []));
    expect(ops).toEqual(sheet.ops.map(({ index }) => index));
  });

  test("every group is a run of ops, made of those of its children", () => {
    for (const group of every.filter((node): node is Group => node.kind === "group")) {
      expect(group.children.length).toBeGreaterThan(1);
      expect(group.children[0]?.first).toBe(group.first);
      expect(group.children.at(-1)?.stop).toBe(group.stop);
      for (const [k, child] of group.children.entries()) {
        expect(child.parent).toBe(group);
        expect(child.first).toBe(group.children[k - 1]?.stop ?? group.first);
      }
      if (group.parent) expect(opsIn(group)).toBeGreaterThan(1);
    }
  });

  test("no two nodes have the same id", () => {
    expect(new Set(every.map(({ id }) => id)).size).toBe(every.length);
  });
});
