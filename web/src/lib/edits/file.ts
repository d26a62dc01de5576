/** Edits in a file, as Python's `Edits.save` writes them and `lw.load_edits` reads them. */

import type { PlainEdit } from "../../source";
import { isEdits } from "./link";

const FORM = "layerwalk edits";
const VERSION = 1;

/** The edits as the text of a file. */
export function editsToFile(edits: readonly PlainEdit[]): string {
  return `${JSON.stringify({ form: FORM, version: VERSION, edits }, null, 2)}\n`;
}

/** The edits that a file's text says; or why it says none, in a sentence. */
export function editsFromFile(text: string): readonly PlainEdit[] | string {
  const { form, version, edits } = parsed(text);
  if (form !== FORM) return "it holds no edits; choose one that was saved here, or by Python.";
  if (version !== VERSION) return `it is of version ${version}, later than this page.`;
  return isEdits(edits) ? edits : "what it lists are no edits.";
}

function parsed(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
