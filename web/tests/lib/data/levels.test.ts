import { expect, test } from "vitest";
import { numberAt } from "../../../src/lib/channels/maps";
import { brightened, levelMaps, levelWords, pictures } from "../../../src/lib/data/levels";

const colour = {
  data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  shape: [2, 2, 3],
  exact: true,
};
const grey = { data: Uint8Array.of(0, 16, 8, 4), shape: [2, 2, 1], exact: true };

test("white is 255 on the screen", () => {
  expect([...brightened(grey, 16).data]).toEqual([0, 255, 127.5, 63.75]);
  expect(brightened(grey, 255)).toBe(grey);
});

test("a tensor of pictures is taken apart", () => {
  const both = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 1, 2, 1], exact: false };
  expect(pictures(both).map(({ data, shape }) => [[...data], shape])).toEqual([
    [
      [1, 2],
      [1, 2, 1],
    ],
    [
      [3, 4],
      [1, 2, 1],
    ],
  ]);
});

test("each channel is a map of its levels, all on one scale of grey", () => {
  const { panes, order, names } = levelMaps(colour, 255);
  expect([...order]).toEqual([0, 1, 2]);
  expect(names).toEqual(["red", "green", "blue"]);
  const [pane] = panes;
  expect([pane?.height, pane?.width]).toEqual([2, 2]);
  expect(numberAt(pane!.maps, { channel: 2, y: 1, x: 0 })).toBe(9);
  expect(pane?.scaleOf(1)).toMatchObject({ low: 0, high: 255, map: "grey", scope: "fixed" });
  expect(levelMaps(grey, 16).names).toBeUndefined();
});

test("a level in words", () => {
  expect(levelWords(colour, { channel: 1, y: 0, x: 1 })).toBe("green, row 0, column 1: 5");
  expect(levelWords(grey, { channel: 0, y: 1, x: 0 })).toBe("row 1, column 0: 8");
});
