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
      (name === "channels" || name === "patches") && Array.isArray(value)
        ? value.map(spelledCode)
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

/** A number, every digit of it, a row or rows of them: `"0 1; 1 0"`; many by their count. */
function spelled(numbers: unknown): string {
  if (!Array.isArray(numbers)) return Object.is(numbers, -0) ? "-0" : String(Number(numbers));
  const rows = numbers.map((row: unknown) => (Array.isArray(row) ? row : [row]));
  const fits = rows.length <= 5 && rows.every((row) => row.length <= 5 && !row.some(Array.isArray));
  if (!fits) return `(${rows.flat(9).length} numbers)`;
  return rows.map((row) => row.map(spelled).join(" ")).join("; ");
}

/** A filter's numbers, with what all are divided by where that is shorter: `"1/9 * (1 1 1)"`. */
function spelledFilter(rows: unknown): string {
  const plain = spelled(rows);
  const by = plain.startsWith("(") ? 1 : divisorOf([rows].flat(9).map(Number));
  if (by === 1) return plain;
  const times = (part: unknown): unknown =>
    Array.isArray(part) ? part.map(times) : Math.round(Number(part) * by);
  return `1/${by} * (${spelled(times(rows))})`;
}

/** What whole numbers are divided by to give these, bit for bit; 1 where decimals are shorter. */
function divisorOf(numbers: readonly number[]): number {
  const are = (by: number) => numbers.every((one) => Math.round(one * by) / by === one);
  if (Math.max(...numbers.map(Math.abs)) > 1e9 || are(10)) return 1;
  const most = are(100) ? 64 : 1024;
  for (let by = 2; by <= most; by++) if (are(by)) return by;
  return 1;
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

/** Top, left, height and width. */
type Box = readonly unknown[];

function box([top, left, height, width]: Box): string {
  return `${height}x${width} at row ${top}, column ${left}`;
}

/** The rectangle about all of them. */
function frameOf(boxes: readonly Box[]): Box {
  const ends = (at: 0 | 1): [start: number, length: number] => {
    const start = Math.min(...boxes.map((one) => Number(one[at])));
    return [start, Math.max(...boxes.map((one) => Number(one[at]) + Number(one[at + 2]))) - start];
  };
  const [[top, height], [left, width]] = [ends(0), ends(1)];
  return [top, left, height, width];
}

function painted(paint: unknown): string {
  return paint === undefined || paint === "mean" ? "" : ` with ${spelled(paint)}`;
}

const WORDS: Readonly<Record<string, (edit: PlainEdit) => string>> = {
  silence: (edit) => `silence ${channels(edit)}`,
  scale_channels: (edit) => `scale ${channels(edit)} by ${spelled(edit.by)}`,
  fix_channels: (edit) => `fix ${channels(edit)} at ${spelled(edit.to)}`,
  set_weight: (edit) => `set ${part(edit)} to ${spelled(edit.to)}`,
  scale_weight: (edit) => `scale ${part(edit)} by ${spelled(edit.by)}`,
  use_filter: (edit) => {
    const { kernel } = edit;
    const what = typeof kernel === "string" ? kernel : `the filter ${spelledFilter(kernel)}`;
    return `use ${what} in ${part(edit)}`;
  },
  swap_activation: ({ op, to }) => `${to} in place of ${op}`,
  change_window: (edit) => {
    const asked = ["stride", "padding", "dilation"].flatMap((word) =>
      edit[word] === undefined || edit[word] === null ? [] : [`${word} ${lengths(edit[word])}`],
    );
    return `${edit.op} with ${asked.join(" and ")}`;
  },
  hide: ({ top, left, height, width, paint }) =>
    `hide ${box([top, left, height, width])}${painted(paint)}`,
  hide_patches: ({ patches, paint }) => {
    const boxes: Box[] = [patches].flat().filter(Array.isArray);
    const what =
      boxes.length > 3
        ? `(${boxes.length} patches) within ${box(frameOf(boxes))}`
        : boxes.map(box).join(" and ");
    return `hide ${what}${painted(paint)}`;
  },
  add_noise: ({ deviation, seed }) =>
    `add noise of deviation ${spelled(deviation)}, seed ${seed ?? 0}`,
};
