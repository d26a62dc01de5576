import { describe, expect, test } from "vitest";
import {
  aboutFrom,
  aboutToAddress,
  channelTarget,
  lackingTarget,
  NOTHING_ASKED,
  targetWords,
} from "../../../src/lib/attribution/about";
import { Network } from "../../../src/lib/network";
import { madeUp } from "../../../src/sources/made_up_network";

const { sheet } = madeUp();
const network = new Network(sheet);
const [first = "", second = ""] = sheet.labels ?? [];
const top = [{ number: 1, label: second, score: 2, probability: 1 }];
const prediction = { value: sheet.outputs[0]!, made: "softmax" as const, top };
const classes = new Network({ ...sheet, prediction });

describe("what is asked", () => {
  test.each([
    ["", NOTHING_ASKED],
    ["mattered=", { target: "", method: "" }],
    ["target=1", { target: "1", method: null }],
    ["target=stem.conv%3A2&mattered=occlusion", { target: "stem.conv:2", method: "occlusion" }],
  ])("stands in the address: %s", (text, about) => {
    const said = new URLSearchParams(text);
    expect(aboutFrom(said, classes)).toEqual(about);
    expect(lackingTarget(said, classes)).toBe("");
    expect(String(new URLSearchParams(aboutToAddress(about)))).toBe(text);
  });

  test.each(["9999", "stem.conv:99", "stem.cov:1", "stem.conv:", ":1", "stem.conv:1.5", "dog"])(
    "a link that asks about what there is not says so: %s",
    (target) => {
      const said = new URLSearchParams({ target, mattered: "saliency" });
      expect(aboutFrom(said, classes)).toEqual({ target: "", method: "saliency" });
      expect(lackingTarget(said, classes)).toBe(`made_up has no score “${target}”.`);
    },
  );

  test("a target in words", () => {
    expect(targetWords(classes, "")).toBe(second);
    expect(targetWords(classes, "0")).toBe(first);
    expect(targetWords(classes, "99")).toBe("class 99");
    expect(targetWords(classes, "stem.conv:3")).toBe("stem.conv channel 3");
    expect(targetWords(new Network({ ...sheet, prediction: null }), "")).toBe("");
  });

  test("a channel is a target where it is the second axis", () => {
    const op = network.named("stem.conv")!;
    expect(channelTarget(network, op, 3)).toBe("stem.conv:3");
    expect(channelTarget(network, op, 99)).toBeUndefined();
    expect(channelTarget(network, { ...op, channel_axis: -1 }, 3)).toBeUndefined();
  });
});
