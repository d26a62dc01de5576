import { describe, expect, it } from "vitest";
import { numberAt } from "../../../src/lib/channels/maps";
import { statisticsOf } from "../../../src/lib/channels/statistics";
import { chooseScale, colourise, tally } from "../../../src/lib/colour";
import { type Colouring, paneOf, scalesFor } from "../../../src/lib/raster/pane";
import { made } from "../channels/made";

// One channel with negative numbers, one without, and one of zeros.
const MAPS = made([1, 3, 1, 3], { numbers: Float32Array.of(-2, 0, 1, 0.5, 1, 3, 0, 0, 0) });
const CHANNELS = statisticsOf(MAPS);
const OTHER = statisticsOf(made([1, 3, 1, 1], { numbers: Float32Array.of(-9, 0, 1) }));

function scales(change: Partial<Colouring>, parts = [CHANNELS]): [number, number, string][] {
  const found = scalesFor(parts, { map: undefined, scope: "layer", limits: [-1, 1], ...change });
  return [0, 1, 2].map((channel) => {
    const { low, high, map } = found(channel);
    return [low, high, map];
  });
}

describe("scalesFor", () => {
  it("is one for the layer", () => {
    expect(scales({})).toEqual([
      [-3, 3, "bluered"],
      [-3, 3, "bluered"],
      [-3, 3, "bluered"],
    ]);
  });

  it("is each channel's own, with the layer's colours", () => {
    expect(scales({ scope: "channel" })).toEqual([
      [-2, 2, "bluered"],
      [-3, 3, "bluered"],
      [0, 0, "bluered"],
    ]);
  });

  it("is fixed", () => {
    expect(scales({ scope: "fixed", limits: [0, 6] })[1]).toEqual([0, 6, "viridis"]);
  });

  it("is for two values together, channel by channel too", () => {
    expect(scales({}, [CHANNELS, OTHER])[0]).toEqual([-9, 9, "bluered"]);
    expect(scales({ scope: "channel" }, [CHANNELS, OTHER])).toEqual([
      [-9, 9, "bluered"],
      [-3, 3, "bluered"],
      [-1, 1, "bluered"],
    ]);
  });

  it("knows truth values", () => {
    const [scale] = [
      scalesFor([CHANNELS], { map: undefined, scope: "layer", limits: [0, 1] }, true),
    ];
    expect(scale(0)).toMatchObject({ low: 0, high: 1, map: "grey" });
  });
});

describe("paneOf", () => {
  it.each([
    ["channels first", made([1, 3, 4, 5])],
    ["channels last", made([1, 4, 5, 3], { axis: -1 })],
  ])("gives every number its colour, %s", (_, maps) => {
    const scaleOf = scalesFor([statisticsOf(maps)], {
      map: undefined,
      scope: "channel",
      limits: [-1, 1],
    });
    const { entries, pixels, prepare } = paneOf(maps, statisticsOf(maps), scaleOf);
    for (const channel of [0, 1, 2]) {
      prepare(channel);
      for (const [y, x] of [
        [0, 0],
        [2, 1],
        [3, 4],
      ] as const) {
        const number = Float32Array.of(numberAt(maps, { channel, y, x }));
        const bytes = new Uint8Array(
          Uint32Array.of(pixels[entries[channel * 20 + y * 5 + x]!]!).buffer,
        );
        expect([...bytes]).toEqual([...colourise(number, scaleOf(channel))]);
      }
    }
  });

  it("works a channel out once, when it is asked for", () => {
    const maps = made([1, 3, 4, 5]);
    let asked = 0;
    const { entries, prepare } = paneOf(maps, statisticsOf(maps), () => {
      asked++;
      return chooseScale(tally(maps.numbers));
    });
    const before = asked;
    prepare(1);
    prepare(1);
    expect(asked - before).toBe(1);
    expect(entries.subarray(0, 20).every((entry) => entry === 0)).toBe(true);
    expect(entries.subarray(20, 40).some((entry) => entry > 0)).toBe(true);
  });

  it("has room for what is not a number only where there is such", () => {
    const flawed = made([1, 1, 1, 2], { numbers: Float32Array.of(Number.NaN, 1) });
    const paned = (maps: typeof flawed) =>
      paneOf(maps, statisticsOf(maps), () => chooseScale(tally(maps.numbers))).entries;
    expect(paned(flawed)).toBeInstanceOf(Uint16Array);
    expect(paned(made([1, 1, 1, 2]))).toBeInstanceOf(Uint8Array);
  });
});
