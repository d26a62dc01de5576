import { expect, test } from "vitest";
import { erf } from "../../../src/lib/recipe/erf";

// Python's math.erf.
const TOLD: readonly (readonly [x: number, value: number])[] = [
  [1e-300, 1.1283791670955126e-300],
  [1e-10, 1.1283791670955126e-10],
  [0.03, 0.03384122234173543],
  [0.0625, 0.07043197772238707],
  [0.0626, 0.07054437502289038],
  [0.1, 0.1124629160182849],
  [0.3, 0.3286267594591274],
  [0.84375, 0.7672256612323416],
  [0.9, 0.7969082124228322],
  [1.1, 0.8802050695740817],
  [1.25, 0.9229001282564582],
  [1.7, 0.9837904585907745],
  [2.2, 0.9981371537020182],
  [2.857, 0.9999466417399131],
  [3.3, 0.9999969422902035],
  [4.4, 0.999999999510829],
  [5.5, 0.9999999999999927],
  [5.9, 0.9999999999999999],
  [5.9999, 1.0],
  [6.5, 1.0],
];

test.each(TOLD)("erf(%d)", (x, value) => {
  expect(Math.abs(erf(x) - value)).toBeLessThanOrEqual(4.4e-16 * value);
  expect(erf(-x)).toBe(-erf(x));
});

test("the ends", () => {
  expect(erf(0)).toBe(0);
  expect(erf(-0)).toBe(-0);
  expect(erf(Number.POSITIVE_INFINITY)).toBe(1);
  expect(erf(Number.NEGATIVE_INFINITY)).toBe(-1);
  expect(erf(Number.NaN)).toBeNaN();
});

test("it never falls, nor jumps between the centres of its series", () => {
  for (let k = 0; k < 6 * 1024; k++) {
    const rise = erf((k + 1) / 1024) - erf(k / 1024);
    expect(rise).toBeGreaterThanOrEqual(-2.3e-16);
    expect(rise).toBeLessThan(1.2 / 1024);
  }
});
