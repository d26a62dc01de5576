import { expect, test } from "vitest";
import { predictionSvg } from "../../src/lib/prediction_svg";

const prediction = {
  value: 1,
  made: "softmax" as const,
  top: [
    { number: 0, label: "<b>dog</b>", score: 3, probability: 0.75 },
    {
      number: 1,
      label: "a name that is far too long for the room that it has",
      score: 1,
      probability: 0.2,
    },
    { number: 2, label: "cat", score: 0, probability: 0.05 },
  ],
};

test("a class has a bar as long as it is probable, and its share", () => {
  const svg = predictionSvg(prediction, "dog.jpg & friends", 2);
  expect(svg).toContain('width="240.00"');
  expect(svg).toContain("75.0 %");
  expect(svg).not.toContain("cat");
});

test("names are text, and are cut where there is no room", () => {
  const svg = predictionSvg(prediction, "dog.jpg & friends", 3);
  expect(svg).toContain("&lt;b&gt;dog&lt;/b&gt;");
  expect(svg).toContain("dog.jpg &amp; friends");
  expect(svg).toContain("a name that is far too long for t…");
});

test("nothing to show is said", () => {
  expect(predictionSvg({ ...prediction, top: [] }, "none", 5)).toContain("no classes");
});
