/** How maps are drawn, and how that stands in the page's address. */

/** `auto`: diverging about zero where there are negative numbers, else sequential. */
export type MapChoice = "auto" | "viridis" | "magma" | "grey" | "bluered";
export type Scope = "layer" | "channel" | "fixed";
export type Ordering = "index" | "strength" | "variance" | "attribution";

/** What is shown of an op: its maps, those that went in beside them, or what it changed. */
export type Comparison = "none" | "pair" | "difference";

/** How numbers become colours, and in which order channels stand. */
export interface Look {
  readonly map: MapChoice;
  readonly scope: Scope;
  /** The ends of a fixed scale. */
  readonly limits: readonly [low: number, high: number];
  readonly ordering: Ordering;
  readonly comparison: Comparison;
  /** Whether what is compared has one scale for both. */
  readonly common: boolean;
}

export const USUAL_LOOK: Look = {
  map: "auto",
  scope: "layer",
  limits: [-1, 1],
  ordering: "index",
  comparison: "none",
  common: true,
};

const MAPS: readonly MapChoice[] = ["auto", "viridis", "magma", "grey", "bluered"];
const SCOPES: readonly Scope[] = ["layer", "channel", "fixed"];
const ORDERINGS: readonly Ordering[] = ["index", "strength", "variance", "attribution"];
const COMPARISONS: readonly Comparison[] = ["none", "pair", "difference"];

export function lookToAddress(look: Look): [string, string][] {
  const said: [string, string][] = [];
  if (look.map !== USUAL_LOOK.map) said.push(["map", look.map]);
  if (look.scope !== USUAL_LOOK.scope) said.push(["scale", look.scope]);
  if (look.scope === "fixed") said.push(["limits", look.limits.join(",")]);
  if (look.ordering !== USUAL_LOOK.ordering) said.push(["order", look.ordering]);
  if (look.comparison !== USUAL_LOOK.comparison) said.push(["compare", look.comparison]);
  if (!look.common) said.push(["scales", "own"]);
  return said;
}

export function lookFrom(said: URLSearchParams): Look {
  const one = <T extends string>(name: string, known: readonly T[], usual: T): T =>
    known.find((word) => word === said.get(name)) ?? usual;
  const [low = Number.NaN, high = Number.NaN] = (said.get("limits") ?? "").split(",").map(Number);
  return {
    map: one("map", MAPS, USUAL_LOOK.map),
    scope: one("scale", SCOPES, USUAL_LOOK.scope),
    limits: low < high ? [low, high] : USUAL_LOOK.limits,
    ordering: one("order", ORDERINGS, USUAL_LOOK.ordering),
    comparison: one("compare", COMPARISONS, USUAL_LOOK.comparison),
    common: said.get("scales") !== "own",
  };
}
