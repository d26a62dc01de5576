/** The graphs of real networks, as scripts/walk_graphs.py writes them. */

import { readFileSync } from "node:fs";
import type { OpSheet, TraceSheet } from "../../../src/wire";

/** The networks there are. */
export const NAMES = [
  "edges",
  "unet",
  "vgg16",
  "resnet50",
  "efficientnet_lite0",
  "googlenet",
  "densenet121",
  "hrnet_w18_small",
] as const;

/** The sheet of a network, with what its graph says and nothing else: value k is op k's output. */
export function graph(name: (typeof NAMES)[number]): TraceSheet {
  const text = readFileSync(new URL(`graphs/${name}.tsv`, import.meta.url), "utf-8");
  const [[, type = ""] = [], ...rows] = text
    .trimEnd()
    .split("\n")
    .map((line) => line.split("\t"));
  return sheetOf(
    name,
    rows.map(([op = "", kind = "", module = "", call, read = "", shape = "", learned]) => ({
      name: op,
      kind,
      module,
      call: Number(call),
      reads: read === "" ? [] : read.split(",").map((word) => (word === "-" ? -1 : Number(word))),
      shape: shape.split(",").map(Number),
      parameters: Number(learned),
    })),
    { "": type },
  );
}

/** An op as a test says it; what is not said is of no interest. */
export interface Row {
  readonly name: string;
  /** Places of the ops it reads, -1 for the input; the op before it, if nothing is said. */
  readonly reads?: readonly number[];
  readonly kind?: string;
  readonly module?: string;
  readonly call?: number;
  readonly shape?: readonly number[];
  readonly parameters?: number;
}

/** A sheet of these ops. A module is taken to be named as its op, if none is said. */
export function sheetOf(
  name: string,
  rows: readonly Row[],
  modules: Record<string, string> = {},
): TraceSheet {
  const input = rows.length;
  const ops = rows.map(
    (row, index): OpSheet => ({
      index,
      name: row.name,
      kind: row.kind ?? "relu",
      module: row.module ?? row.name.replace(/:\d+$/, ""),
      module_type: "",
      module_call: row.call ?? 1,
      settings: [],
      geometry: {},
      inputs: (row.reads ?? [index - 1]).map((read) => (read < 0 ? input : read)),
      outputs: [index],
      parameters: row.parameters ?? 0,
      channel_axis: 1,
    }),
  );
  const shape = (row: Row): number[] => [...(row.shape ?? [1, 8, 4, 4])];
  return {
    id: name,
    name,
    ops,
    values: [
      ...ops.map(({ index, name }) => ({
        id: index,
        name,
        role: "result" as const,
        shape: shape(rows[index]!),
        dtype: "float32",
        op: index,
      })),
      { id: input, name: "input", role: "input", shape: [1, 3, 8, 8], dtype: "float32", op: null },
    ],
    inputs: [input],
    outputs: ops.length > 0 ? [ops.length - 1] : [],
    modules,
    labels: null,
    photo: null,
    failure: null,
    prediction: null,
    provenance: {},
    book: {},
    inexact: [],
    recomputed: [],
    untrained: false,
  };
}
