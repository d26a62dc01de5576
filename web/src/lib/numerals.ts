/** How numbers are spelled, as the Python side spells them in its pictures. */

const MINUS = "−";
const TIMES = "×";

/** The number with four significant digits, or exactly when it is a whole number: `"12.35"`. */
export function tell(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : `${MINUS}inf`;
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return signed(String(value + 0));
  if (size >= 1e-3 && size < 1e5) {
    const text = value.toPrecision(4);
    // Five digits before the point: four of them would be 1.399e+4.
    return signed(text.includes("e") ? value.toFixed(0) : text);
  }
  return signed(powered(value, 3));
}

/** The number with so many significant digits, for where it is read closely: `"−1.885638"`. */
export function tellClosely(value: number, digits = 7): string {
  if (!Number.isFinite(value) || value === 0) return tell(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return signed(String(value));
  if (size < 1e-4 || size >= 1e7) return signed(powered(value, digits - 1));
  return signed(value.toPrecision(digits));
}

/** The two ends of a range, or the one value of a constant. */
export function tellRange(low: number, high: number): string {
  return low === high ? `${tell(low)} everywhere` : `${tell(low)} to ${tell(high)}`;
}

/** A count with its noun: `"1 op"`, `"1,200 classes"`. */
export function tellCount(count: number, noun: string, many = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : many}`;
}

/** A large count, shortened: `"4.65 M"`; a small one as it is. */
export function tellMillions(count: number): string {
  return count < 1e5 ? count.toLocaleString("en-US") : `${(count / 1e6).toPrecision(3)} M`;
}

/** The lengths of the axes: `"64×112×112"`, or `"scalar"`. */
export function tellShape(shape: readonly number[]): string {
  return shape.length > 0 ? shape.join(TIMES) : "scalar";
}

/** The shape of a value as people say it: without an axis of one sample. */
export function tellMaps(shape: readonly number[]): string {
  return tellShape(shape.length > 1 && shape[0] === 1 ? shape.slice(1) : shape);
}

/** A probability or share in per cent, never rounded to nothing or to certainty. */
export function tellChance(share: number): string {
  const percent = 100 * share;
  if (percent > 0 && percent < 0.05) return "< 0.1 %";
  if (percent >= 99.95 && percent < 100) return "> 99.9 %";
  return `${percent.toFixed(1)} %`;
}

/**
 * How many decimals numbers need in cells: 0 for whole ones, else 2 to 5; undefined when only
 * powers of ten will do.
 */
export function chooseDecimals(numbers: Iterable<number>): number | undefined {
  let most = 0;
  let whole = true;
  for (const number of numbers) {
    if (!Number.isFinite(number)) continue;
    most = Math.max(most, Math.abs(number));
    whole &&= Number.isInteger(number);
  }
  if (most >= 1e6) return undefined;
  if (whole) return 0;
  const decimals = Math.max(2, 1 - Math.floor(Math.log10(most)));
  return decimals <= 5 && most < 1e5 ? decimals : undefined;
}

/** The number as it stands in a cell: an exact zero is `"0"`, a small one `"0.00"`. */
export function tellCell(value: number, decimals: number | undefined): string {
  if (value === 0 || !Number.isFinite(value)) return tell(value);
  if (decimals !== undefined) return signed(value.toFixed(decimals));
  const short = powered(value, 1);
  const exponent = Number(short.split("e")[1]);
  const plain = exponent >= -2 && exponent <= 2;
  return signed(plain ? value.toFixed(Math.max(0, 1 - exponent)) : short);
}

/** `1.234e−5`, without a plus and without leading zeros in the exponent. */
function powered(value: number, digits: number): string {
  return value.toExponential(digits).replace("e+", "e");
}

function signed(text: string): string {
  return text.replaceAll("-", MINUS);
}
