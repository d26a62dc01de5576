import { describe, expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { layOut } from "../../../src/lib/walk/layout";
import { readsOf } from "../../../src/lib/walk/links";
import { WalkTree } from "../../../src/lib/walk/tree";
import { depthAt, type Wrapped, wrap } from "../../../src/lib/walk/wrap";
import { graph, NAMES, sheetOf } from "./graphs";
import { SIZES } from "./sizes";

function wrapped(sheet: ReturnType<typeof graph>, perLine: number): Wrapped {
  const cards = Folding.usual(new WalkTree(sheet)).every(true).cards();
  return wrap(layOut(cards, readsOf(sheet), SIZES), perLine, SIZES);
}

describe("lines", () => {
  const chain = sheetOf(
    "chain",
    ["a", "b", "c", "d", "e"].map((name) => ({ name })),
  );

  test("hold so many cards each", () => {
    const { cards, lines, width, height } = wrapped(chain, 4);
    expect(cards.map(({ node, x, y }) => [node.label, x, y])).toEqual([
      ["input", 10, 0],
      ["a", 110, 0],
      ["b", 210, 0],
      ["c", 310, 0],
      ["d", 10, 120],
      ["e", 110, 120],
    ]);
    expect(lines.map(({ y }) => y)).toEqual([0, 120]);
    expect([width, height]).toEqual([400, 220]);
  });

  test("an arrow from line to line is in both", () => {
    const { lines } = wrapped(chain, 4);
    expect(lines.map(({ links }) => links.map(({ from, to }) => `${from}>${to}`))).toEqual([
      ["0>1", "1>2", "2>3", "3>4"],
      ["3>4", "4>5"],
    ]);
  });

  test("one line holds everything", () => {
    const { lines, width } = wrapped(chain, Number.POSITIVE_INFINITY);
    expect(lines).toHaveLength(1);
    expect(width).toBe(600);
  });

  test("are as deep as what is seen of them", () => {
    const fork = sheetOf("fork", [
      { name: "stem" },
      { name: "a1" },
      { name: "a2" },
      { name: "b", reads: [0] },
      { name: "cat", reads: [2, 3] },
      { name: "end" },
      { name: "last" },
    ]);
    const strip = wrapped(fork, Number.POSITIVE_INFINITY);
    const branch = strip.cards.find(({ node }) => node.label === "b")!;
    const deep = branch.y + branch.height;
    expect(depthAt(strip, 0, strip.width)).toBe(strip.height);
    expect(depthAt(strip, branch.x, 10)).toBe(deep);
    // Beyond the branch its arrow goes on, and beyond that there is one row alone.
    expect(depthAt(strip, branch.x + branch.width + 1, 10)).toBeGreaterThan(branch.y);
    const end = strip.cards.find(({ node }) => node.label === "end")!;
    expect(depthAt(strip, end.x, 500)).toBe(end.y + end.height);
    expect(depthAt(strip, strip.width + 100, 10)).toBe(0);
  });

  test("no room at all is room for one", () => {
    expect(wrapped(chain, 0).lines).toHaveLength(6);
  });

  test("a heading goes on in the next line", () => {
    const sheet = sheetOf("grouped", [
      { name: "stem" },
      { name: "group.a" },
      { name: "group.b" },
      { name: "group.c" },
    ]);
    const { headings } = wrapped(sheet, 3);
    expect(headings.map(({ x, width, line, continued }) => [x, width, line, continued])).toEqual([
      [210, 80, 0, false],
      [10, 180, 1, true],
    ]);
  });

  test("are as high as what is in them", () => {
    const sheet = sheetOf("branched", [
      { name: "a" },
      { name: "b" },
      { name: "c", reads: [-1] },
      { name: "d", reads: [1, 2] },
    ]);
    const heights = wrapped(sheet, 2).lines.map(({ top, bottom }) => bottom - top);
    // The branch, its way to the reader, and the reader alone.
    expect(heights).toEqual([160, 135]);
  });
});

describe.each(NAMES)("%s in lines of nine", (name) => {
  const { cards, headings, lines, width, height } = wrapped(graph(name), 9);

  test("no card leaves its line", () => {
    const lost = cards.filter(({ x, y, width: across, height: down }) => {
      const line = lines.findLast((one) => one.y <= y);
      const end = line ? line.y + line.bottom - line.top : 0;
      return x < 0 || x + across > width || y + down > end || y + down > height;
    });
    expect(lost).toEqual([]);
  });

  test("each heading begins once", () => {
    const begun = headings.filter(({ continued }) => !continued).map(({ group }) => group.id);
    expect(new Set(begun).size).toBe(begun.length);
    expect(new Set(headings.map(({ group }) => group.id))).toEqual(new Set(begun));
  });
});
