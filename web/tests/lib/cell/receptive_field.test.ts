import { describe, expect, test } from "vitest";
import { boxAbout, photoField } from "../../../src/lib/cell/receptive_field";
import type { FieldSheet, FieldSpan } from "../../../src/wire";

function span(name: string, length: number, ends: number[], free = ends): FieldSpan {
  const [first = 0, stop = 0] = ends;
  const [free_first = 0, free_stop = 0] = free;
  return { name, length, first, stop, free_first, free_stop, stride: 1 };
}

function field(down: FieldSpan, across: FieldSpan): FieldSheet {
  return { spans: [span("n", 1, [0, 1]), span("c", 3, [0, 3]), down, across] };
}

const PHOTO = { height: 8, width: 10 };

describe("on the photo", () => {
  test("all of it inside", () => {
    const found = photoField(field(span("y", 8, [1, 4]), span("x", 10, [2, 7])), PHOTO);
    expect(found).toEqual({ box: { y: 1, x: 2, height: 3, width: 5 }, words: "3×5 px" });
  });

  test("a part of it beyond the edge", () => {
    const found = photoField(field(span("y", 8, [0, 2], [-1, 2]), span("x", 10, [2, 7])), PHOTO);
    expect(found?.box).toEqual({ y: 0, x: 2, height: 2, width: 5 });
    expect(found?.words).toBe("3×5 px, 5 of them beyond the edge");
  });

  test("nothing but padding, or nothing at all", () => {
    const edge = photoField(field(span("y", 8, [0, 0], [-2, -1]), span("x", 10, [0, 1])), PHOTO);
    expect(edge).toEqual({ box: undefined, words: "1×1 px, 1 of them beyond the edge" });
    const none = photoField(field(span("y", 8, [0, 0]), span("x", 10, [0, 0])), PHOTO);
    expect(none).toEqual({ box: undefined, words: "no pixel of the photo" });
  });

  test("an input that is not the photo's size has no box on it", () => {
    expect(photoField(field(span("y", 9, [1, 4]), span("x", 10, [2, 7])), PHOTO)).toBeUndefined();
    expect(photoField({ spans: [span("n", 1, [0, 1])] }, PHOTO)).toBeUndefined();
  });
});

test("the box about places stays on the map", () => {
  const places = [
    [0, 3, -1, 2],
    [0, 3, 1, 4],
  ];
  expect(boxAbout(places, [5, 5])).toEqual({ y: 0, x: 2, height: 2, width: 3 });
  expect(boxAbout([[7, 7]], [5, 5])).toBeUndefined();
  expect(boxAbout([], [5, 5])).toBeUndefined();
});
