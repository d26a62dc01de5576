import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Asking } from "../../src/lib/asking";
import { SourceError } from "../../src/source";
import { FakeSource } from "../../src/sources/fake";
import type { JobSheet, TraceCard } from "../../src/wire";

const GONE = "The server does not answer.";

/** A source that is there or not. */
class Flaky extends FakeSource {
  there = true;
  readonly asked: string[] = [];

  override async traces(): Promise<readonly TraceCard[]> {
    return this.#answered("traces", () => super.traces());
  }

  override async photo() {
    return this.#answered("photo", () => super.photo());
  }

  override async models() {
    return this.#answered("models", () => super.models());
  }

  override async walk(): Promise<JobSheet> {
    return this.#answered("walk", () => Promise.reject(new TypeError("not in this test")));
  }

  async #answered<T>(name: string, answer: () => Promise<T>): Promise<T> {
    this.asked.push(name);
    if (this.there) return answer();
    throw new SourceError({ what: GONE, where: null, mend: null, sentence: GONE }, true);
  }
}

function made(): { flaky: Flaky; asking: Asking; told: (string | undefined)[] } {
  const flaky = new Flaky();
  const told: (string | undefined)[] = [];
  const asking = new Asking(
    flaky,
    () => flaky.traces(),
    (lost) => told.push(lost),
  );
  return { flaky, asking, told };
}

describe("while nobody answers", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("questions wait, and are put again when somebody does", async () => {
    const { flaky, asking, told } = made();
    flaky.there = false;
    const photo = asking.source.photo("made-up");
    await vi.advanceTimersByTimeAsync(10);
    expect(told.at(-1)).toBe(GONE);
    // What is asked later is not even tried.
    const models = asking.source.models();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(flaky.asked.filter((name) => name !== "traces")).toEqual(["photo"]);
    flaky.there = true;
    await vi.advanceTimersByTimeAsync(30_000);
    expect((await photo).shape).toEqual([32, 32, 3]);
    expect((await models).length).toBeGreaterThan(0);
    expect(told.at(-1)).toBeUndefined();
  });

  test("it is looked for ever more seldom", async () => {
    const { flaky, asking } = made();
    flaky.there = false;
    void asking.source.photo("made-up");
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    const looks = flaky.asked.filter((name) => name === "traces").length;
    expect(looks).toBeGreaterThanOrEqual(12);
    expect(looks).toBeLessThanOrEqual(15);
  });

  test("it is looked for at once where the user says so", async () => {
    const { flaky, asking, told } = made();
    flaky.there = false;
    const photo = asking.source.photo("made-up");
    await vi.advanceTimersByTimeAsync(5000);
    flaky.there = true;
    asking.now();
    await vi.advanceTimersByTimeAsync(0);
    expect((await photo).exact).toBe(true);
    expect(told.at(-1)).toBeUndefined();
  });

  test("who does not want to know any more is let go", async () => {
    const { flaky, asking } = made();
    flaky.there = false;
    void asking.source.models();
    await vi.advanceTimersByTimeAsync(10);
    const stop = new AbortController();
    const photo = asking.source.photo("made-up", stop.signal);
    stop.abort(new Error("enough"));
    await expect(photo).rejects.toThrow("enough");
    await expect(asking.source.models(AbortSignal.abort(new Error("too late")))).rejects.toThrow(
      "too late",
    );
  });

  test("what is done once fails at once", async () => {
    const { flaky, asking, told } = made();
    flaky.there = false;
    await expect(asking.source.walk({}, () => undefined)).rejects.toThrow(GONE);
    expect(told).toEqual([GONE]);
  });

  test("a page that is taken away asks no more", async () => {
    const { flaky, asking } = made();
    flaky.there = false;
    void asking.source.photo("made-up");
    await vi.advanceTimersByTimeAsync(10);
    asking.end();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(flaky.asked).toEqual(["photo"]);
  });

  test("who answers but will not is heard", async () => {
    const { flaky, asking, told } = made();
    flaky.there = false;
    void asking.source.photo("made-up");
    await vi.advanceTimersByTimeAsync(10);
    const sentence = "Open the link that was printed.";
    const refused = new SourceError({ what: "", where: null, mend: null, sentence });
    vi.spyOn(flaky, "traces").mockRejectedValue(refused);
    await vi.advanceTimersByTimeAsync(1000);
    expect(told.at(-1)).toBe(sentence);
  });
});

test("what fails otherwise fails", async () => {
  const { asking, told } = made();
  await expect(asking.source.sheet("gone")).rejects.toThrow('there is no walk "gone"');
  expect(told).toEqual([]);
});
