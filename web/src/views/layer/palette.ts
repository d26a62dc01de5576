/** The colours and letters of the page, for what is drawn on a canvas. */

export interface Palette {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly panel: string;
  readonly raised: string;
  readonly accent: string;
  readonly selection: string;
  readonly mono: string;
  readonly sans: string;
}

/** Those that hold for an element. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: token("ink"),
    soft: token("soft"),
    line: token("line"),
    panel: token("panel"),
    raised: token("raised"),
    accent: token("accent"),
    selection: token("selection"),
    mono: token("mono"),
    sans: token("sans"),
  };
}

/** Those of a picture that is saved: ink on paper, whatever the page looks like. */
export const PAPER: Palette = {
  ink: "#1c1b19",
  soft: "#65625c",
  line: "#e6e2da",
  panel: "#ffffff",
  raised: "#f4f2ee",
  accent: "#0b6e69",
  selection: "#ffcf33",
  mono: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace',
  sans: 'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif',
};
