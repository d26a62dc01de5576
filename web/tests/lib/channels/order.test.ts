import { describe, expect, it } from "vitest";
import { orderOf, placesIn } from "../../../src/lib/channels/order";
import { statisticsOf } from "../../../src/lib/channels/statistics";
import { digestOf } from "../../../src/lib/digest";
import { madeUp } from "../../../src/sources/made_up_network";
import { made, noise } from "./made";

// Four channels: weak, far from zero but even, strong both ways, nothing.
const NUMBERS = Float32Array.of(0.1, -0.1, 5, 5, 4, -4, 0, 0);
const MAPS = made([1, 4, 1, 2], { numbers: NUMBERS });

describe("orderOf", () => {
  const channels = statisticsOf(MAPS);

  it.each([
    ["index", [0, 1, 2, 3]],
    ["strength", [1, 2, 0, 3]],
    ["variance", [2, 0, 1, 3]],
  ] as const)("by %s", (ordering, wanted) => {
    expect([...orderOf(MAPS, channels, ordering)]).toEqual(wanted);
  });

  it("finds the channels strongest that a digest finds", () => {
    const [op] = madeUp().sheet.ops;
    const numbers = noise(8 * 6 * 6, 3);
    const maps = made([1, 8, 6, 6], { numbers });
    const order = orderOf(maps, statisticsOf(maps), "strength");
    const tensor = { data: numbers, shape: [1, 8, 6, 6], exact: true };
    expect([...order.slice(0, 3)]).toEqual(digestOf(op!, tensor).strongest);
  });
});

it("turns an order round", () => {
  expect([...placesIn(Uint32Array.of(2, 0, 1))]).toEqual([1, 2, 0]);
});

describe("by what contributed to the score", () => {
  const channels = statisticsOf(MAPS);

  it("for or against, the most first", () => {
    expect([...orderOf(MAPS, channels, "attribution", [0.5, -2, null, 0.5])]).toEqual([1, 0, 3, 2]);
  });

  it("by number as long as nothing is known", () => {
    expect([...orderOf(MAPS, channels, "attribution")]).toEqual([0, 1, 2, 3]);
    expect([...orderOf(MAPS, channels, "attribution", [])]).toEqual([0, 1, 2, 3]);
  });
});
