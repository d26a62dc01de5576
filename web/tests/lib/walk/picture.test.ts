import { expect, test } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { layOut } from "../../../src/lib/walk/layout";
import { readsOf } from "../../../src/lib/walk/links";
import { walkPicture } from "../../../src/lib/walk/picture";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph, sheetOf } from "./graphs";
import { SIZES } from "./sizes";

const PNG = "data:image/png;base64,AAAA";

function pictureOf(
  sheet: ReturnType<typeof graph>,
  { title = sheet.name, pictures = 0 }: { title?: string; pictures?: number } = {},
): string {
  const cards = Folding.usual(new WalkTree(sheet)).every(true).cards();
  return walkPicture(layOut(cards, readsOf(sheet), SIZES), title, {
    words: ({ label, path }) => [label, path],
    pictures: () => Array.from({ length: pictures }, (_, k) => `${PNG}${k}`),
    side: 50,
  });
}

test("holds every card, arrow and heading", () => {
  const text = pictureOf(graph("unet"));
  expect(text.match(/<rect/g)).toHaveLength(1 + 39);
  expect(text.match(/<path/g)).toHaveLength(2 * 41 + 7);
  expect(text).toContain("<title>unet</title>");
  expect(text.endsWith("</svg>\n")).toBe(true);
});

test("names are text, whatever is in them", () => {
  const text = pictureOf(sheetOf("made up", [{ name: "a<b" }]), {
    title: "x & <script>",
  });
  expect(text).toContain("x &amp; &lt;script&gt;");
  expect(text).toContain("a&lt;b");
  expect(text).not.toContain("<script>");
});

test("a card has its maps: one large, two beside it", () => {
  const text = pictureOf(sheetOf("made up", [{ name: "conv" }]), { pictures: 3 });
  const tile = /<image x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)" href="(\S+)"/g;
  // Of the input and of the op.
  const found = [...text.matchAll(tile)].map(([, ...told]) => told);
  expect(found).toHaveLength(6);
  expect(found.slice(3)).toEqual([
    ["109", "8", "50", "50", `${PNG}0`],
    ["162", "8", "23.5", "23.5", `${PNG}1`],
    ["162", "34.5", "23.5", "23.5", `${PNG}2`],
  ]);
  // The name stands under them.
  expect(text).toMatch(/y="73" font-size="12" fill="#1c1b19">conv</);
});

test("in a branch, where cards are lower, the largest alone", () => {
  const rows = [
    { name: "stem" },
    { name: "a1" },
    { name: "a2" },
    { name: "b", reads: [0] },
    { name: "cat", reads: [2, 3] },
  ];
  const text = pictureOf(sheetOf("made up", rows), { pictures: 3 });
  expect(text.match(/<image/g)).toHaveLength(5 * 3 + 1);
  expect(text.match(/width="32" height="32"/g)).toHaveLength(1);
});

test("a long name is cut where its card ends", () => {
  const text = pictureOf(sheetOf("made up", [{ name: "an_uncommonly_long_name_of_an_op" }]));
  expect(text).toMatch(/>an_uncom…</);
});
