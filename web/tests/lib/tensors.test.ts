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
});
