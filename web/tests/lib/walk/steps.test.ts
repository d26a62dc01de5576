import { describe, expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { layOut } from "../../../src/lib/walk/layout";
import { readsOf } from "../../../src/lib/walk/links";
import type { WalkNode } from "../../../src/lib/walk/node";
import { type Direction, stepFrom } from "../../../src/lib/walk/steps";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, NAMES, sheetOf } from "./graphs";
import { SIZES } from "./sizes";

const sheet = sheetOf("branched", [
  { name: "stem" },
  { name: "block.left.conv", reads: [0] },
  { name: "block.left.relu" },
  { name: "block.right", reads: [0] },
  { name: "block.cat", reads: [2, 3] },
  { name: "fc" },
]);
const tree = new WalkTree(sheet);
const layout = layOut(Folding.usual(tree).every(true).cards(), readsOf(sheet), SIZES);

function node(label: string): WalkNode {
  const found = [...layout.cards.map((card) => card.node), ...tree.groups()];
  return found.find((one) => one.label === label)!;
}

function step(from: string, direction: Direction): string | undefined {
  return stepFrom(layout, node(from), direction)?.label;
}

describe("arrow keys", () => {
  test("left and right follow the walk, through all branches", () => {
    expect(step("input", "right")).toBe("stem");
    expect(step("relu", "right")).toBe("right");
    expect(step("right", "left")).toBe("relu");
    expect(step("input", "left")).toBeUndefined();
    expect(step("fc", "right")).toBeUndefined();
  });

  test("first and last lead to the ends", () => {
    expect(step("relu", "first")).toBe("input");
    expect(step("relu", "last")).toBe("fc");
  });

  test("up and down lead from branch to branch", () => {
    expect(step("conv", "down")).toBe("right");
    expect(step("right", "up")).toBe("conv");
    expect(step("right", "down")).toBeUndefined();
  });

  test("up from the uppermost card leads to the headings over it", () => {
    expect(step("conv", "up")).toBe("left");
    expect(step("left", "up")).toBe("block");
    expect(step("block", "up")).toBeUndefined();
    expect(step("cat", "up")).toBe("block");
    expect(step("stem", "up")).toBeUndefined();
  });

  test("from a heading one comes to its group and past it", () => {
    expect(step("block", "down")).toBe("conv");
    expect(step("block", "left")).toBe("stem");
    expect(step("block", "right")).toBe("fc");
    expect(step("left", "right")).toBe("right");
  });

  test.each(NAMES)("every card of %s is reached by the right arrow", (name) => {
    const big = graph(name);
    const cards = Folding.usual(new WalkTree(big)).every(true).cards();
    const laid = layOut(cards, readsOf(big), SIZES);
    const reached: WalkNode[] = [];
    for (let at: WalkNode | undefined = cards[0]; at; at = stepFrom(laid, at, "right")) {
      reached.push(at);
    }
    expect(reached).toEqual(cards);
  });
});
