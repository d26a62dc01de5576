import { describe, expect, test } from "vitest";
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
