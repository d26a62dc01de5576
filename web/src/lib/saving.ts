/** Files that the page hands to its reader. */

/** Saves a file under a name, as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The download has to have begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** A file's name without what file systems mind: `"blocks.1.0.conv_dw.png"`. */
export function fileName(words: string, ending: string): string {
  return `${words.replaceAll(/[^\w.+-]+/g, "-").slice(0, 120)}.${ending}`;
}
