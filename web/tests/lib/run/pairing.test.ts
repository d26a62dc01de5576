import { describe, expect, test } from "vitest";
import { isMessage, pairFrom, pairToAddress } from "../../../src/lib/run/pairing";

describe("two pages in one address", () => {
  test("each keeps its own, whatever stands in it", () => {
    const pair = [
      "trace=first@12&op=c1&at=0,1,2,3",
      "trace=second&edits=a%26b%3D&lines=1",
    ] as const;
    const hash = pairToAddress(pair);
    const [one, other] = pairFrom(hash)!;
    expect(Object.fromEntries(new URLSearchParams(one))).toEqual({
      trace: "first@12",
      op: "c1",
      at: "0,1,2,3",
    });
    expect(other).toBe(pair[1]);
  });

  test("an address of one page has no second", () => {
    expect(pairFrom("trace=first&op=c1")).toBeUndefined();
    expect(pairFrom("")).toBeUndefined();
  });
});

describe("messages", () => {
  test("what is something else is none", () => {
    expect(isMessage({ kind: "shown" }, "shown")).toBe(true);
    expect(isMessage({ kind: "shown" }, "wanted")).toBe(false);
    for (const data of [null, undefined, "shown", 3, {}]) {
      expect(isMessage(data, "shown")).toBe(false);
    }
  });
});
