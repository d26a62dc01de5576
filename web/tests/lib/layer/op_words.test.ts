import { describe, expect, it } from "vitest";
import { opDetails, opWeights, opWords } from "../../../src/lib/layer/op_words";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";
import type { OpSheet } from "../../../src/wire";

const NETWORK = new Network(madeUp().sheet);

function op(change: Partial<OpSheet>): OpSheet {
  return { ...NETWORK.named("stem.conv")!, ...change };
}

describe("opWords", () => {
  it.each([
    [{ settings: ["3x3", "stride 2", "padding 1"] }, "convolution 3×3, stride 2", ["padding 1"]],
    [{ settings: ["3x3", "groups 2"], geometry: { groups: [2] } }, "convolution 3×3", ["groups 2"]],
    [
      { kind: "adaptive_avg_pool2d", settings: ["to 1x1"], geometry: {} },
      "average pooling to 1×1",
      [],
    ],
    [{ kind: "max_pool2d", settings: ["2x2", "stride 2"] }, "max pooling 2×2, stride 2", []],
    [{ kind: "pixel_shuffle", settings: ["factor 2"] }, "pixel shuffle", ["factor 2"]],
    [{ kind: "relu6", settings: [] }, "ReLU6", []],
    [{ kind: "lstm", settings: ["bidirectional"] }, "LSTM", ["bidirectional"]],
  ])("of %o", (change, words, details) => {
    expect(opWords(op(change), NETWORK)).toBe(words);
    expect(opDetails(op(change), NETWORK)).toEqual(details);
  });

  it("calls a convolution depthwise by its weights", () => {
    const { sheet } = madeUp();
    const [, weight] = op({}).inputs;
    const values = sheet.values.map((value) =>
      value.id === weight ? { ...value, shape: [8, 1, 3, 3] } : value,
    );
    const network = new Network({ ...sheet, values });
    const depthwise = op({ geometry: { groups: [8] }, settings: ["3x3", "groups 8"] });
    expect(opWords(depthwise, network)).toBe("depthwise convolution 3×3");
    expect(opDetails(depthwise, network)).toEqual([]);
  });
});

describe("opWeights", () => {
  it("counts what was learned", () => {
    expect(opWeights(op({}), NETWORK)).toBe("224 weights");
    expect(opWeights(op({ parameters: 0 }), NETWORK)).toBe("weights of an op before");
    expect(opWeights(NETWORK.named("stem.relu")!, NETWORK)).toBe("");
  });
});
