import { expect, test } from "vitest";
import { FAMILIES, type Family, familyOf } from "../../../src/lib/walk/family";
import { graph, NAMES } from "./graphs";

test.each<[Family, string]>([
  [
    "weights",
    "conv2d conv1d conv_transpose2d linear matmul bmm embedding lstm multi_head_attention",
  ],
  ["norm", "batch_norm layer_norm group_norm instance_norm rms_norm"],
  ["activation", "relu relu6 leaky_relu prelu elu gelu silu hardswish sigmoid tanh softmax"],
  ["size", "max_pool2d adaptive_avg_pool2d upsample_nearest2d pixel_shuffle mean"],
  ["join", "add cat mul sub div stack"],
  ["other", "flatten pad dropout view permute select zeros mean_of_nothing"],
])("%s: %s", (family, kinds) => {
  for (const kind of kinds.split(" ")) expect([kind, familyOf(kind)]).toEqual([kind, family]);
});

test("what is neither is little of a real network", () => {
  for (const name of NAMES) {
    const kinds = graph(name).ops.map(({ kind }) => familyOf(kind));
    const others = kinds.filter((family) => family === "other").length;
    expect(others / kinds.length).toBeLessThan(0.2);
  }
  expect(Object.keys(FAMILIES)).toHaveLength(6);
});
