/** What the server says is wrong. */

import type { Problem } from "../wire";

/** The problem in a response that is none; in words of ours where something else answered. */
export async function problemOf(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const found: unknown = JSON.parse(text);
    if (isProblem(found)) return found;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const sentence = `The server answered ${response.status} ${response.statusText}.`;
  return { what: sentence, where: null, mend: null, sentence };
}

function isProblem(found: unknown): found is Problem {
  return typeof found === "object" && found !== null && "sentence" in found;
}
