import { describe, expect, it } from "vitest";
import { layTiles, type Point } from "../../../src/lib/raster/layout";
import { moved } from "../../../src/lib/raster/moves";

// Seven tiles, three in a row, a picture of 4 by 5 beside one of 2 by 3.
const PLAN = {
  count: 7,
  panes: [
    { height: 4, width: 5 },
    { height: 2, width: 3 },
  ],
  fit: { zoom: 4, step: 1 },
  room: 120,
  gap: 4,
  caption: 10,
};
const LAYOUT = layTiles({ ...PLAN, columns: 3 });
const HERE: Point = { place: 1, pane: 0, y: 3, x: 4 };

function go(from: Point, ...keys: string[]): number[] {
  const end = keys.reduce((point, text) => {
    const far = text.startsWith("^");
    return moved(LAYOUT, point, { key: far ? text.slice(1) : text, far }) ?? point;
  }, from);
  return [end.place, end.pane, end.y, end.x];
}

describe("arrows", () => {
  it.each([
    ["from number to number", ["ArrowLeft", "ArrowUp"], [1, 0, 2, 3]],
    ["on into the other picture, in its last row", ["ArrowRight"], [1, 1, 1, 0]],
    ["on into the next tile", ["ArrowRight", ...Array(3).fill("ArrowRight")], [2, 0, 1, 0]],
    ["down into the tile below", ["ArrowDown"], [4, 0, 0, 4]],
    ["and back", ["ArrowDown", "ArrowUp"], [1, 0, 3, 4]],
  ])("lead %s", (_, keys, wanted) => {
    expect(go(HERE, ...keys)).toEqual(wanted);
  });

  it("stop at the ends of the sheet", () => {
    const first: Point = { place: 0, pane: 0, y: 0, x: 0 };
    expect(go(first, "ArrowLeft", "ArrowUp")).toEqual([0, 0, 0, 0]);
    const last: Point = { place: 6, pane: 1, y: 1, x: 2 };
    expect(go(last, "ArrowRight", "ArrowDown")).toEqual([6, 1, 1, 2]);
    // At the right end of a row too: the next row is another way.
    expect(go({ ...last, place: 2 }, "ArrowRight")).toEqual([2, 1, 1, 2]);
  });

  it("lead from tile to tile with a second key", () => {
    expect(go(HERE, "^ArrowRight", "^ArrowDown", "^ArrowLeft")).toEqual([4, 0, 3, 4]);
    expect(go(HERE, "^ArrowUp")).toEqual([1, 0, 3, 4]);
  });

  it("go from drawn number to drawn number", () => {
    const layout = layTiles({ ...PLAN, fit: { zoom: 1, step: 2 } });
    const from: Point = { place: 0, pane: 0, y: 0, x: 0 };
    expect(moved(layout, from, { key: "ArrowRight", far: false })).toEqual({ ...from, x: 2 });
    expect(moved(layout, from, { key: "End", far: false })).toEqual({ ...from, x: 4 });
  });
});

describe("the other keys", () => {
  it.each([
    ["Home", [1, 0, 3, 0]],
    ["End", [1, 0, 3, 4]],
    ["^Home", [0, 0, 0, 0]],
    ["^End", [6, 0, 3, 4]],
    ["PageDown", [4, 0, 3, 4]],
    ["PageUp", [1, 0, 3, 4]],
  ])("%s", (key, wanted) => {
    expect(go(HERE, key)).toEqual(wanted);
  });

  it("are not for others", () => {
    expect(moved(LAYOUT, HERE, { key: "a", far: false })).toBeUndefined();
  });
});
