import { expect, test } from "vitest";
import { browsedFrom } from "../../src/lib/browsed";

test("without a data set nothing of one is looked at", () => {
  expect(browsedFrom(new URLSearchParams("trace=dog&class=3"))).toEqual({});
  expect(browsedFrom(new URLSearchParams("data=mnist&class=3&seed=1"))).toEqual({
    data: "mnist",
    picture: undefined,
    class: "3",
    seed: "1",
  });
});
