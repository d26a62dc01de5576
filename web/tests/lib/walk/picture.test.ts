import { expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { layOut } from "../../../src/lib/walk/layout";
import { readsOf } from "../../../src/lib/walk/links";
import { walkPicture } from "../../../src/lib/walk/picture";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, sheetOf } from "./graphs";
import { SIZES } from "./sizes";

function pictureOf(sheet: ReturnType<typeof graph>, title = sheet.name): string {
  const cards = Folding.usual(new WalkTree(sheet)).every(true).cards();
  return walkPicture(layOut(cards, readsOf(sheet), SIZES), title, ({ path }) => [path]);
}

test("holds every card, arrow and heading", () => {
  const text = pictureOf(graph("unet"));
  expect(text.match(/<rect/g)).toHaveLength(1 + 39);
  expect(text.match(/<path/g)).toHaveLength(2 * 41 + 7);
  expect(text).toContain("<title>unet</title>");
  expect(text.endsWith("</svg>\n")).toBe(true);
});

test("names are text, whatever is in them", () => {
  const text = pictureOf(sheetOf("made up", [{ name: "a<b" }]), "x & <script>");
  expect(text).toContain("x &amp; &lt;script&gt;");
  expect(text).toContain("a&lt;b");
  expect(text).not.toContain("<script>");
});

test("a long name is cut where its card ends", () => {
  const text = pictureOf(sheetOf("made up", [{ name: "an_uncommonly_long_name_of_an_op" }]));
  expect(text).toMatch(/>an_uncom…</);
});
