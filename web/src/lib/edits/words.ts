/** Edits in words, as Python says them, and as Python is told them. */

import type { PlainEdit } from "../../source";

/** `"silence channel 2 of relu"`. */
export function editWords(edit: PlainEdit): string {
  return edit.name || (WORDS[edit.do]?.(edit) ?? String(edit.do).replaceAll("_", " "));
}

/** The edits as Python: `lw.edit().silence("relu", 2)`. */
export function editsCode(edits: readonly PlainEdit[]): string {
  const calls = edits.map(({ do: method, ...fields }) => {
    const given = Object.entries(fields).flatMap(([name, value]) =>
      name === "channels" && Array.isArray(value)
        ? value.map(String)
        : isLeftOut(name, value)
          ? []
          : POSITIONAL.test(name) ||
              (name === "to" && !("channels" in fields)) ||
              isFactor(method, name)
            ? [spelledCode(value)]
            : [`${name}=${spelledCode(value)}`],
    );
    // What is named stands behind what is not.
    given.sort((one, other) => Number(/^\w+=/.test(one)) - Number(/^\w+=/.test(other)));
    return `.${method}(${given.join(", ")})`;
  });
  return ["lw.edit()", ...calls].join(calls.length > 1 ? "\n    " : "");
}

const POSITIONAL = /^(parameter|op|kernel|top|left|height|width|deviation)$/;

function isFactor(method: string, name: string): boolean {
  return method === "scale_weight" && name === "by";
}

/** What says no more than Python takes for granted. */
function isLeftOut(name: string, value: unknown): boolean {
  return value === null || (name === "at" && String(value) === "") || value === "";
}

function spelledCode(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value);
  const inner = value.map(spelledCode).join(", ");
  return value.length === 1 ? `(${inner},)` : `(${inner})`;
}

/** A number, a row or rows of them: `"0 1; 1 0"`. */
function spelled(numbers: unknown): string {
  if (!Array.isArray(numbers)) return String(Number(Number(numbers).toPrecision(6)));
  const rows = numbers.map((row: unknown) => (Array.isArray(row) ? row : [row]));
  const flat = rows.flat(9);
  const fits = rows.length <= 5 && rows.every((row) => row.length <= 5 && !row.some(Array.isArray));
  return fits ? rows.map((row) => row.map(spelled).join(" ")).join("; ") : `${flat.length} numbers`;
}

function part({ parameter, at }: PlainEdit): string {
  return Array.isArray(at) && at.length > 0 ? `${parameter}[${at.join(", ")}]` : String(parameter);
}

function channels({ op, channels: which }: PlainEdit): string {
  if (!Array.isArray(which) || which.length === 0) return `all of ${op}`;
  return `channel${which.length > 1 ? "s" : ""} ${which.join(", ")} of ${op}`;
}

function lengths(value: unknown): string {
  return Array.isArray(value) ? value.join("x") : String(value);
}

const WORDS: Readonly<Record<string, (edit: PlainEdit) => string>> = {
  silence: (edit) => `silence ${channels(edit)}`,
  scale_channels: (edit) => `scale ${channels(edit)} by ${spelled(edit.by)}`,
  fix_channels: (edit) => `fix ${channels(edit)} at ${spelled(edit.to)}`,
  set_weight: (edit) => `set ${part(edit)} to ${spelled(edit.to)}`,
  scale_weight: (edit) => `scale ${part(edit)} by ${spelled(edit.by)}`,
  use_filter: (edit) => {
    const { kernel } = edit;
    const what = typeof kernel === "string" ? kernel : `the filter ${spelled(kernel)}`;
    return `use ${what} in ${part(edit)}`;
  },
  swap_activation: ({ op, to }) => `${to} in place of ${op}`,
  change_window: (edit) => {
    const asked = ["stride", "padding", "dilation"].flatMap((word) =>
      edit[word] === undefined || edit[word] === null ? [] : [`${word} ${lengths(edit[word])}`],
    );
    return `${edit.op} with ${asked.join(" and ")}`;
  },
  hide: ({ top, left, height, width, paint }) => {
    const how = paint === undefined || paint === "mean" ? "" : ` with ${spelled(paint)}`;
    return `hide ${height}x${width} at row ${top}, column ${left}${how}`;
  },
  add_noise: ({ deviation, seed }) =>
    `add noise of deviation ${spelled(deviation)}, seed ${seed ?? 0}`,
};
