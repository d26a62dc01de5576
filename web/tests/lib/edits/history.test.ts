import { expect, test } from "vitest";
import { History } from "../../../src/lib/edits/history";
import type { PlainEdit } from "../../../src/source";

const list = (...names: string[]): PlainEdit[] => names.map((name) => ({ do: "silence", name }));

test("undone and made again", () => {
  const history = new History().changed(list("a")).changed(list("a", "b"));
  const back = history.undone();
  expect(back.present).toEqual(list("a"));
  expect(back.redone().present).toEqual(list("a", "b"));
  expect(back.undone().present).toEqual([]);
  expect(back.undone().canUndo).toBe(false);
  expect(back.undone().undone().present).toEqual([]);
  expect(history.redone()).toBe(history);
});

test("what is changed after undoing leaves nothing to make again", () => {
  const history = new History().changed(list("a")).undone().changed(list("b"));
  expect(history.canRedo).toBe(false);
  expect(history.undone().present).toEqual([]);
});

test("a gesture is undone whole, and ends", () => {
  const typed = new History().changed(list("a"), "cell").changed(list("b"), "cell");
  expect(typed.undone().present).toEqual([]);
  expect(typed.ended().changed(list("c"), "cell").undone().present).toEqual(list("b"));
  expect(typed.changed(list("c"), "other").undone().present).toEqual(list("b"));
});
