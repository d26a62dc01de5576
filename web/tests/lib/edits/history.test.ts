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

test("Back and Undo go the same way", () => {
  const made = new History()
    .changed(list("a"))
    .changed(list("a", "b"))
    .changed(list("a", "b", "c"));
  const back = made.at(list("a"));
  expect([back.present, back.canUndo, back.canRedo]).toEqual([list("a"), true, true]);
  expect(back.undone().present).toEqual([]);
  expect(back.redone().redone().present).toEqual(list("a", "b", "c"));
  // Forth again, and nothing was added to the line.
  expect(
    back
      .at(list("a", "b", "c"))
      .undone()
      .undone()
      .undone().canUndo,
  ).toBe(false);
  // Back to before an undoing makes it again.
  expect(made.undone().at(list("a", "b", "c")).canRedo).toBe(false);
  // Elsewhere is a change like any other.
  expect(made.at(list("z")).undone().present).toEqual(list("a", "b", "c"));
});

test("of two that are alike the nearer one", () => {
  const toggled = new History().changed(list("a")).changed([]).changed(list("a")).changed([]);
  const back = toggled.at(list("a"));
  expect(back.redone().present).toEqual([]);
  expect(back.redone().canRedo).toBe(false);
  const forth = toggled.undone().undone().undone().undone().at(list("a"));
  expect(forth.undone().canUndo).toBe(false);
});

test("a gesture is undone whole, and ends", () => {
  const typed = new History().changed(list("a"), "cell").changed(list("b"), "cell");
  expect(typed.undone().present).toEqual([]);
  expect(typed.ended().changed(list("c"), "cell").undone().present).toEqual(list("b"));
  expect(typed.changed(list("c"), "other").undone().present).toEqual(list("b"));
});
