import { expect, test } from "vitest";
import { findModels } from "../../src/lib/models";

const MODELS = ["wide_resnet50", "resnet18", "resnet50", "vgg16"].map((name) => ({
  name,
  source: name === "vgg16" ? "timm" : "torchvision",
  parameters: null,
  input_size: null,
  note: "trained weights",
}));

test.each([
  ["", ["wide_resnet50", "resnet18", "resnet50", "vgg16"]],
  ["resnet50", ["resnet50", "wide_resnet50"]],
  ["RESNET", ["resnet18", "resnet50", "wide_resnet50"]],
  ["resnet 18", ["resnet18"]],
  ["timm", ["vgg16"]],
  ["alexnet", []],
])("%j", (wanted, found) => {
  expect(findModels(MODELS, wanted).map(({ name }) => name)).toEqual(found);
});
