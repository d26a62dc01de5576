/** Files that the page hands to its reader, or is handed. */

/** Saves a file under a name, as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has to have begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The text of a file that the reader chooses, and its name; nothing comes where none is chosen. */
export function chooseFile(ending: string, chosen: (text: string, name: string) => void): void {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ending;
  input.onchange = async () => {
    const file = input.files?.[0];
    if (file) chosen(await file.text(), file.name);
  };
  input.click();
}

/** A file's name without what file systems mind: `"blocks.1.0.conv_dw.png"`. */
export function fileName(words: string, ending: string): string {
  return `${words.replaceAll(/[^\w.+-]+/g, "-").slice(0, 120)}.${ending}`;
}
