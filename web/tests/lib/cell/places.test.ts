import { expect, test } from "vitest";
import { placeOf } from "../../../src/lib/cell/explanation";
import { inputPlace, mapsOf, ownPlace } from "../../../src/lib/cell/places";
import { planeOf } from "../../../src/lib/cell/window";
import { operand, Part } from "../../../src/lib/recipe/operand";
import { explain, explainWindow } from "./walks";

test("the window on the map of its channel, as far as it lies on it", async () => {
  const { explanation, window } = await explainWindow("conv2d", [0, 1, 0, 3]);
  const place = inputPlace(explanation, window, planeOf(explanation, window, 2));
  expect(place).toMatchObject({
    channel: 2,
    box: { y: 0, x: 2, height: 2, width: 3 },
    words: "channel 2",
  });
});

test("without a window, the largest term", async () => {
  const explanation = await explain("bicubic");
  const place = inputPlace(explanation, undefined, undefined);
  expect(place?.box).toMatchObject({ height: 1, width: 1 });
  expect(place?.words).toMatch(/^channel \d, the largest term$/);
  // Of a minimum, what was picked.
  const least = await explain("amin");
  const picked = inputPlace(least, undefined, undefined);
  expect(picked?.words).toBe("the smallest term");
  const { results, factors } = least.outcome.terms;
  const at = placeOf(factors[0]!, results.indexOf(Math.min(...results)));
  expect([picked?.box.y, picked?.box.x]).toEqual(at.slice(-2));
  const moved = inputPlace(await explain("flip", [0, 1, 2, 3]), undefined, undefined);
  expect(moved?.words).toBe("channel 1");
});

test("what has no maps has no place", async () => {
  const explanation = await explain("linear");
  expect(inputPlace(explanation, undefined, undefined)).toBeUndefined();
  expect(mapsOf(explanation.network, explanation.made, explanation.at)).toBeUndefined();
  const { network, made, at } = explanation;
  expect(ownPlace(network, made, operand(new Float32Array(12), [3, 4]), at)).toBeUndefined();
});

test("the number itself, where all of its map is here", async () => {
  const { network, made } = await explain("conv2d");
  const held = operand(new Float32Array(45), made.shape);
  expect(ownPlace(network, made, held, [0, 2, 1, 4])).toMatchObject({
    channel: 2,
    box: { y: 1, x: 4, height: 1, width: 1 },
    words: "channel 2",
  });
  const part = new Part(made.shape, Float32Array.of(1), 3);
  expect(ownPlace(network, made, part, [0, 2, 1, 4])).toBeUndefined();
});
