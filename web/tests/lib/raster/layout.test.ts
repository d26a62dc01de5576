import { describe, expect, it } from "vitest";
import {
  type Box,
  carried,
  cellBox,
  type Layout,
  layTiles,
  type Plan,
  paneBox,
  placeNear,
  placesIn,
  pointAt,
  tileBox,
} from "../../../src/lib/raster/layout";

const PLAN: Plan = {
  count: 23,
  panes: [{ height: 5, width: 7 }],
  fit: { zoom: 4, step: 1 },
  room: 200,
  gap: 6,
  caption: 14,
};

const LAYOUTS: [string, Layout][] = [
  ["one picture a tile", layTiles(PLAN)],
  ["numbers left out", layTiles({ ...PLAN, fit: { zoom: 1, step: 2 }, room: 60 })],
  [
    "two pictures a tile",
    layTiles({ ...PLAN, panes: [...PLAN.panes, { height: 3, width: 4 }], room: 300 }),
  ],
  ["given columns", layTiles({ ...PLAN, columns: 9 })],
  ["a room too narrow", layTiles({ ...PLAN, room: 10 })],
];

function overlap(one: Box, other: Box): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  );
}

describe.each(LAYOUTS)("%s", (_, layout) => {
  const places = Array.from({ length: layout.count }, (_, place) => place);

  it("has no tile on another, nor on a caption, and none outside", () => {
    const boxes = places.map((place) => tileBox(layout, place));
    boxes.forEach((box, k) => {
      const captioned = { ...box, height: box.height + layout.caption };
      for (const other of boxes.slice(k + 1)) expect(overlap(captioned, other)).toBe(false);
      expect(box.left + box.width).toBeLessThanOrEqual(layout.width);
      expect(box.top + box.height + layout.caption).toBeLessThanOrEqual(layout.height);
    });
  });

  it("finds every drawn number at every pixel of its cell", () => {
    const { step } = layout.fit;
    layout.panes.forEach(({ rows, columns }, pane) => {
      for (const place of [0, layout.count - 1]) {
        for (let y = 0; y < rows; y += step) {
          for (let x = 0; x < columns; x += step) {
            const point = { place, pane, y, x };
            const { left, top, width, height } = cellBox(layout, point);
            expect(pointAt(layout, left, top)).toEqual(point);
            expect(pointAt(layout, left + width - 1, top + height - 1)).toEqual(point);
          }
        }
      }
    });
  });

  it("finds nothing between the tiles", () => {
    const { left, top, width, height } = tileBox(layout, 0);
    expect(pointAt(layout, left + width, top)).toBeUndefined();
    expect(pointAt(layout, left, top + height)).toBeUndefined();
    expect(pointAt(layout, -1, top)).toBeUndefined();
  });

  it("knows which tiles are in view as one that looks at each", () => {
    const view = { left: 30, top: 20, width: 70, height: 55 };
    const seen = places.filter((place) => {
      const box = tileBox(layout, place);
      return overlap({ ...box, height: box.height + layout.caption }, view);
    });
    expect([...placesIn(layout, view)]).toEqual(seen);
    const all = { left: 0, top: 0, width: layout.width, height: layout.height };
    expect([...placesIn(layout, all)]).toEqual(places);
  });
});

describe("carried", () => {
  const [small, large] = [layTiles(PLAN), layTiles({ ...PLAN, fit: { zoom: 9, step: 1 } })];
  const reflowed = layTiles({ ...PLAN, fit: { zoom: 9, step: 1 }, columns: 3 });

  it.each([
    ["", large],
    [" in other columns", reflowed],
  ])("keeps the number under the pointer%s", (_, to) => {
    const point = { place: 8, pane: 0, y: 2, x: 3 };
    const box = cellBox(small, point);
    const [left, top] = carried(small, to, box.left + 1, box.top + 1);
    expect(pointAt(to, left, top)).toEqual(point);
  });

  it("comes back", () => {
    const [left, top] = carried(small, large, 40, 90);
    expect(carried(large, small, left, top)).toEqual([40, 90]);
  });
});

it("spreads what is left over between the tiles", () => {
  const layout = layTiles(PLAN);
  expect(layout.columns).toBe(6);
  expect(layout.width).toBeGreaterThan(190);
  expect(layout.width).toBeLessThanOrEqual(200);
});

it("sets a second picture beside the first", () => {
  const layout = layTiles({ ...PLAN, panes: [...PLAN.panes, { height: 3, width: 4 }] });
  expect(paneBox(layout, 0, 0)).toEqual({ left: 0, top: 0, width: 28, height: 20 });
  expect(paneBox(layout, 0, 1)).toEqual({ left: 31, top: 0, width: 16, height: 12 });
});

it("knows the nearest tile, also from outside", () => {
  const layout = layTiles(PLAN);
  expect(placeNear(layout, -50, -50)).toBe(0);
  expect(placeNear(layout, 1e6, 1e6)).toBe(22);
});

it("lays nothing where there is nothing", () => {
  expect(layTiles({ ...PLAN, count: 0 })).toMatchObject({ count: 0, rows: 0, height: 0 });
});
