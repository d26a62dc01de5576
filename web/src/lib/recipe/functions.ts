/** What each function of the recipes means; Python has the same ones (docs/recipes.md). */

import { erf } from "./erf";
import { RecipeError } from "./errors";

/** A function of numbers; truth values are 1 and 0. */
export type NumberFunction = (...numbers: number[]) => number;

const truth = (value: boolean): number => (value ? 1 : 0);

/** 0 with the sign of another number. */
const zeroLike = (sign: number): number => (sign < 0 || Object.is(sign, -0) ? -0 : 0);

/** The rest of a division, with the divisor's sign, as NumPy and Python have it. */
function mod(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return zeroLike(b);
  return rest < 0 !== b < 0 ? rest + b : rest;
}

/** Division rounded down, without the slip of floor(a / b) where a / b rounds up. */
function floordiv(a: number, b: number): number {
  if (b === 0) return a / b;
  const rest = a % b;
  const turned = rest !== 0 && rest < 0 !== b < 0;
  const quotient = (a - rest) / b - (turned ? 1 : 0);
  if (quotient === 0) return zeroLike(a / b);
  const down = Math.floor(quotient);
  return quotient - down > 0.5 ? down + 1 : down;
}

/** To the nearest whole number, halves to the even one. */
function round(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  // Below one half, and whatever has no fraction: infinities and NaN too.
  if (!(rest >= 0.5)) return rest > 0 ? down : x;
  const up = rest > 0.5 || down % 2 !== 0;
  return up ? down + 1 || zeroLike(x) : down;
}

/** As C has it: 1 to any power is 1, and so is -1 to an infinite one. */
function pow(x: number, y: number): number {
  if (x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY)) return 1;
  return x ** y;
}

// By the sign, so that no exponential overflows.
function sigmoid(x: number): number {
  const small = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + small) : small / (1 + small);
}

/** Mirrored at the first and the last element, which are not repeated. */
function reflect(i: number, n: number): number {
  const period = 2 * (n - 1);
  const place = mod(i, Math.max(period, 1));
  return Math.min(place, period - place);
}

/** The first x whose end lies beyond i: `choose(i, end0, end1, ..., x0, x1, ...)`. */
function choose(i: number, ...rest: number[]): number {
  const half = rest.length / 2;
  for (let k = 0; k < half; k++) if (i < rest[k]!) return rest[half + k]!;
  return 0;
}

const bits = new DataView(new ArrayBuffer(8));

/** The power of two at or below |x|; -1 for 0. Numbers below 2^-1022 count as that. */
function exponent(x: number): number {
  if (x === 0) return -1;
  bits.setFloat64(0, x);
  return Math.max((bits.getUint16(0) >> 4) & 0x7ff, 1) - 1023;
}

/** The nearest float of so many binary digits whose exponents start at `least`. */
function rounded(x: number, digits: number, least: number): number {
  if (!Number.isFinite(x)) return x;
  const step = 2 ** (Math.max(exponent(x), least) - digits + 1);
  const found = round(x / step) * step;
  const most = (2 - 2 ** (1 - digits)) * 2 ** (1 - least);
  return Math.abs(found) > most ? Math.sign(x) * Number.POSITIVE_INFINITY : found;
}

/** Every function of the language but those of complex numbers, which no page has. */
export const FUNCTIONS: Readonly<Record<string, NumberFunction>> = {
  abs: (x) => Math.abs(x!),
  add: (first, ...rest) => rest.reduce((sum, x) => sum + x, first!),
  and: (a, b) => truth(a !== 0 && b !== 0),
  atan: (x) => Math.atan(x!),
  atan2: (y, x) => Math.atan2(y!, x!),
  ceil: (x) => Math.ceil(x!),
  choose: (i, ...rest) => choose(i!, ...rest),
  clamp: (x, low, high) => Math.min(Math.max(x!, low!), high!),
  cos: (x) => Math.cos(x!),
  div: (a, b) => a! / b!,
  eq: (a, b) => truth(a === b),
  erf: (x) => erf(x!),
  exp: (x) => Math.exp(x!),
  expm1: (x) => Math.expm1(x!),
  floor: (x) => Math.floor(x!),
  floordiv: (a, b) => floordiv(a!, b!),
  ge: (a, b) => truth(a! >= b!),
  gt: (a, b) => truth(a! > b!),
  isnan: (x) => truth(Number.isNaN(x)),
  le: (a, b) => truth(a! <= b!),
  log: (x) => Math.log(x!),
  log1p: (x) => Math.log1p(x!),
  lt: (a, b) => truth(a! < b!),
  max: (a, b) => Math.max(a!, b!),
  min: (a, b) => Math.min(a!, b!),
  mod: (a, b) => mod(a!, b!),
  mul: (first, ...rest) => rest.reduce((product, x) => product * x, first!),
  ne: (a, b) => truth(a !== b),
  neg: (x) => -x!,
  not: (x) => truth(x === 0),
  or: (a, b) => truth(a !== 0 || b !== 0),
  pow: (x, y) => pow(x!, y!),
  reflect: (i, n) => reflect(i!, n!),
  round: (x) => round(x!),
  rounded: (x, digits, least) => rounded(x!, digits!, least!),
  sigmoid: (x) => sigmoid(x!),
  sign: (x) => Math.sign(x!),
  sin: (x) => Math.sin(x!),
  softplus: (x) => Math.max(x!, 0) + Math.log1p(Math.exp(-Math.abs(x!))),
  sqrt: (x) => Math.sqrt(x!),
  sub: (a, b) => a! - b!,
  tan: (x) => Math.tan(x!),
  tanh: (x) => Math.tanh(x!),
  trunc: (x) => Math.trunc(x!),
  where: (condition, a, b) => (condition !== 0 ? a! : b!),
};

/**
 * The function of this name.
 *
 * @throws RecipeError where there is none.
 */
export function functionOf(name: string): NumberFunction {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found !== undefined) return found;
  const complex = ["real", "imag", "conj"].includes(name);
  throw new RecipeError(
    complex
      ? `"${name}" is a function of complex numbers, which this page cannot work out`
      : `"${name}" is no function that this page knows: open the trace with a newer Layerwalk`,
  );
}
