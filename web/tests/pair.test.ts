import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Shown, Wanted } from "../src/lib/run/pairing";
import { Pair } from "../src/pair.svelte";
import { type RunSource, SourceError } from "../src/source";
import type { RunSheet } from "../src/wire";

const ORIGIN = "http://127.0.0.1";
const STEPS: Record<string, number[]> = { dense: [0, 1, 4, 16, 64], local: [0, 2, 5, 20] };

function sheet(id: string): RunSheet {
  return {
    id,
    name: id,
    model: id,
    change: "1",
    state: "finished",
    ending: "",
    quiet: 0,
    steps: STEPS[id]!.map((step) => ({ step, trace: `${id}@${step}`, updated: true })),
    evaluated: [],
    classes: null,
    probe_labels: null,
    optimizer: null,
    parameters: {},
    settings: {},
  };
}

/** A page in a frame: it keeps what it was told. */
class Framed {
  readonly told: Wanted[] = [];

  postMessage(wanted: Wanted): void {
    this.told.push(wanted);
  }
}

async function paired(together = true) {
  const run = vi.fn(async (id: string) => sheet(id));
  const source = { run, series: async () => [] } as unknown as RunSource;
  const pair = new Pair(source, "trace=dense&beside=trace%3Dlocal");
  const frames = [new Framed(), new Framed()] as const;
  pair.sides.forEach((side, k) => {
    side.frame = frames[k] as unknown as Window;
  });
  const tell = (k: 0 | 1, shown: Partial<Shown>): boolean => {
    const run = ["dense", "local"][k]!;
    const data = { kind: "shown", run, change: "1", step: 0, sample: 0, address: "", heard: 0 };
    const event = { source: frames[k], origin: ORIGIN, data: { ...data, ...shown } };
    return pair.hear(event as unknown as MessageEvent);
  };
  tell(0, { step: 64 });
  tell(1, { step: 20 });
  await vi.waitFor(() => expect(pair.sides.every((side) => side.sheet)).toBe(true));
  pair.together = together;
  return { pair, frames, tell, run };
}

describe("two trainings beside each other", () => {
  beforeEach(() => {
    vi.stubGlobal("location", { origin: ORIGIN });
  });

  test("what the links say is shown at first, and leads nobody", async () => {
    const { pair, frames } = await paired();
    expect([pair.step, pair.against]).toEqual([64, 20]);
    expect(frames.map(({ told }) => told)).toEqual([[], []]);
    expect(pair.steps.map(({ step }) => step)).toEqual([0, 1, 2, 4, 5, 16, 20, 64]);
  });

  test("where one goes the other goes, to the nearest step of its own", async () => {
    const { pair, frames, tell } = await paired();
    tell(0, { step: 4, sample: 2 });
    expect(frames[1].told).toEqual([{ kind: "wanted", step: 5, sample: 2, number: 1 }]);
    tell(1, { step: 5, sample: 2, heard: 1 });
    expect(frames[0].told).toEqual([]);
    expect([pair.step, pair.against]).toEqual([4, 5]);
  });

  test("an answer on its way to what was asked since leads nobody back", async () => {
    const { frames, tell } = await paired();
    tell(0, { step: 4 });
    tell(0, { step: 1 });
    tell(1, { step: 5, heard: 1 });
    expect(frames[0].told).toEqual([]);
    expect(frames[1].told.map(({ step }) => step)).toEqual([5, 2]);
    // The user's own wish, after all was heard.
    tell(1, { step: 20, heard: 2 });
    expect(frames[0].told).toEqual([{ kind: "wanted", step: 16, sample: 0, number: 1 }]);
  });

  test("each goes alone where the user wants that; a curve leads both", async () => {
    const { pair, frames, tell } = await paired(false);
    tell(0, { step: 4 });
    expect(frames[1].told).toEqual([]);
    pair.go(1);
    expect(frames.map(({ told }) => told.map(({ step }) => step))).toEqual([[1], [2]]);
  });

  test("a run is asked for again when something was written", async () => {
    const { tell, run } = await paired();
    expect(run).toHaveBeenCalledTimes(2);
    tell(0, { step: 64 });
    expect(run).toHaveBeenCalledTimes(2);
    tell(0, { step: 64, change: "2" });
    expect(run).toHaveBeenCalledTimes(3);
  });

  test("a walk that is no run leads nobody, and is no run here", async () => {
    const { pair, frames, tell } = await paired();
    tell(0, { run: undefined, step: 0, sample: 1 });
    expect(pair.sides[0].sheet).toBeUndefined();
    expect(frames[1].told).toEqual([]);
  });

  test("what is still being opened leads nobody", async () => {
    const { frames, pair, tell } = await paired();
    pair.sides[1].sheet = undefined;
    pair.sides[1].step = 0;
    tell(1, { run: undefined, step: 5 });
    tell(1, { run: "local", step: 5 });
    expect(frames[0].told).toEqual([]);
  });

  test("strangers are not heard", async () => {
    const { pair, frames } = await paired();
    const data = { kind: "shown", step: 1 };
    const [frame] = frames;
    for (const event of [
      { source: {}, origin: ORIGIN, data },
      { source: frame, origin: "http://elsewhere", data },
      { source: frame, origin: ORIGIN, data: "shown" },
    ])
      expect(pair.hear(event as unknown as MessageEvent)).toBe(false);
    expect(pair.step).toBe(64);
  });

  test("the address is that of both pages", async () => {
    const { pair, tell } = await paired();
    tell(0, { step: 64, address: "trace=dense@64&op=c1" });
    tell(1, { step: 20, address: "trace=local@20" });
    expect(pair.address).toBe("trace=dense@64&op=c1&beside=trace%3Dlocal%4020");
  });

  test("what cannot be had is told", async () => {
    const gone = new SourceError({
      what: "there is no run",
      where: null,
      mend: null,
      sentence: "there is no run.",
    });
    const source = { run: () => Promise.reject(gone), series: async () => [] };
    const pair = new Pair(source as unknown as RunSource, "trace=a&beside=trace%3Db");
    const frame = new Framed();
    pair.sides[0].frame = frame as unknown as Window;
    const data = {
      kind: "shown",
      run: "a",
      change: "1",
      step: 0,
      sample: 0,
      address: "",
      heard: 0,
    };
    pair.hear({ source: frame, origin: ORIGIN, data } as unknown as MessageEvent);
    await vi.waitFor(() => expect(pair.problem).toBe("there is no run."));
  });
});
