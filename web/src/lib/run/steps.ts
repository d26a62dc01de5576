/** The stored steps of a training, and where each lies along a line. */

import type { RunStep } from "../../wire";

export type Along = "log" | "linear";

/** Where a training is looked at: its stored steps, the one that is shown, and one beside it. */
export interface Timeline {
  readonly steps: readonly { readonly step: number }[];
  readonly step: number;
  readonly against: number | null;
  /** Show another; `record`: Back leads to where the user was. */
  go(step: number, how: { record: boolean }): void;
}

/** The run of which a trace is a step, by what it is called; undefined of any other trace. */
export function runOf(trace: string | null | undefined): string | undefined {
  const at = trace?.indexOf("@") ?? -1;
  return at > 0 ? trace?.slice(0, at) : undefined;
}

/** The steps as they were known, where they are still those: what hangs on them is not asked anew. */
export function keptSteps(known: RunStep[], now: RunStep[]): RunStep[] {
  const same = ({ step, trace, updated }: RunStep, k: number): boolean =>
    known[k]?.step === step && known[k].trace === trace && known[k].updated === updated;
  return known.length === now.length && now.every(same) ? known : now;
}

/** The stored step at or before this one; the first where there is none before it. */
export function stepAt(steps: readonly RunStep[], step: number): RunStep | undefined {
  return steps.findLast((one) => one.step <= step) ?? steps[0];
}

/** The stored step that lies nearest on a line, from 0 to 1. */
export function stepNear<Step extends { readonly step: number }>(
  steps: readonly Step[],
  share: number,
  along: Along = "log",
): Step | undefined {
  const end = steps.at(-1)?.step ?? 0;
  const off = ({ step }: Step): number => Math.abs(placeOf(step, end, along) - share);
  return steps.reduce<Step | undefined>(
    (best, one) => (best && off(best) <= off(one) ? best : one),
    undefined,
  );
}

/** Where a step lies on a line from 0 to the last one, from 0 to 1. */
export function placeOf(step: number, end: number, along: Along = "log"): number {
  if (end <= 0) return 0;
  return along === "log" ? Math.log1p(step) / Math.log1p(end) : step / end;
}

/** Of these steps the one nearest to another, by their logarithms; the first of two as near. */
export function nearestStep(steps: readonly number[], step: number): number | undefined {
  const off = (one: number): number => Math.abs(Math.log1p(one) - Math.log1p(step));
  return steps.toSorted((one, other) => off(one) - off(other))[0];
}

/** Steps to write on a line: round ones that do not stand on each other. */
export function stepTicks(end: number, along: Along = "log", most = 6): readonly number[] {
  if (along === "linear") return roundTicks(0, end, most);
  const tens = Array.from(
    { length: Math.max(1, Math.ceil(Math.log10(end + 1))) },
    (_, k) => 10 ** k,
  );
  return [0, ...tens.filter((ten) => ten <= end)];
}

/** Round numbers from one to another, at most so many. */
export function roundTicks(low: number, high: number, most = 5): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const rough = span / most;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((one) => one * ten >= rough)! * ten;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  // Of 3 * 0.1 the rounding is not to be read.
  return Array.from({ length: count }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}
