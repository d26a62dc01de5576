/** A few numbers in rows and columns, coloured, each with the place it came from. */

import { type Colour, colourOf, type Scale } from "../colour";
import { chooseDecimals, tellCell } from "../numerals";
import type { Cell } from "../selection";

export interface GridCell {
  readonly number: number;
  readonly text: string;
  readonly colour: Colour;
  /** Whether white text reads better on it than black. */
  readonly dark: boolean;
  /** `padding`: beyond the input; `absent`: no term; `winner`: the one that was picked. */
  readonly mark: "" | "padding" | "absent" | "winner";
  /** Where a click on it leads. */
  readonly to: Cell | undefined;
}

export interface Grid {
  readonly title: string;
  /** The scale, or what the numbers come to. */
  readonly note: string;
  /** What stands before the rows and above the columns; empty for nothing. */
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly (readonly GridCell[])[];
}

/** What a grid is made of. */
export interface GridParts {
  readonly title: string;
  readonly note: string;
  readonly numbers: Float64Array;
  readonly width: number;
  readonly scale: Scale;
  readonly rows?: readonly number[];
  readonly columns?: readonly number[];
  readonly padding?: Uint8Array;
  readonly absent?: Uint8Array;
  readonly winner?: number | undefined;
  /** With which they are compared: all are written with as many decimals. */
  readonly among?: Float64Array;
  readonly to?: (cell: number) => Cell | undefined;
}

/** The grid of numbers in row-major order. */
export function gridOf(parts: GridParts): Grid {
  const { title, note, numbers, width, scale, rows = [], columns = [] } = parts;
  const decimals = chooseDecimals(parts.among ?? numbers);
  const one = (k: number): GridCell => {
    const number = numbers[k]!;
    const absent = parts.absent?.[k] === 1;
    const colour = colourOf(absent ? 0 : number, scale);
    return {
      number,
      text: absent ? "" : tellCell(number, decimals),
      colour,
      dark: needsWhite(colour),
      mark: absent ? "absent" : parts.padding?.[k] ? "padding" : parts.winner === k ? "winner" : "",
      to: parts.padding?.[k] || absent ? undefined : parts.to?.(k),
    };
  };
  const height = width > 0 ? numbers.length / width : 0;
  const cells = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => one(y * width + x)),
  );
  const label = (place: number): string => String(place).replace("-", "−");
  return { title, note, rows: rows.map(label), columns: columns.map(label), cells };
}

/**
 * Whether white reads better than black, by WCAG's contrast ratio: equal at a luminance of 0.179,
 * where both have 4.58. (Lighter ink than black would leave some colours without 4.5.)
 */
function needsWhite(colour: Colour): boolean {
  const [red = 0, green = 0, blue = 0] = colour.map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179;
}
