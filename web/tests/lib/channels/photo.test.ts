import { describe, expect, test } from "vitest";
import { asValue, coloursOf, PHOTO, photoBeside } from "../../../src/lib/channels/photo";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";

const made = madeUp();
const network = new Network(made.sheet);

describe("the photo's pixels", () => {
  test("stand beside the input that was made of them", () => {
    const found = photoBeside(network, network.inputs[0]!);
    expect(found).toMatchObject({ same: false, value: { id: PHOTO, shape: [1, 3, 32, 32] } });
  });

  test("stand beside nothing else", () => {
    expect(photoBeside(network, network.value(0)!)).toBeUndefined();
    const photo = { ...made.sheet.photo!, width: 31 };
    const other = new Network({ ...made.sheet, photo });
    expect(photoBeside(other, other.inputs[0]!)).toBeUndefined();
  });

  test("give their colours' names to the input, and to nothing else", () => {
    expect(coloursOf(network, network.inputs[0]!)).toEqual(["red", "green", "blue"]);
    expect(coloursOf(network, network.value(0)!)).toBeUndefined();
    const grey = new Network({ ...made.sheet, photo: { ...made.sheet.photo!, channels: 1 } });
    expect(coloursOf(grey, grey.inputs[0]!)).toBeUndefined();
    const plain = new Network({ ...made.sheet, photo: null });
    expect(coloursOf(plain, plain.inputs[0]!)).toBeUndefined();
  });

  test("stand channel by channel", () => {
    const value = asValue(made.photo);
    expect(value.shape).toEqual([1, 3, 32, 32]);
    for (const [c, y, x] of [
      [0, 0, 0],
      [2, 31, 5],
      [1, 7, 30],
    ] as const) {
      expect(value.data[(c * 32 + y) * 32 + x]).toBe(made.photo.data[(y * 32 + x) * 3 + c]);
    }
  });
});
