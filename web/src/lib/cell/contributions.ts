/** What channels and terms add to a number, the largest first, the rest as one. */

import type { ValueSheet } from "../../wire";
import { quoted, shortName } from "../names";
import { tellChance, tellCount } from "../numerals";
import { isCall } from "../recipe/expression";
import { mainStep } from "../recipe/recipe";
import type { Cell } from "../selection";
import { lessBefore } from "./changes";
import { type Explanation, inputOf, isPlainResult, placeOf } from "./explanation";
import { largest, ranked } from "./ranking";
import { tellExactly, tellPlace } from "./told";
import { cellOf } from "./walk";
import { channelName, type Window, weightsOf } from "./window";

/** One line of a list. */
export interface Contribution {
  readonly name: string;
  /** The same, where nothing around it says of what: for a screen reader. */
  readonly full: string;
  /** How it was made, in numbers: `"1.2 × −0.5"`. */
  readonly detail: string;
  readonly number: number;
  /** Where a click on it leads. */
  readonly to: Cell | undefined;
}

/** A list whose lines are made when they are shown. */
export interface Contributions {
  readonly title: string;
  readonly count: number;
  /** The places of the largest few. */
  readonly first: readonly number[];
  /** What those that are not shown come to, where they are added up. */
  readonly rest: number | undefined;
  /** What a line is one of: `"channel"`. */
  readonly noun: string;
  /** All places, the largest first. */
  all(): Uint32Array;
  line(place: number): Contribution;
}

/** How a list is to be made. */
export interface Listing {
  /** How many lines stand in it at first. */
  readonly shown: number;
  /** The numbers without the edits: the list is of what they changed. */
  readonly before?: Float64Array | undefined;
  /** A list whose order it keeps, while somebody works in it. */
  readonly standing?: Pick<Contributions, "first" | "all"> | undefined;
  /** Whether the factors are not told: they stand in fields. */
  readonly fields?: boolean;
}

interface Parts extends Pick<Contributions, "title" | "noun" | "line"> {
  readonly numbers: Float64Array;
  /** By what they are ordered. */
  readonly keys: Float64Array;
  readonly adds: boolean;
}

function listed(parts: Parts, { shown, before, standing, fields }: Listing): Contributions {
  const { noun, adds } = parts;
  const numbers = before ? lessBefore(parts.numbers, before) : parts.numbers;
  const keys = before ? numbers.map((number) => Math.abs(number)) : parts.keys;
  const first = standing?.first ?? largest(keys, shown);
  return {
    title: before ? `${parts.title}: after less before` : parts.title,
    count: numbers.length,
    first,
    rest: adds ? without(numbers, first) : undefined,
    noun,
    all: standing?.all ?? (() => ranked(keys)),
    line: (k) => {
      const line = parts.line(k);
      const change = before && `${tellExactly(before[k]!, 4)} → ${tellExactly(line.number, 4)}`;
      return { ...line, number: numbers[k]!, detail: change ?? (fields ? "" : line.detail) };
    },
  };
}

/** What each channel of a window adds; of a maximum, the largest of each. */
export function channelList(
  explanation: Explanation,
  window: Window,
  listing: Listing,
): Contributions {
  const { combine } = explanation.outcome;
  const picks = combine === "max" || combine === "min";
  const most = combine === "max" ? "largest" : "smallest";
  return listed(
    {
      title: picks ? `the ${most} of each channel` : "what each channel adds",
      noun: "channel",
      numbers: window.parts,
      keys: weightsOf(explanation, window),
      adds: !picks,
      line: (k) => {
        const name = `channel ${channelName(window.channels[k]!)}`;
        return { name, full: name, detail: "", number: window.parts[k]!, to: undefined };
      },
    },
    listing,
  );
}

/** The terms, each with the numbers that it was made of. */
export function termList(explanation: Explanation, listing: Listing): Contributions {
  const { combine, terms } = explanation.outcome;
  const main = mainStep(explanation.recipe)?.name;
  const of = isPlainResult(explanation.recipe) || main === undefined ? "" : ` of ${main}`;
  const [factor] = terms.factors.length > 0 ? [followedIn(explanation, 0)] : [];
  const from = factor === undefined ? "" : ` from ${shortName(factor.value.name)}`;
  const order = `, the ${combine === "min" ? "smallest" : "largest"} first`;
  return listed(
    {
      title: `terms${of}${from}${listing.before ? "" : order}`,
      noun: "term",
      numbers: terms.results,
      keys: keysOf(explanation),
      adds: combine === "sum" || combine === "mean",
      line: (k) => termLine(explanation, k),
    },
    listing,
  );
}

/** By what terms are ordered: those that were picked first, or the largest by size. */
export function keysOf({ outcome }: Explanation): Float64Array {
  const { results } = outcome.terms;
  if (outcome.combine === "max") return results;
  return results.map((term) => (outcome.combine === "min" ? -term : Math.abs(term)));
}

/** The number of a term that the walk goes on to, or else the first that was read. */
function followedIn(
  explanation: Explanation,
  k: number,
): { readonly value: ValueSheet; readonly at: readonly number[]; readonly to: Cell | undefined } {
  const found = explanation.outcome.terms.factors.map((factor) => {
    const value = inputOf(explanation, factor);
    const at = placeOf(factor, k);
    const to = factor.padding[k] ? undefined : cellOf(explanation.network, value, at);
    return { value, at, to };
  });
  return found.find(({ to }) => to) ?? found[0]!;
}

function termLine(explanation: Explanation, k: number): Contribution {
  const { factors, results, weights, along } = explanation.outcome.terms;
  const followed = factors.length > 0 ? followedIn(explanation, k) : undefined;
  const place = followed ? tellPlace(followed.at, followed.value.shape) : `term ${k}`;
  const numbers = factors.map(({ numbers }) => tellExactly(numbers[k]!, 4));
  if (weights) numbers.unshift(tellExactly(weights[k]!, 4));
  // The weight itself stands before the product already.
  const others = along.filter((each) => each.numbers[k] !== weights?.[k]);
  const beside = others.map((each) => `${each.name} ${tellExactly(each.numbers[k]!, 4)}`);
  const whole = numbers.length > 1 || factors[0]?.numbers[k] === results[k];
  const told = numbers.length > 1 ? numbers.join(" × ") : whole ? "" : `from ${numbers[0]}`;
  const padding = factors.some((factor) => factor.padding[k]) ? "padding" : "";
  const label = labelOf(explanation, followed?.at ?? []);
  const share = shareOf(explanation, results[k]!);
  const name = label === undefined ? place : `${label} ${place}`;
  return {
    name,
    full: followed ? `${quoted(followed.value.name)} ${name}` : name,
    detail: [share, told, ...beside.reverse(), padding].filter((part) => part !== "").join(", "),
    number: results[k]!,
    to: followed?.to,
  };
}

/** The class that a term is of, where the terms go over all classes. */
function labelOf({ network, recipe }: Explanation, place: readonly number[]): string | undefined {
  const { labels } = network.sheet;
  const loops = mainStep(recipe)?.loops;
  return loops?.length === 1 && loops[0]?.[1] === labels?.length
    ? labels?.[place.at(-1) ?? -1]
    : undefined;
}

/** What an exponential is of the total by which it is divided: the share of a softmax. */
function shareOf({ recipe, outcome }: Explanation, term: number): string {
  const main = mainStep(recipe);
  const { result } = recipe;
  if (!main || !isCall(main.term) || main.term[0] !== "exp" || !isCall(result)) return "";
  const total = outcome.quantities.find(({ name }) => name === main.name)?.value;
  return result[0] === "div" && result[2] === main.name && total ? tellChance(term / total) : "";
}

/** The sum of all but these. */
function without(numbers: Float64Array, places: readonly number[]): number {
  const left = new Set(places);
  return numbers.reduce((sum, number, k) => (left.has(k) ? sum : sum + number), 0);
}

/** What the lines that are not shown are called: `"3 other channels"`. */
export function tellRest({ count, first, noun }: Contributions): string {
  return tellCount(count - first.length, `other ${noun}`);
}
