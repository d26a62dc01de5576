/** Edits in an address: compact JSON in letters that an address may hold. */

import type { PlainEdit } from "../../source";

/** The edits as text. */
export function editsToText(edits: readonly PlainEdit[]): string {
  const bytes = new TextEncoder().encode(JSON.stringify(edits));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The edits that a text says; undefined where it says none. */
export function editsFromText(text: string): readonly PlainEdit[] | undefined {
  try {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    return editsFromJson(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The edits of a JSON list; undefined where it is none. */
export function editsFromJson(json: string): readonly PlainEdit[] | undefined {
  try {
    const found: unknown = JSON.parse(json);
    return isEdits(found) ? found : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether something that was parsed is a list of edits. */
export function isEdits(found: unknown): found is readonly PlainEdit[] {
  return Array.isArray(found) && found.every((one) => typeof Object(one).do === "string");
}
