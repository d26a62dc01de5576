/** The error function, to double precision. */

// Taylor series about the nearest of a few centres, 1/8 apart. From 6 on it is 1: 1 - erf(6) is
// 2e-17. Within 1/16 of a centre the fifteenth power is below the last binary digit.
const APART = 1 / 8;
const END = 6;
const POWERS = 15;

let rows: Float64Array | undefined;

/** erf(x), the probability integral 2/sqrt(pi) * integral of exp(-t^2) from 0 to x. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size < END)) return Number.isNaN(x) ? x : Math.sign(x);
  if (size === 0) return x;
  rows ??= expansions();
  const centre = Math.round(size / APART);
  const h = size - centre * APART;
  const start = centre * POWERS;
  let sum = rows[start + POWERS - 1]!;
  for (let power = POWERS - 2; power >= 0; power--) sum = sum * h + rows[start + power]!;
  return x < 0 ? -sum : sum;
}

/** The coefficients of each centre, from the lowest power. */
function expansions(): Float64Array {
  const count = Math.round(END / APART) + 1;
  const found = new Float64Array(count * POWERS);
  for (let centre = 0; centre < count; centre++) {
    const x = centre * APART;
    const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
    found[centre * POWERS] = atCentre(x, slope);
    // erf^(n+1)(x) = slope * (-1)^n H_n(x), H the Hermite polynomials (DLMF 7.10.1), over (n+1)!.
    let [before, here, factorial] = [0, 1, 1];
    for (let n = 0; n < POWERS - 1; n++) {
      factorial *= n + 1;
      found[centre * POWERS + n + 1] = (slope * (n % 2 ? -here : here)) / factorial;
      [before, here] = [here, 2 * x * here - 2 * n * before];
    }
  }
  return found;
}

/** erf at a centre, where its slope is known. */
function atCentre(x: number, slope: number): number {
  if (x >= 1) {
    // What is missing to 1: slope/2 / (x + (1/2) / (x + 1 / (x + (3/2) / ...))) (DLMF 7.9.1).
    let fraction = x;
    for (let n = 300; n > 0; n--) fraction = x + n / 2 / fraction;
    return 1 - slope / 2 / fraction;
  }
  // slope * sum of 2^n x^(2n+1) / (1*3*...*(2n+1)): no term is negative (DLMF 7.6.2).
  let [sum, term] = [0, x];
  for (let n = 1; term > sum * 1e-18; n++) {
    sum += term;
    term *= (2 * x * x) / (2 * n + 1);
  }
  return slope * sum;
}
