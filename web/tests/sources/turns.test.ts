import { describe, expect, test } from "vitest";
import { Turns } from "../../src/sources/turns";

function pause(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds));
}

describe("turns", () => {
  test("what is waited for goes first, though it was asked for later", async () => {
    const turns = new Turns();
    const done: string[] = [];
    const decoration = turns.later(async () => void done.push("decoration"));
    const wanted = turns.now(async () => {
      await pause(80);
      done.push("wanted");
    });
    await Promise.all([decoration, wanted]);
    expect(done).toEqual(["wanted", "decoration"]);
  });

  test("decoration is done one after the other, also where one fails", async () => {
    const turns = new Turns();
    let running = 0;
    const work = async (fails: boolean): Promise<number> => {
      running++;
      expect(running).toBe(1);
      await pause(10);
      running--;
      if (fails) throw new Error("broken");
      return 7;
    };
    const asked = [turns.later(() => work(true)), turns.later(() => work(false))];
    const [first, second] = await Promise.allSettled(asked);
    expect(first).toMatchObject({ status: "rejected" });
    expect(second).toMatchObject({ value: 7 });
  });

  test("what fails at once is told at once", async () => {
    const turns = new Turns();
    await expect(turns.now(async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await turns.later(async () => 3)).toBe(3);
  });
});
