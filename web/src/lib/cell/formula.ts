/** The formula of one number: in words, in numbers, and step by step from the inside out. */

import { quoted } from "../names";
import { tellCount } from "../numerals";
import { type Call, type Expression, isCall, literal, readsIn, whole } from "../recipe/expression";
import { mainStep, type Step } from "../recipe/recipe";
import { spelled } from "../recipe/spelled";
import { type Explanation, isTruth, numberOf } from "./explanation";
import { leftOut, tellExactly, tellTruth } from "./told";

// Letters that no name has: names are put in when the signs are done.
const [OPEN, CLOSE] = ["\uE000", "\uE001"];

/** A formula as people print it: names of values for reads, `×` and a true minus. */
export function tellFormula(explanation: Explanation, part: Expression): string {
  const names = namesIn(explanation);
  const text = spelled(part, (k) => `${OPEN}${k}${CLOSE}`)
    .replaceAll("*", " × ")
    .replaceAll(/(?<=\S)\/(?=\S)/g, " / ")
    .replaceAll("-", "−");
  return text.replace(/\uE000(\d+)\uE001/g, (_, k) => names(Number(k)));
}

/** The same with every number put in, to six digits: `"max(−0.25, 0)"`. */
export function tellInNumbers(explanation: Explanation, part: Expression): string {
  return tellFormula(explanation, filled(explanation, part));
}

function filled(explanation: Explanation, part: Expression): Expression {
  if (isCall(part) && part[0] !== "read") {
    if (literal(part) !== undefined) return part;
    const [name, ...parts] = part;
    return [name, ...parts.map((each) => filled(explanation, each))];
  }
  const number = numberOf(explanation, part);
  return number === undefined ? part : asExpression(number);
}

function asExpression(number: number): Expression {
  if (Number.isNaN(number)) return ["number", "nan"];
  if (!Number.isFinite(number)) return ["number", number > 0 ? "inf" : "-inf"];
  return Number(number.toPrecision(6));
}

/** What a read is called: its value's name, in brackets where a step or an axis has the same, in quotes where it looks like a number. */
function namesIn({ recipe, inputs }: Explanation): (read: number) => string {
  const taken = new Set([...recipe.steps.map(({ name }) => name), ...recipe.axes.map(([n]) => n)]);
  return (read) => {
    const name = inputs[recipe.reads[read]?.operand ?? -1]?.name ?? `read ${read}`;
    return taken.has(name) ? `[${name}]` : quoted(name);
  };
}

/** A number on the way, or the one at its end, and how it is made. */
export interface SpokenStep {
  readonly name: string;
  readonly made: string;
  /** As it is told; undefined where there is one for every position of a loop. */
  readonly number: string | undefined;
}

/**
 * The numbers on the way, `"sum of input × conv1.weight over 27 positions"`, and how the value is
 * made of them: `"sum + conv1.bias = 0.25 + 0.5"`; that not where it is one of them.
 */
export function tellSteps(explanation: Explanation): SpokenStep[] {
  const { recipe, outcome, made } = explanation;
  const { steps, result } = recipe;
  const told = steps.map((step) => {
    const found = outcome.quantities.find(({ name }) => name === step.name)?.value;
    const number = found === undefined ? undefined : tellExactly(found, 7);
    return { name: step.name, made: tellStep(explanation, step), number };
  });
  if (!isCall(result) || literal(result) !== undefined) return told;
  const words = tellFormula(explanation, result);
  const numbers = tellInNumbers(explanation, result);
  // A choice reads one of its numbers only; the others are not there to be told.
  const filled = numbers === words || words.includes("choose(") ? "" : ` = ${numbers}`;
  const number = isTruth(made) ? tellTruth(outcome.total) : tellExactly(outcome.total, 7);
  return [...told, { name: "value", made: `${words}${filled}`, number }];
}

function tellStep(explanation: Explanation, step: Step): string {
  const term = tellFormula(explanation, step.term);
  const kept = step.each?.length ? ` for each ${step.each.map(([name]) => name).join(", ")}` : "";
  if (step.loops.length === 0) return `${term}${kept}`;
  const count = step.loops.reduce((product, [, length]) => product * length, 1);
  const positions = tellCount(count, "position");
  const main = step === mainStep(explanation.recipe) && leftOut(explanation) > 0;
  const over = main
    ? `${explanation.outcome.terms.count.toLocaleString("en-US")} of ${positions}`
    : positions;
  return `${step.combine} of ${term} over ${over}${kept}`;
}

/** One rung of a formula: what is done with the number so far, and what that gives. */
export interface Rung {
  /** In words, `·` standing for the number so far: `"− bn1.running_mean"`, `"exp(·)"`. */
  readonly words: string;
  /** The same in numbers, where it says more than the words. */
  readonly numbers: string;
  readonly gives: number;
}

/**
 * A formula from the inside out, along the number that the walk came by: the first rung is that
 * number. Of a choice, only what was chosen.
 */
export function rungsOf(explanation: Explanation, formula: Expression): readonly Rung[] {
  const rungs: Rung[] = [];
  let part: Expression | undefined = formula;
  while (part !== undefined) {
    const inner: Expression | undefined = isCall(part) ? within(explanation, part) : undefined;
    const gives = numberOf(explanation, part);
    if (gives !== undefined) rungs.push(rungOf(explanation, part, inner, gives));
    part = inner;
  }
  return rungs.reverse();
}

function rungOf(
  explanation: Explanation,
  part: Expression,
  inner: Expression | undefined,
  gives: number,
): Rung {
  if (!isCall(part) || inner === undefined) {
    return { words: tellFormula(explanation, part), numbers: "", gives };
  }
  const chosen = reason(explanation, part, inner);
  if (chosen !== undefined) return { words: chosen, numbers: "", gives };
  const [name, ...parts] = part;
  const marked: Call = [name, ...parts.map((each) => (each === inner ? "·" : each))];
  const shown = marked[1] === "·" && SIGNS.has(name) ? marked : undefined;
  const cut = (text: string): string => (shown ? text.replace(/^·\s*/, "") : text);
  const words = cut(tellFormula(explanation, marked));
  const numbers = cut(tellInNumbers(explanation, marked));
  return { words, numbers: numbers === words ? "" : numbers, gives };
}

const SIGNS: ReadonlySet<string> = new Set(["add", "sub", "mul", "div", "pow", "mod"]);

/** The part that a formula does something with: the chosen one, or the one the walk came by. */
function within(explanation: Explanation, call: Call): Expression | undefined {
  const [name, ...parts] = call;
  if (name === "read" || name === "table" || literal(call) !== undefined) return undefined;
  if (name === "where") return parts[numberOf(explanation, parts[0]!) === 0 ? 2 : 1];
  if (name === "choose") {
    const half = (parts.length - 1) / 2;
    const place = numberOf(explanation, parts[0]!) ?? 0;
    const ends = parts.slice(1, half + 1).map((end) => numberOf(explanation, end) ?? 0);
    return parts[half + 1 + ends.findIndex((end) => place < end)];
  }
  const ways = [
    (part: Expression) => readsIn(part).some((read) => isOpen(explanation, read)),
    (part: Expression) => holdsStep(explanation, part),
    (part: Expression) => isCall(part) && literal(part) === undefined,
  ];
  for (const way of ways) {
    const found = parts.find(way);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Why a choice came out as it did, where the part is one. */
function reason(explanation: Explanation, call: Call, inner: Expression): string | undefined {
  const [name, first] = call;
  if (name === "choose")
    return `taken, since ${tellInNumbers(explanation, first!)} is among its own`;
  if (name !== "where" || first === undefined) return undefined;
  const holds = numberOf(explanation, first) !== 0;
  const bare = isCall(first) && first[0] === "read";
  const asked = bare ? tellFormula(explanation, first) : tellInNumbers(explanation, first);
  const which = `${asked} is ${holds ? "true" : "false"}`;
  return `${tellFormula(explanation, inner)}, since ${which}`;
}

/** Whether a read is of a number that the network was given or worked out: no weight. */
function isOpen({ recipe, inputs }: Explanation, read: number): boolean {
  const role = inputs[recipe.reads[read]?.operand ?? -1]?.role;
  return role === "result" || role === "input";
}

function holdsStep(explanation: Explanation, part: Expression): boolean {
  if (typeof part === "string") {
    return explanation.recipe.steps.some(({ name }) => name === part);
  }
  return isCall(part) && part[0] !== "read" && part.slice(1).some((p) => holdsStep(explanation, p));
}

/** The signs between the operands of a formula that is one sum, difference, product or quotient. */
export function signsOf(formula: Expression): string | undefined {
  if (!isCall(formula)) return undefined;
  const sign = new Map([
    ["add", "+"],
    ["sub", "−"],
    ["mul", "×"],
    ["div", "/"],
  ]).get(formula[0]);
  const plain = formula.slice(1).every((part) => isCall(part) && part[0] === "read");
  return plain ? sign : undefined;
}

/** The reads of a formula that is one sum or product of them, in its order. */
export function readsOf(formula: Expression): number[] {
  return isCall(formula)
    ? formula.slice(1).flatMap((part) => (isCall(part) ? [whole(part, 0)] : []))
    : [];
}
