import { describe, expect, test } from "vitest";
import {
  keptSteps,
  nearestStep,
  placeOf,
  roundTicks,
  runOf,
  stepAt,
  stepNear,
  stepTicks,
} from "../../../src/lib/run/steps";

const STEPS = [0, 1, 2, 10, 100, 1000].map((step) => ({ step, trace: `a@${step}`, updated: true }));

describe("the steps of a run", () => {
  test("a trace tells of which run it is a step", () => {
    expect(runOf("lenet-abc@100")).toBe("lenet-abc");
    expect(runOf("lenet-abc@100.2")).toBe("lenet-abc");
    expect(runOf("cat-abc")).toBeUndefined();
    expect(runOf(null)).toBeUndefined();
  });

  test("steps that are still the same stay what they were", () => {
    const again = STEPS.map((one) => ({ ...one }));
    expect(keptSteps(STEPS, again)).toBe(STEPS);
    for (const change of [{ step: 3 }, { trace: "a@2.2" }, { updated: false }]) {
      const other = again.with(2, { ...again[2]!, ...change });
      expect(keptSteps(STEPS, other)).toBe(other);
    }
    expect(keptSteps(STEPS, again.slice(1))).toHaveLength(5);
  });

  test("the stored step at or before one", () => {
    expect(stepAt(STEPS, 99)?.step).toBe(10);
    expect(stepAt(STEPS, 100)?.step).toBe(100);
    expect(stepAt(STEPS, Number.POSITIVE_INFINITY)?.step).toBe(1000);
    expect(stepAt(STEPS, -1)?.step).toBe(0);
    expect(stepAt([], 3)).toBeUndefined();
  });

  test("places run from 0 to 1, by logarithm or evenly, and lead back to their step", () => {
    for (const along of ["log", "linear"] as const) {
      expect(placeOf(0, 1000, along)).toBe(0);
      expect(placeOf(1000, 1000, along)).toBe(1);
      for (const { step } of STEPS) {
        expect(stepNear(STEPS, placeOf(step, 1000, along), along)?.step).toBe(step);
      }
    }
    expect(placeOf(0, 0)).toBe(0);
    expect(stepNear(STEPS, 2)?.step).toBe(1000);
  });

  test("the nearest evaluation is that by logarithm", () => {
    expect(nearestStep([0, 125, 250], 100)).toBe(125);
    expect(nearestStep([0, 125, 250], 3)).toBe(0);
    expect(nearestStep([], 3)).toBeUndefined();
  });

  test("ticks are round", () => {
    expect(stepTicks(250)).toEqual([0, 1, 10, 100]);
    expect(stepTicks(0)).toEqual([0]);
    expect(stepTicks(250, "linear")).toEqual([0, 50, 100, 150, 200, 250]);
    expect(roundTicks(0, 1, 4)).toEqual([0, 0.5, 1]);
    expect(roundTicks(0, 0.3, 3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(roundTicks(2, 2)).toEqual([2]);
  });
});
