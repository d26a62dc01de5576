/** What an op is and does, in a few words. */

import type { OpSheet } from "../../wire";
import type { Network } from "../network";
import { tellCount } from "../numerals";

const NAMES: Readonly<Record<string, string>> = {
  conv1d: "convolution",
  conv2d: "convolution",
  conv3d: "convolution",
  conv_transpose1d: "transposed convolution",
  conv_transpose2d: "transposed convolution",
  conv_transpose3d: "transposed convolution",
  linear: "linear layer",
  max_pool1d: "max pooling",
  max_pool2d: "max pooling",
  max_pool3d: "max pooling",
  avg_pool1d: "average pooling",
  avg_pool2d: "average pooling",
  avg_pool3d: "average pooling",
  adaptive_avg_pool1d: "average pooling",
  adaptive_avg_pool2d: "average pooling",
  adaptive_avg_pool3d: "average pooling",
  adaptive_max_pool2d: "max pooling",
  batch_norm: "batch norm",
  layer_norm: "layer norm",
  group_norm: "group norm",
  instance_norm: "instance norm",
  relu: "ReLU",
  relu6: "ReLU6",
  leaky_relu: "leaky ReLU",
  prelu: "PReLU",
  elu: "ELU",
  gelu: "GELU",
  silu: "SiLU",
  mish: "Mish",
  add: "addition",
  sub: "subtraction",
  mul: "multiplication",
  div: "division",
  matmul: "matrix product",
  cat: "concatenation",
  lstm: "LSTM",
  gru: "GRU",
};

/** The kind of an op as people say it, with its window: `"depthwise convolution 3×3, stride 2"`. */
export function opWords(op: OpSheet, network: Network): string {
  const { window, rest } = settingsOf(op);
  const name = NAMES[op.kind] ?? op.kind.replaceAll("_", " ");
  const noun = isDepthwise(op, network) ? `depthwise ${name}` : name;
  const stride = rest.find((word) => word.startsWith("stride "));
  return [window ? `${noun} ${window}` : noun, ...(stride ? [stride] : [])].join(", ");
}

/** Its other settings, a few words each: `["padding 1", "dilation 2"]`. */
export function opDetails(op: OpSheet, network: Network): string[] {
  const depthwise = isDepthwise(op, network);
  return settingsOf(op).rest.filter(
    (word) => !word.startsWith("stride ") && !(depthwise && word.startsWith("groups ")),
  );
}

/** How many learned numbers it has: `"864 weights"`; `""` for none. */
export function opWeights(op: OpSheet, network: Network): string {
  if (op.parameters > 0) return tellCount(op.parameters, "weight");
  const shared = op.inputs.some((id) => network.byId(id).role === "parameter");
  return shared ? "weights of an op before" : "";
}

function settingsOf({ settings }: OpSheet): { window: string; rest: string[] } {
  const words = settings.map((word) => word.replaceAll(/(?<=\d)x(?=\d)/g, "×"));
  const window = words.find((word) => /^(to )?\d+(×\d+)*$/.test(word)) ?? "";
  return { window, rest: words.filter((word) => word !== window) };
}

/** A convolution that gives each of its input's channels a kernel of its own. */
function isDepthwise({ kind, geometry, inputs }: OpSheet, network: Network): boolean {
  const [groups = 1] = geometry.groups ?? [];
  const weight = inputs[1];
  if (!/^conv\dd$/.test(kind) || groups === 1 || weight === undefined) return false;
  return network.byId(weight).shape[1] === 1;
}
