import { describe, expect, test } from "vitest";
import { Tensors } from "../../src/lib/tensors";
import type { Tensor, TensorAsk } from "../../src/source";
import { FakeSource } from "../../src/sources/fake";

/** Answers with 25 numbers, and counts how often it was asked. */
class Counted extends FakeSource {
  readonly asked: TensorAsk[] = [];
  broken = false;

  override async tensor(ask: TensorAsk): Promise<Tensor> {
    this.asked.push(ask);
    if (this.broken) throw new Error("broken");
    return { data: new Float32Array(25), shape: [25], exact: !ask.half };
  }
}

describe("tensors", () => {
  test("are fetched once, however many ask", async () => {
    const source = new Counted();
    const tensors = new Tensors(source);
    const ask = { trace: "a", value: 1 };
    const [one, other] = await Promise.all([tensors.get(ask), tensors.get(ask)]);
    expect(one).toBe(other);
    expect(await tensors.get(ask)).toBe(one);
    expect(source.asked).toHaveLength(1);
  });

  test("exact ones serve where half precision would do, and not the other way round", async () => {
    const source = new Counted();
    const tensors = new Tensors(source);
    await tensors.get({ trace: "a", value: 1, half: true });
    expect(tensors.held({ trace: "a", value: 1 })).toBeUndefined();
    const exact = await tensors.get({ trace: "a", value: 1 });
    tensors.clear();
    expect(tensors.held({ trace: "a", value: 1 })).toBeUndefined();
    await tensors.get({ trace: "a", value: 1 });
    expect(tensors.held({ trace: "a", value: 1, half: true })?.exact).toBe(true);
    expect(exact.exact).toBe(true);
    expect(source.asked).toHaveLength(3);
  });

  test("the longest unused go when there is no room", async () => {
    const source = new Counted();
    const tensors = new Tensors(source, 250);
    await tensors.get({ trace: "a", value: 1 });
    await tensors.get({ trace: "a", value: 2 });
    await tensors.get({ trace: "a", value: 1 });
    await tensors.get({ trace: "a", value: 3 });
    expect(tensors.bytes).toBe(200);
    expect(tensors.held({ trace: "a", value: 2 })).toBeUndefined();
    expect(tensors.held({ trace: "a", value: 1 })).toBeDefined();
  });

  test("one that is larger than the room is kept alone", async () => {
    const tensors = new Tensors(new Counted(), 10);
    await tensors.get({ trace: "a", value: 1 });
    expect(tensors.bytes).toBe(100);
    await tensors.get({ trace: "a", value: 2 });
    expect(tensors.bytes).toBe(100);
  });

  test("a failure is told, and the next question asks anew", async () => {
    const source = new Counted();
    source.broken = true;
    const tensors = new Tensors(source);
    await expect(tensors.get({ trace: "a", value: 1 })).rejects.toThrow("broken");
    source.broken = false;
    expect((await tensors.get({ trace: "a", value: 1 })).shape).toEqual([25]);
  });

  test("of a trace that is gone are forgotten", async () => {
    const source = new Counted();
    const tensors = new Tensors(source);
    await tensors.get({ trace: "a", value: 1 });
    await tensors.get({ trace: "a~1", value: 1 });
    tensors.forget("a~1");
    expect(tensors.held({ trace: "a~1", value: 1 })).toBeUndefined();
    expect(tensors.held({ trace: "a", value: 1 })).toBeDefined();
    expect(tensors.bytes).toBe(100);
  });

  test("of a joined trace are asked for together, and one that fails fails alone", async () => {
    const source = new Together();
    const tensors = new Tensors(source);
    tensors.join("a~1");
    const asks = [1, 2, 13].map((value) => ({ trace: "a~1", value }));
    const found = await Promise.allSettled(asks.map((ask) => tensors.get(ask)));
    expect(found.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
    expect(source.together).toEqual([[1, 2, 13], [1], [2], [13]]);
    await tensors.get({ trace: "a", value: 1 });
    expect(source.asked).toHaveLength(1);
  });
});

/** Has no value 13. */
class Together extends Counted {
  readonly together: number[][] = [];

  override async tensors(_trace: string, asks: readonly TensorAsk[]): Promise<readonly Tensor[]> {
    this.together.push(asks.map(({ value }) => value));
    if (asks.some(({ value }) => value === 13)) throw new Error("not kept");
    return asks.map(() => ({ data: new Float32Array(1), shape: [1], exact: true }));
  }
}
