/** Expressions as people write them. */

import { argument, type Call, type Expression, isCall, literal, whole } from "./expression";

const SIGNS: ReadonlyMap<string, string> = new Map([
  ["add", " + "],
  ["sub", " - "],
  ["mul", "*"],
  ["div", "/"],
  ["floordiv", " // "],
  ["mod", " % "],
  ["gt", " > "],
  ["ge", " >= "],
  ["lt", " < "],
  ["le", " <= "],
  ["eq", " == "],
  ["ne", " != "],
  ["pow", "^"],
]);

const BINDS: ReadonlyMap<string, number> = new Map([
  ["pow", 4],
  ["mul", 3],
  ["div", 3],
  ["floordiv", 3],
  ["mod", 3],
  ["add", 2],
  ["sub", 2],
]);

// The right side of a - b and a / b binds tighter: a - (b - c).
const TIGHTER = new Set(["sub", "div", "floordiv", "mod", "pow"]);

/**
 * The expression as people write it; `read` says how a read is called.
 *
 * The text is Python's, but where JSON forgets what Python knows: there `2.0` and `2` are one
 * number, so `-2.0` gets no parentheses in a product, and a billion is spelled out.
 *
 * @example
 * spelled(["add", ["mul", 2, "y"], "u", -1]); // "2*y + u - 1"
 */
export function spelled(
  expression: Expression,
  read: (k: number) => string = (k) => `r${k}`,
): string {
  return within(expression, read, 0);
}

function within(expression: Expression, read: (k: number) => string, outer: number): string {
  if (typeof expression === "string") return expression;
  if (typeof expression === "boolean") return expression ? "True" : "False";
  const number = literal(expression);
  if (number !== undefined) return ofNumber(number, outer);
  return isCall(expression) ? ofCall(expression, read, outer) : "";
}

function ofNumber(number: number, outer: number): string {
  const text = digits(number);
  return number < 0 && outer > 2 && !Number.isInteger(number) ? `(${text})` : text;
}

function ofCall(call: Call, read: (k: number) => string, outer: number): string {
  const [name, ...parts] = call;
  if (name === "read") return read(whole(call, 0));
  if (name === "neg") return `-${within(argument(call, 0), read, 3)}`;
  const sign = SIGNS.get(name);
  if (sign === undefined) {
    return `${name}(${parts.map((part) => within(part, read, 0)).join(", ")})`;
  }
  const binds = BINDS.get(name) ?? 1;
  const right = binds + (TIGHTER.has(name) ? 1 : 0);
  const texts = parts.map((part, k) => within(part, read, k ? right : binds));
  const text = texts.join(sign).replaceAll("+ -", "- ");
  return binds < outer ? `(${text})` : text;
}

/** Nine digits, as `%.9g` writes them in C and in Python; whole numbers in full. */
function digits(number: number): string {
  if (Number.isNaN(number)) return "nan";
  if (!Number.isFinite(number)) return number > 0 ? "inf" : "-inf";
  if (Number.isSafeInteger(number)) return String(number);
  const [mantissa = "", power = "0"] = number.toExponential(8).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 9) return String(Number(number.toPrecision(9)));
  const size = String(Math.abs(exponent)).padStart(2, "0");
  return `${Number(mantissa)}e${exponent < 0 ? "-" : "+"}${size}`;
}
