import { describe, expect, test, vi } from "vitest";
import type { Network } from "../src/lib/network";
import { Tensors } from "../src/lib/tensors";
import { Replay } from "../src/replay.svelte";
import { type RunSource, SourceError, type TraceSource } from "../src/source";
import { FakeSource } from "../src/sources/fake";
import type { RunSheet } from "../src/wire";

/** A run whose steps are all the made-up walk. */
class Recorded extends FakeSource implements Pick<RunSource, "run"> {
  stored = [0, 1, 2, 4, 8];
  state: RunSheet["state"] = "finished";
  asked = 0;

  async run(id: string): Promise<RunSheet> {
    this.asked++;
    return {
      id,
      name: "made up",
      model: "made-up",
      change: String(this.stored.length),
      state: this.state,
      ending: "",
      quiet: 0,
      steps: this.stored.map((step) => ({ step, trace: `${id}@${step}`, updated: true })),
      evaluated: [],
      classes: null,
      probe_labels: null,
      optimizer: null,
      parameters: {},
      settings: {},
    };
  }

  override async sheet(trace: string): ReturnType<FakeSource["sheet"]> {
    return { ...(await super.sheet("made-up")), id: trace };
  }
}

function replayed(source = new Recorded()) {
  const told = { turned: vi.fn(), changed: vi.fn(), complain: vi.fn() };
  const tensors = new Tensors(source);
  const plain: TraceSource = source;
  const asked = (): TraceSource & RunSource => plain as TraceSource & RunSource;
  const replay = new Replay(asked, () => tensors, told);
  return { replay, told, source, tensors };
}

describe("a replay", () => {
  test("begins at the step of a link, or at the last", async () => {
    const { replay } = replayed();
    const { network, compared } = await replay.enter("run", "run@2", null);
    expect([replay.step, network.id, compared]).toEqual([2, "run@2", undefined]);
    const last = await replay.enter("run", "run", null);
    expect(last.network.id).toBe("run@8");
  });

  test("what is looked at stays: every step is a form of one walk", async () => {
    const { replay, told } = replayed();
    const { network: first } = await replay.enter("run", "run@0", null);
    replay.go(4);
    await vi.waitFor(() => expect(replay.step).toBe(4));
    const [network] = told.turned.mock.calls.at(-1) as [Network];
    expect(network.root).toBe(first.root);
    const [input] = network.inputs;
    expect(network.home(input!.id)).toBe("run@0");
    expect(network.home(network.ops[0]!.outputs[0]!)).toBe("run@4");
    expect(told.changed).toHaveBeenLastCalledWith(false);
  });

  test("compares with another step, and shows the difference at first", async () => {
    const { replay, told } = replayed();
    await replay.enter("run", "run@8", null);
    replay.compare(1);
    await vi.waitFor(() => expect(replay.against).toBe(1));
    const [network, compared, side] = told.turned.mock.calls.at(-1) as [Network, Network, string];
    expect([network.id, compared.id, side]).toEqual(["run@8", "run@1", "difference"]);
    expect(network.root).toBe(compared);
    replay.move(-1);
    await vi.waitFor(() => expect(replay.step).toBe(4));
    expect(told.turned.mock.calls.at(-1)?.[2]).toBeUndefined();
    replay.compare(null);
    await vi.waitFor(() => expect(replay.against).toBeNull());
    expect(told.turned.mock.calls.at(-1)?.slice(1)).toEqual([undefined, "after"]);
  });

  test("plays to its end, and from the beginning again", async () => {
    vi.useFakeTimers();
    const { replay, told } = replayed();
    await replay.enter("run", "run@2", null);
    replay.play();
    await vi.advanceTimersByTimeAsync(5000);
    expect(replay.playing).toBe(false);
    const seen = told.turned.mock.calls.map(([network]) => (network as Network).id);
    expect(seen).toEqual(["run@4", "run@8"]);
    replay.play();
    await vi.advanceTimersByTimeAsync(400);
    expect(replay.step).toBe(1);
    replay.play();
    expect(replay.playing).toBe(false);
    replay.leave();
    vi.useRealTimers();
  });

  test("the numbers that are looked at come with the step", async () => {
    const { replay, source, tensors } = replayed();
    const { network } = await replay.enter("run", "run@1", null);
    const value = network.ops[0]!.outputs[0]!;
    await tensors.get({ trace: network.home(value), value });
    const asked = vi.spyOn(source, "tensors");
    replay.go(2);
    await vi.waitFor(() => expect(replay.step).toBe(2));
    expect(asked).toHaveBeenCalledWith("run@2", [expect.objectContaining({ value })]);
    expect(tensors.held({ trace: "run@2", value })).toBeDefined();
    replay.leave();
  });

  test("the numbers of the next step come beforehand, all at once", async () => {
    vi.useFakeTimers();
    const { replay, source, tensors } = replayed();
    const { network } = await replay.enter("run", "run@1", null);
    const values = network.ops.slice(0, 3).map(({ outputs }) => outputs[0]!);
    const asked = vi.spyOn(source, "tensors");
    for (const value of values) void tensors.get({ trace: "run@1", value });
    await vi.advanceTimersByTimeAsync(1000);
    const next = asked.mock.calls.filter(([trace]) => trace === "run@2");
    expect(next).toHaveLength(1);
    expect(next[0]?.[1].map(({ value }) => value)).toEqual(values);
    replay.leave();
    vi.useRealTimers();
  });

  test("a run that goes on is followed from its newest step, and no other", async () => {
    vi.useFakeTimers();
    const { replay, source } = replayed();
    source.state = "running";
    await replay.enter("run", "run@8", null);
    const { steps } = replay;
    await vi.advanceTimersByTimeAsync(2000);
    // As long as there is no new one, nothing that hangs on the steps is asked anew.
    expect(source.asked).toBe(2);
    expect(replay.steps).toBe(steps);
    source.stored.push(16);
    await vi.advanceTimersByTimeAsync(2000);
    expect([replay.steps.length, replay.step]).toEqual([6, 16]);
    replay.go(4);
    await vi.advanceTimersByTimeAsync(10);
    source.stored.push(32);
    source.state = "finished";
    await vi.advanceTimersByTimeAsync(2000);
    expect([replay.steps.length, replay.step]).toEqual([7, 4]);
    const { asked } = source;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(source.asked).toBe(asked);
    replay.leave();
    vi.useRealTimers();
  });

  test("a step that cannot be read is told, and the one before stays", async () => {
    const { replay, source, told } = replayed();
    await replay.enter("run", "run@8", null);
    const problem = { what: "", where: null, mend: null, sentence: "the file is damaged" };
    vi.spyOn(source, "sheet").mockRejectedValue(new SourceError(problem));
    replay.go(2);
    await vi.waitFor(() => expect(told.complain).toHaveBeenCalled());
    expect([replay.step, replay.wanted]).toEqual([8, 8]);
  });
});
