/** What of a data set is looked at, as the page's address has it. */

const NAMES = ["data", "picture", "class", "seed"] as const;

/** The set's id; the number of a picture; the class that is shown alone; the seed of the order. */
export type Browsed = { readonly [name in (typeof NAMES)[number]]?: string | undefined };

export function browsedFrom(said: URLSearchParams): Browsed {
  if (!said.get("data")) return {};
  return Object.fromEntries(NAMES.map((name) => [name, said.get(name) ?? undefined]));
}
