import { describe, expect, test } from "vitest";
import {
  leftOut,
  tellExactly,
  tellFully,
  tellPlace,
  tellResidue,
  tellSigned,
} from "../../../src/lib/cell/told";
import { explain } from "./walks";

test.each([
  [-0.1, 9, "−0.1"],
  [3, 9, "3"],
  [0, 9, "0"],
  [-0, 9, "0"],
  [1 / 3, 4, "0.3333"],
  [-1.23456789e-7, 3, "−1.23e−7"],
  [123456789, 9, "123456789"],
  [1.5e12, 9, "1.5e12"],
  [Number.NaN, 9, "NaN"],
  [Number.NEGATIVE_INFINITY, 9, "−inf"],
])("%d to %i digits is %s", (number, digits, said) => {
  expect(tellExactly(number, digits)).toBe(said);
});

test("every digit", () => {
  expect(tellFully(-0.1 - 0.2)).toBe("−0.30000000000000004");
  expect(tellFully(Number.NaN)).toBe("NaN");
});

test("a difference says in which direction", () => {
  expect([tellSigned(1.2e-7, 2), tellSigned(-1.2e-7, 2), tellSigned(0)]).toEqual([
    "+1.2e−7",
    "−1.2e−7",
    "0",
  ]);
});

test.each([
  [[0, 54, 30, 31], [1, 96, 56, 56], "[54, 30, 31]"],
  [[1, 54], [2, 96], "[1, 54]"],
  [[-1, 2], [4, 4], "[−1, 2]"],
  [[0], [1], "[0]"],
  [[], [], "[]"],
])("the place %j in %j", (at, shape, said) => expect(tellPlace(at, shape)).toBe(said));

describe("the residue", () => {
  test("nothing is left of what is only moved", async () => {
    expect(tellResidue(await explain("permute"))).toBe("0, exactly");
  });

  test("as a share of the absolute terms", async () => {
    const explanation = await explain("linear");
    const { terms, bias = 0, total } = explanation.outcome;
    const scale = terms.results.reduce((sum, term) => sum + Math.abs(term), Math.abs(bias));
    const off = { ...explanation, recorded: total + scale / 1024 };
    expect(tellResidue(off)).toMatch(/^\+\S+, which is 0\.00098 of the absolute terms$/);
  });

  test("where there is no such scale, alone; and where nothing was kept, not at all", async () => {
    const explanation = await explain("softmax");
    const { total } = explanation.outcome;
    expect(tellResidue({ ...explanation, recorded: total - 0.5 })).toBe("−0.5");
    expect(tellResidue({ ...explanation, recorded: undefined })).toBe("not known");
  });
});

test("how many places had no term", async () => {
  const pool = await explain("max_pool2d", [0, 0, 0, 0]);
  expect(leftOut(pool)).toBe(5);
  expect(leftOut(await explain("conv2d"))).toBe(0);
});
