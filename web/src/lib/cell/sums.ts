/** The line beneath the arithmetic: sum, bias, result, what was recorded, what is left between. */

import type { Kept } from "../../wire";
import { quoted } from "../names";
import { tell, tellClosely, tellCount } from "../numerals";
import { mainStep } from "../recipe/recipe";
import { type Explanation, isPlainResult, isTruth, residueOf } from "./explanation";
import { tellFully, tellResidue, tellSigned, tellTruth } from "./told";

/** One part of the line. */
export interface Sum {
  readonly name: string;
  /** As it stands in the line, and with every digit. */
  readonly text: string;
  readonly full: string;
  readonly number?: number;
  /** Whether it is what all of this is about. */
  readonly main: boolean;
}

/** The parts of the line, in their order. */
export function sumsOf(explanation: Explanation): readonly Sum[] {
  const { outcome, recorded, recipe } = explanation;
  const main = mainStep(recipe);
  const sums: Sum[] = [];
  const told = isTruth(explanation.made) ? tellTruth : tellClosely;
  const plain = main !== undefined && isPlainResult(recipe);
  if (plain) {
    const step = outcome.quantities.find(({ name }) => name === main.name)?.value;
    const sign = main.combine === "sum" ? "Σ" : main.combine;
    const alone = recipe.result === main.name;
    if (step !== undefined) sums.push(sum(sign, step, told, alone));
    // Only what has weights could have had a bias.
    if (outcome.bias !== undefined) sums.push(sum("bias", outcome.bias));
    else if (outcome.terms.factors.length > 1) {
      sums.push({ name: "bias", text: "none", full: "none", main: false });
    }
    if (!alone) sums.push(sum("result", outcome.total, told, true));
  } else sums.push(sum("result", outcome.total, told, true));
  if (isRecomputed(explanation)) {
    // What stands in the maps was worked out just so: comparing the two would say nothing.
    sums.push({ name: "recorded", text: "not kept", full: "not kept", main: false });
    return sums;
  }
  sums.push(
    recorded === undefined
      ? { name: "recorded", text: "not kept", full: "not kept", main: false }
      : sum("recorded", recorded, told),
  );
  const residue = residueOf(explanation);
  if (residue !== undefined) {
    const text = residue === 0 ? "0" : tellSigned(residue, 2);
    const full = `${tellFully(residue)}${residue === 0 ? "" : ` (${tellResidue(explanation)})`}`;
    sums.push({ name: "residue", text, full, main: false });
  }
  return sums;
}

function sum(
  name: string,
  number: number,
  told: (number: number) => string = tellClosely,
  main = false,
): Sum {
  return { name, text: told(number), full: tellFully(number), number, main };
}

/** A part of the line without the edits, and what they made of it. */
export interface ChangedSum extends Sum {
  readonly before: string;
  readonly difference: string;
}

/** The parts that both lines have. */
export function changedSums(after: readonly Sum[], before: readonly Sum[]): readonly ChangedSum[] {
  return after.flatMap((sum) => {
    const then = before.find(({ name }) => name === sum.name);
    if (sum.number === undefined || then?.number === undefined) return [];
    const by = sum.number - then.number;
    return [{ ...sum, before: then.text, difference: by === 0 ? "0" : tellSigned(by, 6) }];
  });
}

/** Whether this value is not kept, but worked out in this page. */
export function isRecomputed({ network, made }: Explanation): boolean {
  return network.sheet.recomputed.includes(made.id);
}

/** All of it, for a clipboard: a name, a tab and every digit on each line. */
export function copied(explanation: Explanation): string {
  return sumsOf(explanation)
    .map(({ name, full }) => `${name}\t${full.replaceAll("−", "-")}`)
    .join("\n");
}

/** The account in one sentence, for a screen reader. */
export function sentence(explanation: Explanation): string {
  const { outcome, recorded, op, recipe } = explanation;
  const { combine, terms, total } = outcome;
  // Of several steps, the terms of the last are not what makes the number.
  const made =
    combine === "" || !isPlainResult(recipe)
      ? `${op.kind} gives ${tellClosely(total)}`
      : `${combine} of ${tellCount(terms.count, "term")} in ${op.kind}: ${tellClosely(total)}`;
  const was =
    recorded === undefined || isRecomputed(explanation)
      ? "the recorded value is not kept"
      : `recorded ${tell(recorded)}`;
  return `${made}, ${was}.`;
}

/** Which of the values here are not kept exactly, one sentence each. */
export function inexactness(explanation: Explanation): readonly string[] {
  const { network, made, inputs, recipe } = explanation;
  const read = new Set(recipe.reads.map(({ operand }) => operand));
  const values = [made, ...inputs.filter((_, k) => read.has(k))];
  const kept = new Map(network.sheet.inexact.map((each) => [each.value, each]));
  const recomputed = new Set(network.sheet.recomputed);
  const rounded = kept.size > 0 ? "rounded numbers" : "the numbers";
  const edited = explanation.op.settings.includes("edited") && residueOf(explanation) !== 0;
  const changed =
    "An edit changed this channel after its op had made it: what was recorded is that.";
  const inexact = [...new Set(values)].flatMap((value) => {
    const found = kept.get(value.id);
    if (recomputed.has(value.id)) {
      return [
        `${quoted(value.name)} is worked out in this page, from ${rounded} that the report keeps.`,
      ];
    }
    return found ? [`${quoted(value.name)} is ${tellKept(found)}.`] : [];
  });
  return edited ? [changed, ...inexact] : inexact;
}

/** `"kept as half precision: at most 1.2e−3 from what was recorded"`. */
export function tellKept({ coding, worst, spread }: Kept): string {
  const how = coding === "half" ? "kept as half precision" : "kept compactly";
  const share = spread > 0 ? ` (${((100 * worst) / spread).toPrecision(2)} % of its largest)` : "";
  return `${how}: at most ${tell(worst)} from what was recorded${share}`;
}
