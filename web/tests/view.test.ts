import { describe, expect, test, vi } from "vitest";
import { type Order, SourceError } from "../src/source";
import { FakeSource } from "../src/sources/fake";
import { type Address, View } from "../src/view.svelte";
import type { JobSheet, TraceCard } from "../src/wire";

/** An address with a history, as a browser has it. */
class History implements Address {
  readonly entries: string[];

  constructor(first = "") {
    this.entries = [first];
  }

  read(): URLSearchParams {
    return new URLSearchParams(this.entries.at(-1));
  }

  write(said: URLSearchParams, step: boolean): void {
    if (step) this.entries.push(String(said));
    else this.entries[this.entries.length - 1] = String(said);
  }

  changed(): () => void {
    return () => undefined;
  }

  link(): string {
    return `#${this.entries.at(-1)}`;
  }
}

async function started(address = new History(), source = new FakeSource()): Promise<View> {
  const view = new View(source, address);
  await view.start();
  return view;
}

describe("the page's state", () => {
  test("opens the newest trace on the network's input", async () => {
    const view = await started();
    expect(view.status.kind).toBe("ready");
    expect(view.value?.name).toBe("input");
  });

  test("opens what a link says", async () => {
    const view = await started(
      new History("trace=made-up&op=stem.conv&at=0,3,4,5&map=magma&scale=fixed&limits=-2,2"),
    );
    expect(view.value?.name).toBe("stem.conv");
    expect(view.selection.at).toEqual([0, 3, 4, 5]);
    expect(view.look).toMatchObject({ map: "magma", scope: "fixed", limits: [-2, 2] });
  });

  test("a link to a walk that is gone says so, and lets the user choose another", async () => {
    const view = await started(new History("trace=gone"));
    expect(view.status.kind).toBe("empty");
    expect(view.notice).toContain("not open here");
    await view.open("made-up");
    expect(view.status.kind).toBe("ready");
    expect(view.notice).toBeUndefined();
  });

  test.each([
    ["trace=made-up&op=stem.cov", "made_up has no layer “stem.cov”."],
    [
      "trace=made-up&op=stem.conv&at=0,99,5,5",
      "stem.conv has no number at [0,99,5,5]: its shape is [1, 8, 32, 32].",
    ],
  ])("a link that asks for what there is not says so: %s", async (link, said) => {
    const view = await started(new History(link));
    expect(view.status.kind).toBe("ready");
    expect(view.notice).toBe(said);
  });

  test("going back leads to where the user was", async () => {
    const address = new History();
    const view = await started(address);
    view.select({ op: 0 });
    view.select({ channel: 2 });
    view.select({ channel: 2, at: [0, 2, 1, 1] });
    view.draw({ map: "grey" });
    expect(address.entries).toHaveLength(4);
    address.entries.pop();
    view.follow();
    expect(view.selection).toMatchObject({ op: 0, channel: 2, at: null });
    expect(view.look.map).toBe("auto");
    address.entries.pop();
    view.follow();
    expect(view.selection.channel).toBeNull();
  });

  test("what is asked about stands in the address, and goes with another walk's names", async () => {
    const address = new History("trace=made-up&op=stem.conv&target=3&mattered=occlusion");
    const view = await started(address);
    expect(view.about).toEqual({ target: "3", method: "occlusion" });
    view.attribute({ method: null });
    view.showMattered("stem.conv:2");
    expect(view.about).toEqual({ target: "stem.conv:2", method: "" });
    expect([view.selection.op, view.mapWanted]).toEqual([null, true]);
    expect(address.entries).toHaveLength(3);
    address.entries.pop();
    view.follow();
    expect(view.about).toEqual({ target: "3", method: null });
    expect(view.value?.name).toBe("stem.conv");
  });

  test("another op forgets the number of the one before", async () => {
    const view = await started();
    view.select({ op: 0, channel: 2, at: [0, 2, 1, 1] });
    view.select({ op: 1 });
    expect(view.selection).toMatchObject({ op: 1, channel: null, at: null, trail: [] });
  });

  test("nothing open is a state of its own", async () => {
    class Empty extends FakeSource {
      override async traces(): Promise<readonly TraceCard[]> {
        return [];
      }
    }
    const view = await started(new History(), new Empty());
    expect(view.status.kind).toBe("empty");
  });

  test("nobody answering is told until somebody does", async () => {
    class Away extends FakeSource {
      away = true;

      override async traces(): Promise<readonly TraceCard[]> {
        const problem = { what: "away", where: null, mend: null, sentence: "Nobody answers." };
        if (this.away) throw new SourceError(problem, true);
        return super.traces();
      }
    }
    const source = new Away();
    const view = new View(source, new History());
    const start = view.start();
    await vi.waitFor(() => expect(view.lost).toBe("Nobody answers."));
    expect(view.status.kind).toBe("loading");
    source.away = false;
    view.askNow();
    await start;
    expect(view.status.kind).toBe("ready");
    expect(view.lost).toBeUndefined();
  });

  test("where nobody answers, that is not said twice", async () => {
    const view = await started();
    view.notice = "Writing the report …";
    const problem = { what: "away", where: null, mend: null, sentence: "Nobody answers." };
    view.complain(new SourceError(problem, true));
    expect(view.notice).toBeUndefined();
  });
});

describe("another walk", () => {
  const RUNNING: JobSheet = {
    id: "job",
    change: 1,
    state: "running",
    before: 0,
    stage: "walking dog.jpg",
    done: 3,
    of: 10,
    trace: null,
    notes: [],
    problem: null,
  };

  /** A walk that goes on until it is told to end. */
  class Slow extends FakeSource {
    end: (job: JobSheet) => void = () => undefined;
    stopped = 0;

    override walk(_: Order, tell: (job: JobSheet) => void, signal?: AbortSignal) {
      tell(RUNNING);
      return new Promise<JobSheet>((done, fail) => {
        this.end = done;
        signal?.addEventListener("abort", () => {
          this.stopped++;
          fail(signal.reason);
        });
      });
    }
  }

  test("shows how it gets on, then what it became", async () => {
    const source = new Slow();
    const view = await started(new History(), source);
    view.select({ op: 3 });
    const walk = view.walk({ picture: "sample:dog" });
    expect(view.job?.stage).toBe("walking dog.jpg");
    source.end({ ...RUNNING, state: "done", trace: "made-up", notes: ["A walk was dropped."] });
    await walk;
    expect(view.job).toBeUndefined();
    expect(view.notice).toBe("A walk was dropped.");
    expect(view.selection.op).toBe(3);
  });

  test("one that is stopped leaves everything as it was", async () => {
    const source = new Slow();
    const view = await started(new History(), source);
    const walk = view.walk({ picture: "sample:dog" });
    view.cancel();
    await walk;
    expect([view.job, view.notice, source.stopped]).toEqual([undefined, undefined, 1]);
  });

  test("a new one stops the one before", async () => {
    const source = new Slow();
    const view = await started(new History(), source);
    const first = view.walk({ picture: "sample:dog" });
    const second = view.walk({ picture: "sample:cat" });
    await first;
    expect(source.stopped).toBe(1);
    expect(view.job?.state).toBe("running");
    source.end({ ...RUNNING, state: "done", trace: "made-up" });
    await second;
    expect(view.job).toBeUndefined();
  });

  test("one that failed says why until it is closed", async () => {
    const source = new Slow();
    const view = await started(new History(), source);
    const walk = view.walk({ picture: "sample:dog" });
    const problem = { what: "no", where: null, mend: null, sentence: "The image is truncated." };
    source.end({ ...RUNNING, state: "failed", problem });
    await walk;
    expect(view.job?.problem?.sentence).toBe("The image is truncated.");
    view.cancel();
    expect(view.job).toBeUndefined();
  });
});
