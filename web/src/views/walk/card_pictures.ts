/** The pictures on a card, as they are drawn and as files. */

import { type Picture, photoPicture } from "../../lib/cell/map_picture";
import { ownScale } from "../../lib/cell/scales";
import type { Scale } from "../../lib/colour";
import type { Look } from "../../lib/look";
import type { Numbers } from "../../lib/recipe/operand";
import type { WalkNode } from "../../lib/walk/node";
import { tilePicture, tileScale } from "../../lib/walk/tiles";
import type { View } from "../../view.svelte";
import { type Tiles, tilesFor } from "./tile_numbers";
import type { Walking } from "./walking.svelte";

/** The photo, or the maps in the colours that the look says, the strongest first. */
export function cardPictures(found: Tiles, look: Look): Picture[] {
  const { photo, tiles, value, digest, difference } = found;
  if (photo) return [photoPicture(photo)];
  // A difference goes both ways from zero, as far as its own largest number.
  const scaleOf = (numbers: Numbers): Scale =>
    difference && look.scope !== "fixed"
      ? ownScale(numbers)
      : tileScale(look, value, digest, numbers);
  return tiles.map(({ ask, numbers }) => tilePicture(ask, numbers, scaleOf(numbers)));
}

/** Draws a picture on a canvas, which becomes as large as that. */
export function drawOn(canvas: HTMLCanvasElement, { width, height, pixels }: Picture): void {
  if (width * height === 0) return;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
}

/** The pictures of all these cards as PNG files, by the nodes' ids, for a drawing of the walk. */
export async function cardFiles(
  nodes: readonly WalkNode[],
  view: View,
  walking: Walking,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { look, selection } = view;
  const files = async (node: WalkNode): Promise<readonly string[]> => {
    if (node.kind === "end") return [];
    const found = await tilesFor(node, view, walking, {
      sample: selection.sample,
      isWanted: () => true,
    });
    return found ? cardPictures(found, look).map(fileOf) : [];
  };
  return new Map(
    await Promise.all(nodes.map(async (node) => [node.id, await files(node)] as const)),
  );
}

function fileOf(picture: Picture): string {
  const canvas = document.createElement("canvas");
  drawOn(canvas, picture);
  return canvas.toDataURL("image/png");
}
