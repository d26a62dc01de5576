/** Light or dark: what the reader chose, or else what the system or the notebook says. */

export type Theme = "auto" | "light" | "dark";

const KEY = "layerwalk:theme";

/** The theme that was chosen before; `auto` where none was, or nothing may be kept. */
export function keptTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "auto";
  } catch (error) {
    // A file on disk, or a page whose reader forbids it, has no storage.
    if (error instanceof DOMException) return "auto";
    throw error;
  }
}

/** Keep the theme for the next visit, where that is allowed. */
export function keepTheme(theme: Theme): void {
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

/** What `auto` means here. */
export function themeAround(): "light" | "dark" {
  const notebook = document.body.dataset.jpThemeLight;
  if (notebook !== undefined) return notebook === "true" ? "light" : "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
