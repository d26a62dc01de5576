import { expect, test } from "vitest";
import { madeAgain } from "../../../src/lib/edits/dropped";
import { SourceError, type Tensor } from "../../../src/source";
import { FakeSource } from "../../../src/sources/fake";

class Dropped extends FakeSource {
  where: string | null = "a~1";

  override async tensor(): Promise<Tensor> {
    throw new SourceError({ what: "dropped", where: this.where, mend: null, sentence: "Dropped." });
  }

  override async report(): Promise<Blob> {
    return (await this.tensor()) as never;
  }
}

async function fate(asked: Promise<unknown>): Promise<string> {
  const pause = new Promise<string>((done) => setTimeout(() => done("open"), 5));
  return Promise.race([
    asked.then(
      () => "answered",
      () => "failed",
    ),
    pause,
  ]);
}

test("a question about a walk that is made again stays open", async () => {
  const source = new Dropped();
  const asked: string[] = [];
  const again = madeAgain(source, (trace) => asked.push(trace) > 0 && trace === "a~1");
  expect(await fate(again.tensor({ trace: "a~1", value: 0 }))).toBe("open");
  expect(await fate(again.report({ trace: "a~1", detail: "half", weights: "some" }, () => 0))).toBe(
    "failed",
  );
  expect(asked).toEqual(["a~1", "a~1"]);
  source.where = "a";
  expect(await fate(again.tensor({ trace: "a", value: 0 }))).toBe("failed");
  source.where = null;
  expect(await fate(again.tensor({ trace: "a", value: 0 }))).toBe("failed");
  expect(await fate(again.traces())).toBe("answered");
});
