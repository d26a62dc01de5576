/** Ops by what they are there for: where they are drawn small, a family has a colour. */

import type { OpSheet } from "../../wire";
import type { Network } from "../network";
import type { WalkNode } from "./node";

/** The families, with the words of the legend. */
export const FAMILIES = {
  weights: "convolution, linear",
  norm: "normalisation",
  activation: "activation",
  size: "pooling, resizing",
  join: "addition, product, concatenation",
  other: "other",
} as const;

export type Family = keyof typeof FAMILIES;

const KINDS: readonly (readonly [family: Family, kinds: RegExp])[] = [
  [
    "weights",
    /^(conv|linear|matmul|mm$|bmm|addmm|baddbmm|einsum|embedding|lstm|gru|rnn_|attention|scaled_dot|.*attention)/,
  ],
  ["norm", /norm$/],
  ["activation", /relu|elu$|gelu|silu|mish|sigmoid|tanh|softmax|softplus|hardswish|glu$|^clamp/],
  ["size", /pool\dd$|^upsample|^interpolate|pixel_(un)?shuffle|^grid_sampl|^mean$/],
  ["join", /^(add|sub|mul|div|cat|stack)$/],
];

/** The colour of a node that is drawn as a box: of a folded group, those of its ops in a row. */
export function fillOf(node: WalkNode, { ops }: Network): string | undefined {
  if (node.kind === "op") return colourOf(node.op);
  if (node.kind !== "group") return undefined;
  const inside = ops.slice(node.first, node.stop);
  const part = 100 / inside.length;
  const stops = inside.map((op, k) => `${colourOf(op)} ${k * part}% ${(k + 1) * part}%`);
  return `linear-gradient(to right, ${stops.join(", ")})`;
}

function colourOf({ kind }: OpSheet): string {
  return `var(--${familyOf(kind)})`;
}

/** The family of a kind of op: `"conv2d"` is one of the weights. */
export function familyOf(kind: string): Family {
  return KINDS.find(([, kinds]) => kinds.test(kind))?.[0] ?? "other";
}
