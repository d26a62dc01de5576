/** Numbers that are typed, pasted and dragged into a kernel. */

const MINUS = /[−–]/g;

/** The number that was typed, `"−0.5"` or `"1/9"`; undefined while it is none yet. */
export function typedNumber(text: string): number | undefined {
  const plain = text.trim().replaceAll(MINUS, "-").replace(",", ".");
  const [, above, below = "1"] =
    /^([-+]?[\d.]+(?:e[-+]?\d+)?)(?:\s*\/\s*([\d.]+))?$/i.exec(plain) ?? [];
  const number = Number(above) / Number(below);
  return above !== undefined && Number.isFinite(number) ? number : undefined;
}

/**
 * The rows that were pasted: lines or semicolons between rows, spaces, tabs or commas between
 * numbers, brackets as in Python, and a factor before it as in `1/9 * (1 1 1; …)`. Undefined where
 * they are no table of numbers.
 */
export function typedMatrix(text: string): readonly (readonly number[])[] | undefined {
  const [, factor, rest = text] = /^\s*([-+−\d./e]+)\s*[*×]\s*([\s\S]*)$/.exec(text) ?? [];
  const times = factor === undefined ? 1 : typedNumber(factor);
  const rows = rest
    .replaceAll(/\]\s*,?\s*\[|\)\s*,?\s*\(/g, ";")
    .replaceAll(/[[\]()]/g, " ")
    .split(/[;\n\r]+/)
    .map((row) => row.trim())
    .filter((row) => row !== "" && row !== ",")
    .map((row) =>
      row
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(typedNumber),
    );
  const width = rows[0]?.length ?? 0;
  const numbers = rows.flat();
  const whole = rows.every((row) => row.length === width) && numbers.length > 1;
  if (times === undefined || !whole || numbers.includes(undefined)) return undefined;
  return rows.map((row) => row.map((number) => shortened((number ?? 0) * times)));
}

/** How far an arrow key moves one of these numbers: a tenth of the largest, or less. */
export function stepFor(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let k = 0; k < numbers.length; k++) {
    const size = Math.abs(numbers[k]!);
    if (size > most && size < Number.POSITIVE_INFINITY) most = size;
  }
  return most === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(most) + 1e-9) - 1);
}

/** The number so many steps on, without the dust of binary fractions. */
export function moved(number: number, steps: number, step: number): number {
  return shortened(number + steps * step);
}

/** As many digits as float32 has. */
export function shortened(number: number): number {
  return Number(number.toPrecision(7)) + 0;
}

/** The number as one would type it. */
export function typed(number: number): string {
  return String(shortened(number));
}
