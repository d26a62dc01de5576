import { describe, expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { type Layout, layOut } from "../../../src/lib/walk/layout";
import { linksBetween, readsOf } from "../../../src/lib/walk/links";
import { groupsAround } from "../../../src/lib/walk/node";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, NAMES, type Row, sheetOf } from "./graphs";
import { SIZES } from "./sizes";

function laidOut(sheet: ReturnType<typeof graph>, fold: (folding: Folding) => Folding): Layout {
  const folding = fold(Folding.usual(new WalkTree(sheet)));
  return layOut(folding.cards(), readsOf(sheet), SIZES);
}

function layoutOf(...rows: Row[]): Layout {
  return laidOut(sheetOf("made up", rows), (folding) => folding.every(true));
}

/** Where each card stands: `{ conv: [100, 0] }`. */
function places({ cards }: Layout): Record<string, [number, number]> {
  return Object.fromEntries(cards.map(({ node, x, y }) => [node.label, [x, y]]));
}

function ways({ links, cards }: Layout): string[] {
  return links.map(
    ({ from, to, way }) => `${cards[from]?.node.label} ${way} ${cards[to]?.node.label}`,
  );
}

describe("a few cards", () => {
  test("a chain is a straight line", () => {
    const layout = layoutOf({ name: "conv" }, { name: "relu" });
    expect(places(layout)).toEqual({ input: [0, 0], conv: [100, 0], relu: [200, 0] });
    expect(ways(layout)).toEqual(["input straight conv", "conv straight relu"]);
    expect(layout.links[0]).toMatchObject({ path: "M80 40H100", left: 0, right: 180 });
    expect([layout.width, layout.height]).toEqual([280, 100]);
  });

  test("a skip is an arc over the cards between", () => {
    const layout = layoutOf(
      { name: "stem" },
      { name: "block.conv" },
      { name: "block.add", reads: [0, 1] },
    );
    const y = SIZES.heading + 16;
    expect(places(layout)).toEqual({
      input: [0, y],
      stem: [100, y],
      conv: [200, y],
      add: [300, y],
    });
    expect(ways(layout)).toContain("stem arc add");
    expect(layout.headings).toMatchObject([{ x: 200, y: 0, width: 180, height: SIZES.heading }]);
  });

  test("what stands beside a branch does not push it down", () => {
    const fork = [
      { name: "stem" },
      { name: "a1" },
      { name: "a2" },
      { name: "b", reads: [0] },
      { name: "cat", reads: [2, 3] },
    ];
    const block = [
      { name: "block.a1", module: "block" },
      { name: "block.a2", module: "block" },
      { name: "block.b", module: "block", reads: [4] },
      { name: "block.c", module: "block", reads: [4] },
      { name: "block.cat", module: "block", reads: [6, 7, 8] },
    ];
    const alone = layoutOf(...fork);
    const beside = layoutOf(...fork, ...block);
    const under = (layout: Layout): number => places(layout).b![1] - places(layout).a1![1];
    expect(under(beside)).toBe(under(alone));
    // What stands over it does: here the branch leads round an open group with branches.
    const around = layoutOf(
      { name: "stem" },
      { name: "block.a1", module: "block" },
      { name: "block.a2", module: "block" },
      { name: "block.b", module: "block", reads: [0] },
      { name: "block.cat", module: "block", reads: [2, 3] },
      { name: "side", reads: [0] },
      { name: "end", reads: [4, 5] },
    );
    const lowest = places(around).b![1] + SIZES.branchHeight;
    expect(places(around).side![1]).toBeGreaterThanOrEqual(lowest + SIZES.laneGap);
  });

  test("a branch stands under the straight line, and arrows lead from lane to lane", () => {
    const layout = layoutOf(
      { name: "stem" },
      { name: "a1" },
      { name: "a2" },
      { name: "b", reads: [0] },
      { name: "cat", reads: [2, 3] },
    );
    expect(places(layout)).toEqual({
      input: [0, 0],
      stem: [100, 0],
      a1: [200, 0],
      a2: [300, 0],
      b: [200, 110],
      cat: [400, 0],
    });
    expect(ways(layout).filter((way) => !way.includes("straight"))).toEqual([
      "stem early b",
      "b late cat",
    ]);
  });

  test("a lane is used again when it is free", () => {
    const branch = (k: number): Row[] => [
      { name: `s${k}.a`, reads: [5 * k - 1] },
      { name: `s${k}.b` },
      { name: `s${k}.c`, reads: [5 * k - 1] },
      { name: `s${k}.add`, reads: [5 * k + 1, 5 * k + 2] },
      { name: `s${k}.out` },
    ];
    const rows = [...branch(0), ...branch(1)].map((row) => ({
      ...row,
      name: row.name.replace(".", "_"),
    }));
    const found = places(layoutOf(...rows));
    expect(found.s0_c?.[1]).toBe(110);
    expect(found.s1_c?.[1]).toBe(110);
  });

  test("what reads only weights stands close to what reads it", () => {
    const layout = layoutOf(
      { name: "conv" },
      { name: "relu" },
      { name: "position", reads: [] },
      { name: "add", reads: [1, 2] },
    );
    expect(places(layout).position).toEqual([200, 110]);
    const weighed = layoutOf(
      { name: "stem" },
      { name: "scaled.norm", reads: [] },
      { name: "scaled.conv", reads: [0, 1] },
    );
    expect(places(weighed)).toMatchObject({ norm: [200, 46], conv: [300, 46] });
  });

  test("an op that nobody reads has a place of its own", () => {
    const layout = layoutOf(
      { name: "conv" },
      { name: "dead", reads: [] },
      { name: "relu", reads: [0] },
    );
    expect(places(layout)).toMatchObject({ conv: [100, 0], relu: [200, 0], dead: [200, 110] });
  });

  test("an empty walk is its input", () => {
    expect(places(layoutOf())).toEqual({ input: [0, 0] });
  });
});

describe.each(NAMES)("%s", (name) => {
  const sheet = graph(name);
  const foldings: [string, (folding: Folding) => Folding][] = [
    ["as usual", (folding) => folding],
    ["folded", (folding) => folding.every(false)],
    ["unfolded", (folding) => folding.every(true)],
    ["in the middle", (folding) => folding.walkTo(Math.floor(sheet.ops.length / 2))],
  ];

  test.each(foldings)("%s: no two cards overlap", (_, fold) => {
    const { cards, headings, width, height } = laidOut(sheet, fold);
    const boxes = [...cards, ...headings].toSorted((a, b) => a.x - b.x);
    const outside = boxes.filter(
      (a) => a.x < 0 || a.y < 0 || a.x + a.width > width || a.y + a.height > height,
    );
    expect(outside).toEqual([]);
    const overlapping: [(typeof boxes)[0], (typeof boxes)[0]][] = [];
    for (const [k, a] of boxes.entries()) {
      for (let at = k + 1; at < boxes.length && boxes[at]!.x < a.x + a.width; at++) {
        const b = boxes[at]!;
        if (a.y < b.y + b.height && b.y < a.y + a.height) overlapping.push([a, b]);
      }
    }
    expect(overlapping).toEqual([]);
  });

  test.each(foldings)("%s: every arrow leads to the right", (_, fold) => {
    const { cards, links } = laidOut(sheet, fold);
    const wrong = links.filter(
      ({ from, to }) => cards[from]!.x + cards[from]!.width + SIZES.gap > cards[to]!.x,
    );
    expect(wrong).toEqual([]);
  });

  test.each(foldings)("%s: straight arrows meet no card", (_, fold) => {
    const { cards, links } = laidOut(sheet, fold);
    for (const { from, to, way } of links.filter(({ way }) => way === "straight")) {
      const [a, b] = [cards[from]!, cards[to]!];
      expect(a.y).toBe(b.y);
      const between = cards.filter(({ x, y }) => y === a.y && x > a.x && x < b.x);
      expect(between, way).toEqual([]);
    }
  });

  test.each(foldings)("%s: a heading is as wide as what it is over", (_, fold) => {
    const { cards, headings } = laidOut(sheet, fold);
    for (const { group, x, y, width } of headings) {
      const inside = cards.filter(({ node }) => groupsAround(node).includes(group));
      expect(Math.min(...inside.map((card) => card.x))).toBe(x);
      expect(Math.max(...inside.map((card) => card.x + card.width))).toBe(x + width);
      expect(Math.min(...inside.map((card) => card.y))).toBeGreaterThan(y);
    }
  });

  test("the same cards give the same picture", () => {
    const unfolded = foldings[2]![1];
    const plain = ({ cards, links, headings }: Layout): string =>
      JSON.stringify([
        cards.map(({ node, ...box }) => [node.id, box]),
        headings.map(({ group, ...box }) => [group.id, box]),
        links,
      ]);
    expect(plain(laidOut(sheet, unfolded))).toBe(plain(laidOut(graph(name), unfolded)));
  });

  test("every arrow between ops is there", () => {
    const reads = readsOf(sheet);
    const { links } = laidOut(sheet, foldings[2]![1]);
    const there = new Set(links.map(({ from, to }) => `${from} ${to}`));
    // The input is the first card, so op k is card k + 1.
    const wanted = reads.flatMap((from, op) => from.map((read) => `${read + 1} ${op + 1}`));
    expect(there).toEqual(new Set(wanted));
  });
});

describe("networks with branches and skips", () => {
  test("the four branches of an Inception block stand under each other", () => {
    const layout = laidOut(graph("googlenet"), (folding) =>
      folding.walkTo(
        folding.tree.groups().find(({ path }) => path === "inception3a.branch1")!.first,
      ),
    );
    const first = layout.cards.filter(({ node }) =>
      /^inception3a\.branch[234]$|^inception3a.branch1.conv$/.test(node.path),
    );
    expect(first).toHaveLength(4);
    expect(new Set(first.map(({ x }) => x)).size).toBe(1);
    expect(new Set(first.map(({ y }) => y)).size).toBe(4);
  });

  test("what opens stays in its lane", () => {
    const sheet = graph("googlenet");
    const folding = Folding.usual(new WalkTree(sheet)).walkTo(98);
    const lanes = (one: Folding): (string | undefined)[] => {
      const { cards } = layOut(one.cards(), readsOf(sheet), SIZES);
      const inside = cards.filter(({ node }) => node.path.startsWith("inception3a.branch"));
      const rows = [...new Set(inside.map(({ y }) => y))].sort((a, b) => a - b);
      return rows.map((y) => inside.find((card) => card.y === y)?.node.path.slice(0, 19));
    };
    const open = (one: Folding, path: string): Folding =>
      one.open(one.tree.groups().find((group) => group.path === path)!);
    const opened = open(folding, "inception3a");
    expect(lanes(opened)).toHaveLength(4);
    for (const k of [1, 2, 3, 4]) {
      expect(lanes(open(opened, `inception3a.branch${k}`))).toEqual(lanes(opened));
    }
  });

  test("the skips of a U-Net run over one another without crossing", () => {
    const { links, cards } = laidOut(graph("unet"), (folding) => folding);
    const arcs = links.filter(({ way }) => way === "arc");
    expect(arcs.map(({ to }) => cards[to]?.node.label)).toEqual(["cat", "cat:2", "cat:3"]);
    const tops = arcs.map(({ top }) => top);
    expect(tops).toEqual(tops.toSorted((a, b) => b - a));
    expect(arcs.every(({ crowded }) => !crowded)).toBe(true);
  });

  test("the many skips of a dense block share one track a card, and are faint", () => {
    const { links, cards } = laidOut(graph("densenet121"), (folding) => folding.every(true));
    expect(cards).toHaveLength(432);
    expect(links).toHaveLength(966);
    const arcs = links.filter(({ way }) => way === "arc");
    const tracks = new Map<number, Set<number>>();
    for (const { from, top } of arcs) {
      tracks.set(from, (tracks.get(from) ?? new Set()).add(top));
    }
    expect(Math.max(...[...tracks.values()].map(({ size }) => size))).toBe(1);
    expect(arcs.filter(({ crowded }) => crowded).length).toBeGreaterThan(400);
    const lowest = Math.min(...cards.map(({ y }) => y));
    expect(Math.min(...arcs.map(({ top }) => top))).toBeGreaterThan(lowest - SIZES.band - 2);
  });

  test("the shortcut of a residual block is an arc, and one with weights a branch", () => {
    const { links, cards } = laidOut(graph("resnet50"), (folding) => folding.every(true));
    const into = (name: string): string[] => {
      const to = cards.findIndex(({ node }) => node.path === name);
      return links.filter((link) => link.to === to).map(({ way }) => way);
    };
    expect(into("layer1.1.add").toSorted()).toEqual(["arc", "straight"]);
    expect(into("layer1.0.add").toSorted()).toEqual(["late", "straight"]);
  });
});

describe("links", () => {
  test("lead through folded groups", () => {
    const sheet = graph("unet");
    const folding = Folding.usual(new WalkTree(sheet));
    const cards = folding.cards();
    const links = linksBetween(cards, readsOf(sheet));
    const spelled = links.map(({ from, to }) => `${cards[from]?.label}>${cards[to]?.label}`);
    expect(spelled).toContain("down.0>cat:3");
    expect(spelled).toContain("input>down.0");
    expect(new Set(spelled).size).toBe(spelled.length);
  });

  test("weights are no ops", () => {
    const sheet = sheetOf("weighed", [{ name: "conv" }]);
    const weight = {
      id: 9,
      name: "w",
      role: "parameter" as const,
      shape: [3],
      dtype: "float32",
      op: null,
    };
    const op = { ...sheet.ops[0]!, inputs: [...sheet.ops[0]!.inputs, 9] };
    expect(readsOf({ ops: [op], values: [...sheet.values, weight] })).toEqual([[-1]]);
  });
});
