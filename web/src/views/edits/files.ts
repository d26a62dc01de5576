/** Edits handed out as a file, and taken from one. */

import { editsFromFile, editsToFile } from "../../lib/edits/file";
import { chooseFile, fileName, saveFile } from "../../lib/saving";
import type { View } from "../../view.svelte";

/** The edits as a download, which `lw.load_edits` and `layerwalk edit --edits` read too. */
export function saveEdits({ editing, network }: View): void {
  const file = new Blob([editsToFile(editing.edits)], { type: "application/json" });
  saveFile(file, fileName(`${network?.sheet.name} edits`, "json"));
}

/** Take the edits of a file in place of those that there are; Undo brings these back. */
export function loadEdits(view: View): void {
  chooseFile(".json", (text, name) => {
    const found = editsFromFile(text);
    if (typeof found === "string") view.notice = `${name}: ${found}`;
    else view.editing.set(found);
  });
}
