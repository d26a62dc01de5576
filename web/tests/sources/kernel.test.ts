import { afterEach, describe, expect, test, vi } from "vitest";
import { type Kernel, KernelSource } from "../../src/sources/kernel";

type Heard = Parameters<Kernel["on"]>[1];
interface Asked {
  readonly id: number;
  readonly request: Record<string, unknown>;
}

/** A kernel that answers when it is told to. */
class Fake implements Kernel {
  readonly asked: Asked[] = [];
  readonly buffers: (readonly ArrayBuffer[])[] = [];
  #listener: Heard | undefined;

  get(): unknown {
    return "";
  }

  send(message: unknown, _: unknown, buffers: readonly ArrayBuffer[] = []): void {
    this.asked.push(message as Asked);
    this.buffers.push(buffers);
  }

  on(_: string, listener: Heard): void {
    this.#listener = listener;
  }

  off(): void {
    this.#listener = undefined;
  }

  reply(message: unknown, ...buffers: DataView[]): void {
    this.#listener?.(message, buffers);
  }
}

const JOB = { state: "running", change: 1, stage: "walking", id: "j" };

describe("a kernel that does not answer", () => {
  afterEach(() => vi.useRealTimers());

  test("is told as such after a while, and is heard when it answers again", async () => {
    vi.useFakeTimers();
    const kernel = new Fake();
    const source = new KernelSource(kernel);
    const asked = source.traces();
    const told = expect(asked).rejects.toMatchObject({
      offline: true,
      message: expect.stringContaining("run this cell again"),
    });
    await vi.advanceTimersByTimeAsync(9_999);
    kernel.reply({ id: 99, answer: "of another page" });
    await vi.advanceTimersByTimeAsync(1);
    await told;
    kernel.reply({ id: kernel.asked[0]!.id, answer: "too late, and no harm" });
    const again = source.traces();
    kernel.reply({ id: kernel.asked[1]!.id, answer: [] });
    expect(await again).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that is gone for good fails at once", async () => {
    const kernel = new Fake();
    kernel.send = () => {
      throw new Error("the comm is closed");
    };
    const asked = new KernelSource(kernel).traces();
    await expect(asked).rejects.toMatchObject({ offline: true });
  });

  test("does not lose a walk", async () => {
    vi.useFakeTimers();
    const kernel = new Fake();
    const told: string[] = [];
    const walk = new KernelSource(kernel).walk({ picture: "sample:dog" }, ({ stage }) =>
      told.push(stage),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toEqual([expect.stringContaining("The kernel does not answer")]);
    kernel.reply({ id: 1, answer: JOB });
    await vi.advanceTimersByTimeAsync(11_000);
    expect(told.slice(1)).toEqual(["walking", expect.stringContaining("does not answer")]);
    await vi.advanceTimersByTimeAsync(200);
    kernel.reply({ id: kernel.asked.length, answer: { ...JOB, state: "done", stage: "done" } });
    expect((await walk).state).toBe("done");
  });

  test("may take long for what is much work", async () => {
    vi.useFakeTimers();
    const kernel = new Fake();
    const source = new KernelSource(kernel);
    const file = source.report({ trace: "a", detail: "half", weights: "none" }, () => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(kernel.asked.map(({ request }) => request)).toEqual([
      { ask: "report", trace: "a", detail: "half", weights: "none" },
    ]);
    kernel.reply({ id: 1, media: "text/html" }, new DataView(Uint8Array.of(65, 66).buffer));
    expect(await (await file).text()).toBe("AB");
    const sizes = source.reportSizes("a");
    kernel.reply({ id: 2, answer: [] });
    expect(await sizes).toEqual([]);
  });
});

describe("a notebook's source", () => {
  test("knows which answer belongs to which question", async () => {
    const kernel = new Fake();
    const source = new KernelSource(kernel);
    const [one, other] = [source.sheet("a"), source.sheet("b")];
    expect(kernel.asked.map(({ request }) => request.trace)).toEqual(["a", "b"]);
    kernel.reply({ id: kernel.asked[1]!.id, answer: "second" });
    kernel.reply("something else");
    kernel.reply({ id: kernel.asked[0]!.id, answer: "first" });
    expect(await Promise.all([one, other])).toEqual(["first", "second"]);
  });

  test("finds out what mattered, and then asks for it", async () => {
    const kernel = new Fake();
    const ask = { trace: "a", method: "saliency", target: "2", sample: 0 };
    const found = new KernelSource(kernel).attribution(ask, () => undefined);
    kernel.reply({ id: 1, answer: { ...JOB, state: "done" } });
    await vi.waitFor(() => expect(kernel.asked).toHaveLength(3));
    expect(kernel.asked.map(({ request }) => request)).toEqual(
      ["inquiry", "attribution", "heat"].map((what) => ({ ask: what, ...ask })),
    );
    const tensor = { shape: [1, 2], dtype: "float64", exact: true };
    kernel.reply({ id: 2, answer: "sheet" });
    kernel.reply({ id: 3, tensor }, new DataView(Float64Array.of(1, 2).buffer));
    expect(await found).toEqual({
      sheet: "sheet",
      heat: { data: Float64Array.of(1, 2), shape: [1, 2], exact: true },
    });
  });

  test("reads numbers from a part of a buffer", async () => {
    const kernel = new Fake();
    const asked = new KernelSource(kernel).tensor({ trace: "a", value: 3, region: "0" });
    expect(kernel.asked[0]!.request).toEqual({
      ask: "tensor",
      trace: "a",
      value: 3,
      region: "0",
      half: false,
    });
    const bytes = Float32Array.of(9, 1.5, -2).buffer;
    const tensor = { shape: [2], dtype: "float32", exact: true };
    kernel.reply({ id: kernel.asked[0]!.id, tensor }, new DataView(bytes, 4, 8));
    expect((await asked).data).toEqual(Float32Array.of(1.5, -2));
  });

  test("hands on what is wrong", async () => {
    const kernel = new Fake();
    const source = new KernelSource(kernel);
    const asked = source.sheet("gone");
    const problem = { what: "no", where: null, mend: null, sentence: "There is no such walk." };
    kernel.reply({ id: kernel.asked[0]!.id, problem });
    await expect(asked).rejects.toThrow("There is no such walk.");
    const field = source.field("a", 0, 0, [0]);
    kernel.reply({ id: kernel.asked[1]!.id, problem });
    expect(await field).toBeUndefined();
  });

  test("sends a picture along with its question", async () => {
    const kernel = new Fake();
    const walk = new KernelSource(kernel).walk(
      { picture: new File([Uint8Array.of(1, 2, 3)], "dog.png") },
      () => undefined,
    );
    await expect.poll(() => kernel.asked.length).toBe(1);
    expect(kernel.asked[0]!.request).toMatchObject({ ask: "walk", name: "dog.png" });
    expect([...new Uint8Array(kernel.buffers[0]![0]!)]).toEqual([1, 2, 3]);
    kernel.reply({ id: kernel.asked[0]!.id, answer: { id: "j", state: "done", change: 1 } });
    expect((await walk).state).toBe("done");
  });

  test("does not wait for what was given up", async () => {
    const stop = new AbortController();
    const asked = new KernelSource(new Fake()).sheet("a", stop.signal);
    stop.abort(new Error("enough"));
    await expect(asked).rejects.toThrow("enough");
  });
});
