import { describe, expect, test } from "vitest";
import { SourceError } from "../../src/source";
import { embeddedRun } from "../../src/sources/embedded_run";
import { FakeSource } from "../../src/sources/fake";
import type { RunReportSheet, StoredTensor } from "../../src/wire";
import { packed } from "./pack";

const WEIGHTS = [Float32Array.of(1, 2), Float32Array.of(3, 4), Float32Array.of(5, 6)];

/** A run of three steps; of its walk one value is kept, and the first input. */
async function reported() {
  const sheet = await new FakeSource().sheet("made-up");
  const [value = 0] = sheet.outputs;
  const left = sheet.values.find(({ role }) => role === "parameter")?.id ?? -1;
  const texts = new Map<string, string>();
  const stored = (numbers: Float32Array | Uint8Array, shape: number[]) => {
    const place = texts.size;
    texts.set(`layerwalk-${place}`, packed(numbers.slice().buffer, numbers.BYTES_PER_ELEMENT));
    const dtype = numbers instanceof Uint8Array ? "uint8" : "float32";
    return { place, value, shape, dtype, channels: null } satisfies StoredTensor;
  };
  const pages = WEIGHTS.map((numbers, k) => ({
    trace: `run@${10 * k}`,
    prediction: sheet.prediction,
    inexact: [],
    digests: [],
    tensors: [stored(numbers, [2])],
  }));
  const pictures = stored(Uint8Array.of(0, 128, 255, 7), [1, 2, 2, 1]);
  const evaluation = { step: 20, confusion: [[1]], loss: 0.5, accuracy: 1, count: 1, worst: [] };
  const report: RunReportSheet = {
    run: {
      id: "run",
      name: "first",
      model: "made-up",
      change: "",
      state: "finished",
      ending: "",
      quiet: 0,
      steps: pages.map(({ trace }, k) => ({ step: 10 * k, trace, updated: false })),
      evaluated: [20],
      classes: null,
      probe_labels: null,
      optimizer: null,
      parameters: {},
      settings: {},
    },
    first: {
      version: "1",
      detail: "exact",
      sheet,
      digests: [],
      fields: [],
      tensors: [],
      left_out: [left],
      contributions: [],
    },
    pages,
    series: [{ name: "loss", steps: [1], values: [0.5], count: 1 }],
    evaluations: [evaluation],
    mistakes: [pictures],
  };
  const source = embeddedRun(report, (name) => texts.get(name) ?? "");
  return { source, value, left, evaluation };
}

describe("the report of a run", () => {
  test("each step answers for itself", async () => {
    const { source, value } = await reported();
    for (const [k, numbers] of WEIGHTS.entries()) {
      const trace = `run@${10 * k}`;
      expect((await source.sheet(trace)).id).toBe(trace);
      expect((await source.tensor({ trace, value })).data).toEqual(numbers);
      expect((await source.tensors(trace, [{ trace, value }]))[0]?.data).toEqual(numbers);
    }
    expect(await source.traces()).toMatchObject([{ id: "run", steps: 3 }]);
    expect((await source.welcome()).walks).toBe(false);
  });

  test("a value through the steps, up to one", async () => {
    const { source, value } = await reported();
    const found = await source.through?.({ run: "run", value, region: "1", until: 10 });
    expect([...(found?.data ?? [])]).toEqual([2, 4]);
    expect(found?.shape).toEqual([2]);
  });

  test("of weights that were left out it says where they are", async () => {
    const { source, left } = await reported();
    const ask = { run: "run", value: left, region: "0", until: 20 };
    await expect(source.through?.(ask)).rejects.toThrow(
      "is not in this report; replay the run itself: layerwalk replay.",
    );
  });

  test("what was measured and judged is in it, why a weight changed is not", async () => {
    const { source, evaluation } = await reported();
    expect(await source.run?.("run")).toMatchObject({ name: "first" });
    expect(await source.series?.("run", "log")).toHaveLength(1);
    expect(await source.evaluation?.("run", 20)).toBe(evaluation);
    expect([...((await source.mistakes?.("run", 20))?.data ?? [])]).toEqual([0, 128, 255, 7]);
    await expect(source.evaluation?.("run", 10)).rejects.toThrow("not evaluated");
    const ask = { run: "run", parameter: "w", index: [0], step: 0 };
    await expect(source.why?.(ask)).rejects.toThrow(SourceError);
  });
});
