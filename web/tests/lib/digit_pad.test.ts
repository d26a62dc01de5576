import { describe, expect, test } from "vitest";
import { blankPad, centred, SIDE, stroke } from "../../src/lib/digit_pad";

describe("a drawn digit", () => {
  test("a stroke is full in its middle, soft at its edge, and nowhere else", () => {
    const pad = stroke(blankPad(), [5, 10.5], [20, 10.5]);
    expect(pad[10 * SIDE + 12]).toBe(255);
    const edge = pad[12 * SIDE + 12]!;
    expect(edge).toBeGreaterThan(0);
    expect(edge).toBeLessThan(255);
    expect(pad[16 * SIDE + 12]).toBe(0);
  });

  test("strokes do not take ink away", () => {
    const one = stroke(blankPad(), [5, 5], [5, 20]);
    const both = stroke(one, [20, 5], [20, 20]);
    expect(one.every((level, k) => both[k]! >= level)).toBe(true);
  });

  test("it is moved so that its centre of mass is in the middle", () => {
    const pad = centred(stroke(blankPad(), [4.5, 4.5], [4.5, 4.5]));
    let [mass, sum] = [0, 0];
    pad.forEach((level, k) => {
      mass += level;
      sum += level * (k % SIDE);
    });
    expect(Math.abs(sum / mass - (SIDE - 1) / 2)).toBeLessThanOrEqual(0.5);
    expect(centred(blankPad())).toEqual(blankPad());
  });
});
