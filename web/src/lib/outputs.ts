/** What the outputs of an op with several are called. */

import type { OpSheet } from "../wire";

const RECURRENT = ["output", "h_n"] as const;
const PICKED = ["values", "indices"] as const;

/** As PyTorch's documentation names them. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  lstm: [...RECURRENT, "c_n"],
  gru: RECURRENT,
  rnn_tanh: RECURRENT,
  rnn_relu: RECURRENT,
  max: PICKED,
  min: PICKED,
  median: PICKED,
  mode: PICKED,
  sort: PICKED,
  topk: PICKED,
  kthvalue: PICKED,
  cummax: PICKED,
  cummin: PICKED,
  var_mean: ["var", "mean"],
  std_mean: ["std", "mean"],
};

/** `"h_n"`, or `"2 of 3"` where it has no name. */
export function outputName(
  { kind, outputs }: Pick<OpSheet, "kind" | "outputs">,
  k: number,
): string {
  const names = /^(adaptive_)?max_pool\dd$/.test(kind) ? ["output", "indices"] : NAMES[kind];
  return names?.length === outputs.length ? names[k]! : `${k + 1} of ${outputs.length}`;
}
