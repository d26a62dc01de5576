/** Formulas as they are printed in books, of formulas that are typed: the same, sign for sign. */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** `"0.9 x -1e-05^2"` as `"0.9 × (−1e−5)²"`. */
export function typeset(formula: string): string {
  return (
    formula
      // A negative number is squared with its sign.
      .replaceAll(/(?<=^|x |\+ )(-[\d.]+(?:e[+-]\d+)?)(?=\^)/g, "($1)")
      .replaceAll(/\^(\d+)/g, (_, power: string) =>
        Array.from(power, (digit) => RAISED[Number(digit)]).join(""),
      )
      .replaceAll(/e([+-])0*(\d)/g, (_, sign: string, digit: string) =>
        sign === "-" ? `e-${digit}` : `e${digit}`,
      )
      .replaceAll(/\bsqrt\b ?/g, "√")
      .replaceAll(" x ", " × ")
      .replaceAll(/(\d) ([+-])(?=\d)/g, "$1 $2 ")
      .replaceAll("-", "−")
  );
}
