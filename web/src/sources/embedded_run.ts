/** The source of a run's report: each of its steps a report of its own, and what was measured. */

import type { RunSource, Tensor, TensorAsk, ThroughAsk, TraceSource } from "../source";
import type { RunReportSheet, TraceCard } from "../wire";
import { absent, EmbeddedSource } from "./embedded";
import { storedNumbers } from "./packed";

const REPLAY = "replay the run itself: layerwalk replay";

/**
 * Answers out of a run's report; what is asked of a step's trace, that step's part of it answers.
 *
 * @param report - Everything but the numbers.
 * @param text - What the script element of a name holds.
 */
export function embeddedRun(report: RunReportSheet, text: (name: string) => string): TraceSource {
  const steps = new Map<string, EmbeddedSource>();
  const { run, first, pages } = report;

  function stepOf(trace: string): EmbeddedSource {
    const page = pages.find((one) => one.trace === trace) ?? pages.at(-1)!;
    const known = steps.get(page.trace);
    if (known) return known;
    const { prediction, inexact, digests, tensors } = page;
    const sheet = { ...first.sheet, id: page.trace, prediction, inexact };
    const made = new EmbeddedSource({ ...first, sheet, digests, tensors }, text, REPLAY);
    steps.set(page.trace, made);
    return made;
  }

  function found<T>(thing: T | undefined): T {
    if (thing === undefined) throw absent("the network was not evaluated then");
    return thing;
  }

  const own: RunSource & Pick<TraceSource, "traces"> = {
    traces: async (): Promise<readonly TraceCard[]> => [
      {
        id: run.id,
        model: run.model,
        picture: run.name,
        ops: 0,
        bytes: 0,
        open: true,
        steps: pages.length,
      },
    ],
    run: async () => run,
    series: async () => report.series,
    evaluation: async (_, step) => found(report.evaluations.find((one) => one.step === step)),
    mistakes: async (_, step) => {
      const place = report.evaluations.findIndex((one) => one.step === step);
      const stored = found(report.mistakes[place]);
      return { data: await storedNumbers(stored, text), shape: stored.shape, exact: true };
    },
    through: async ({ value, region, until }: ThroughAsk): Promise<Tensor> => {
      const asked = run.steps.filter(({ step }) => step <= until);
      const all = await Promise.all(
        asked.map(({ trace }) => stepOf(trace).tensor({ trace, value, region })),
      );
      const data = Float64Array.from(all.flatMap((one) => Array.from(one.data)));
      return {
        data,
        shape: [all.length, ...(all[0]?.shape ?? [])],
        exact: all.every((one) => one.exact),
      };
    },
    why: async () => {
      throw absent("how weights were updated is not in this report", REPLAY);
    },
  };
  const last = stepOf("");
  return new Proxy<TraceSource>(last, {
    get: (_, name) =>
      Reflect.get(own, name) ??
      ((...given: unknown[]) => {
        const [asked] = given as [string | TensorAsk | undefined];
        const step = stepOf(typeof asked === "string" ? asked : (asked?.trace ?? ""));
        return Reflect.apply(Reflect.get(step, name), step, given);
      }),
  });
}
