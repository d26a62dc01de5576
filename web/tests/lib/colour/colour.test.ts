import { describe, expect, it, test } from "vitest";
import {
  type Colour,
  chooseScale,
  colourise,
  colourOf,
  colourRamp,
  colourTable,
  dark,
  darkEntries,
  EXTRA,
  entriesFor,
  FLAWED,
  fixedScale,
  pixelTable,
  type Scale,
  scaleWords,
  tally,
  writeEntries,
} from "../../../src/lib/colour";
import { type Drawn, FIXTURES, type Fixture, MAPS, numbersIn, unpacked } from "./fixtures";

function scaleOf(fixture: Fixture, { limits, ...choice }: Drawn["choice"]): Scale {
  if (limits) return fixedScale(limits, choice.map);
  return chooseScale(tally(numbersIn(fixture)), { ...choice, truth: fixture.dtype === "bool" });
}

function opaque(colours: Uint8Array): number[] {
  return [...colours].flatMap((byte, k) => (k % 3 === 2 ? [byte, 255] : [byte]));
}

const CASES = FIXTURES.flatMap((fixture) =>
  fixture.drawn.map((drawn) => ({
    name: `${fixture.name} ${JSON.stringify(drawn.choice)}`,
    fixture,
    drawn,
  })),
);

describe("as in the figures", () => {
  test.each(CASES)("$name", ({ fixture, drawn }) => {
    const scale = scaleOf(fixture, drawn.choice);
    expect(scale).toEqual(drawn.scale);
    expect(scaleWords(scale)).toBe(drawn.words);
    const pixels = colourise(numbersIn(fixture), scale);
    expect([...pixels]).toEqual(opaque(unpacked(drawn.colours)));
  });

  test.each(MAPS)("the map $map", ({ map, ramp, dark: darks, extra }) => {
    const scale: Scale = { low: -1, high: 1, map, scope: "layer" };
    expect(colourRamp(scale, unpacked(ramp).length / 3).flat()).toEqual([...unpacked(ramp)]);
    expect(EXTRA[map]).toEqual(extra);
    expect([...darkEntries(scale)].slice(0, FLAWED).join("")).toBe(darks);
    const table = colourTable(map);
    const colours = Array.from({ length: 256 }, (_, k) => [...table.slice(3 * k, 3 * k + 3)]);
    expect(colours.map((colour) => Number(dark(colour as unknown as Colour))).join("")).toBe(darks);
  });
});

it("gives truth values a place on a diverging map too", () => {
  const scale = chooseScale(tally(Uint8Array.of(0, 1)), { map: "bluered", truth: true });
  expect(scale).toMatchObject({ low: -1, high: 1 });
});

describe("a fixed scale", () => {
  it("keeps zero in the middle of a diverging map", () => {
    expect(fixedScale([-1, 3], "bluered")).toMatchObject({ low: -3, high: 3 });
  });

  it("diverges by itself only where its ends are even", () => {
    expect(fixedScale([-2, 2]).map).toBe("bluered");
    expect(fixedScale([-1, 3])).toEqual({ low: -1, high: 3, map: "viridis", scope: "fixed" });
  });

  it.each([
    [1, 0],
    [0, Number.POSITIVE_INFINITY],
    [Number.NaN, 1],
  ])("from %d to %d is refused", (low, high) => {
    expect(() => fixedScale([low, high])).toThrow("finite and in order");
  });
});

it("gives a run of numbers the colours that they have by themselves", () => {
  const numbers = Float32Array.from({ length: 60 }, (_, k) => Math.sin(k));
  const scale = chooseScale(tally(numbers));
  const picked = Float32Array.from({ length: 10 }, (_, k) => numbers[5 + 4 * k]!);
  expect(colourise(numbers, scale, { start: 5, count: 10, step: 4 })).toEqual(
    colourise(picked, scale),
  );
  expect([...colourise(picked.slice(3, 4), scale)].slice(0, 3)).toEqual(
    colourOf(picked[3]!, scale),
  );
});

describe("numbers that are known to be within the scale", () => {
  it.each(CASES.filter(({ drawn }) => drawn.choice.limits === undefined))(
    "$name get the same entries",
    ({ fixture, drawn: { scale } }) => {
      const numbers = numbersIn(fixture).filter(Number.isFinite) as Float32Array;
      const run = { start: 0, count: numbers.length, step: 1 };
      const [one, other] = [entriesFor(run.count, false), entriesFor(run.count, false)];
      writeEntries(numbers, run, scale, one, 0);
      writeEntries(numbers, run, scale, other, 0, true);
      expect(other).toEqual(one);
    },
  );
});

it("packs a pixel as red, green, blue and opaque", () => {
  const bytes = new Uint8Array(pixelTable("viridis").buffer);
  expect([...bytes.slice(0, 4)]).toEqual([...colourTable("viridis").slice(0, 3), 255]);
  expect([...bytes.slice(-4)]).toEqual([...EXTRA.viridis, 255]);
});
