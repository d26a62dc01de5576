import { expect, test } from "vitest";
import { Newest } from "../../../src/lib/edits/newest";

interface Question {
  readonly ask: string;
  readonly settle: (answer: string | Error) => void;
}

function desk(): { asked: Question[]; heard: string[]; newest: Newest<string, string> } {
  const asked: Question[] = [];
  const heard: string[] = [];
  const newest = new Newest<string, string>(
    (ask) =>
      new Promise((done, fail) => {
        asked.push({
          ask,
          settle: (answer) => (answer instanceof Error ? fail(answer) : done(answer)),
        });
      }),
    {
      answered: (ask, answer) => heard.push(`${ask}: ${answer}`),
      failed: (ask, error) => heard.push(`${ask} failed: ${(error as Error).message}`),
    },
  );
  return { asked, heard, newest };
}

const turn = (): Promise<void> => new Promise((done) => setTimeout(done));

test("one question at a time, and only the newest of those that wait", async () => {
  const { asked, heard, newest } = desk();
  for (const ask of ["1", "12", "123"]) newest.ask(ask);
  expect(asked.map(({ ask }) => ask)).toEqual(["1"]);
  asked[0]?.settle("one");
  await turn();
  expect(asked.map(({ ask }) => ask)).toEqual(["1", "123"]);
  asked[1]?.settle("all");
  await turn();
  expect(heard).toEqual(["1: one", "123: all"]);
  newest.ask("4");
  expect(asked).toHaveLength(3);
});

test("one that fails lets the next one through", async () => {
  const { asked, heard, newest } = desk();
  newest.ask("bad");
  newest.ask("good");
  asked[0]?.settle(new Error("it does not fit"));
  await turn();
  asked[1]?.settle("fine");
  await turn();
  expect(heard).toEqual(["bad failed: it does not fit", "good: fine"]);
});

test("what waits can be dropped", async () => {
  const { asked, newest } = desk();
  newest.ask("1");
  newest.ask("2");
  newest.drop();
  asked[0]?.settle("one");
  await turn();
  expect(asked).toHaveLength(1);
});
