import { describe, expect, test } from "vitest";
import { predictionOf } from "../../src/lib/prediction";

const first = { value: 7, made: "softmax" as const, top: [] };

describe("the classes of another picture of the batch", () => {
  test("come from its own scores", () => {
    const { top, value } = predictionOf(first, [0, Math.log(3), 0], ["a", "b", "c"]);
    expect(value).toBe(7);
    expect(top.map(({ label }) => label)).toEqual(["b", "a", "c"]);
    expect(top[0]?.probability).toBeCloseTo(0.6, 12);
    expect(top[0]?.score).toBe(Math.log(3));
  });

  test("are taken as the network gave them", () => {
    const given = predictionOf({ ...first, made: "given" }, [0.2, 0.8], null);
    expect(given.top.map(({ label, probability }) => [label, probability])).toEqual([
      ["class 1", 0.8],
      ["class 0", 0.2],
    ]);
    const exp = predictionOf({ ...first, made: "exp" }, [Math.log(0.25), Math.log(0.75)], ["a"]);
    expect(exp.top[0]?.probability).toBeCloseTo(0.75, 12);
    expect(exp.top[0]?.label).toBe("class 1");
  });

  test("are the first twenty", () => {
    expect(predictionOf(first, new Float32Array(50), null).top).toHaveLength(20);
  });
});
