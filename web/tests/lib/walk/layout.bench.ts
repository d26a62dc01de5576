/** How fast the walk is laid out: `npm run bench`. */

import { bench, describe } from "vitest";
import { Folding } from "../../../src/lib/walk/folding";
import { layOut } from "../../../src/lib/walk/layout";
import { readsOf } from "../../../src/lib/walk/links";
import { WalkTree } from "../../../src/lib/walk/tree";
import { graph } from "./graphs";
import { SIZES } from "./sizes";

describe.each(["densenet121", "googlenet", "resnet50"] as const)("%s", (name) => {
  const sheet = graph(name);
  const reads = readsOf(sheet);
  const usual = Folding.usual(new WalkTree(sheet));
  const [folded, unfolded] = [usual.cards(), usual.every(true).cards()];
  bench("its tree", () => void new WalkTree(sheet));
  bench("layout, folded", () => void layOut(folded, reads, SIZES));
  bench("layout, every op", () => void layOut(unfolded, reads, SIZES));
});
