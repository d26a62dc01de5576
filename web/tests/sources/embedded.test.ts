import { describe, expect, test } from "vitest";
import { SourceError } from "../../src/source";
import { EmbeddedSource } from "../../src/sources/embedded";
import { madeUp } from "../../src/sources/made_up_network";
import type { ReportSheet, StoredTensor } from "../../src/wire";
import { packed } from "./pack";

/** The made-up walk as a report: what it was given and its weights are kept, but one. */
function report(): { sheet: ReportSheet; texts: Record<string, string> } {
  const { sheet, tensors, photo } = madeUp();
  const texts: Record<string, string> = {};
  const stored: StoredTensor[] = [];
  const left = sheet.values.find(({ name }) => name === "head.linear.weight")!.id;
  for (const [value, { data, shape }] of [[null, photo] as const, ...tensors]) {
    if (value === left) continue;
    const dtype = data instanceof Float32Array ? "float32" : "uint8";
    texts[`layerwalk-${stored.length}`] = packed(data.buffer, data.BYTES_PER_ELEMENT);
    stored.push({ place: stored.length, value, shape: [...shape], dtype, channels: null });
  }
  const digest = { low: 0, high: 1, zeros: 0, nan: 0, infinite: 0, size: 1, strongest: [] };
  return {
    texts,
    sheet: {
      version: "1",
      detail: "exact",
      sheet,
      digests: sheet.ops.map(({ index }) => ({ ...digest, op: index })),
      fields: sheet.ops.map(({ index }) =>
        index === 0 ? { axes: [2, 3], offsets: [0, 0], strides: [1, 1], sizes: [3, 3] } : null,
      ),
      tensors: stored,
      contributions: [],
      left_out: [left],
    },
  };
}

function source(): EmbeddedSource {
  const { sheet, texts } = report();
  return new EmbeddedSource(sheet, (name) => texts[name] ?? "");
}

describe("a report's source", () => {
  test("gives what is kept, and works out what is not", async () => {
    const { sheet } = report();
    const made = madeUp();
    const input = await source().tensor({ trace: "x", value: 0 });
    expect(input.data).toEqual(made.tensors.get(0)!.data);
    const relu = sheet.sheet.ops.find(({ name }) => name === "stem.relu")!;
    const map = await source().tensor({ trace: "x", value: relu.outputs[0]!, region: "0,2" });
    expect(map.shape).toEqual([32, 32]);
    expect(Math.min(...map.data)).toBe(0);
    expect(Math.max(...map.data)).toBeGreaterThan(0.1);
  });

  test("has the photo", async () => {
    expect((await source().photo()).data).toEqual(madeUp().photo.data);
  });

  test("says which weights it does not have, and how to get them", async () => {
    const { sheet } = report();
    const asked = source().tensor({ trace: "x", value: sheet.left_out[0]! });
    await expect(asked).rejects.toThrow(
      "head.linear.weight is not in this report; write it with --keep-weights all.",
    );
    await expect(asked).rejects.toBeInstanceOf(SourceError);
  });

  test("tells receptive fields by their formula", async () => {
    const field = await source().field("x", 0, 0, [0, 5, 0, 31]);
    expect(field?.spans.map(({ first, stop }) => [first, stop])).toEqual([
      [0, 1],
      [0, 3],
      [0, 2],
      [30, 32],
    ]);
    expect(field?.spans[2]).toMatchObject({ free_first: -1, free_stop: 2, name: "y" });
    expect(await source().field("x", 1, 0, [0, 0, 0, 0])).toBeUndefined();
  });

  test("walks nothing", async () => {
    expect((await source().welcome()).walks).toBe(false);
    await expect(source().walk()).rejects.toThrow("layerwalk serve");
  });
});
