/** Fetches what the pictures on a card are made of. */

import type { Numbers } from "../../lib/recipe/operand";
import { outputOp, type WalkNode } from "../../lib/walk/node";
import { fitsHalf, type TileAsk, tilesOf } from "../../lib/walk/tiles";
import type { Tensor } from "../../source";
import type { View } from "../../view.svelte";
import type { Digest, ValueSheet } from "../../wire";
import type { Walking } from "./walking.svelte";

/** The pictures of a card. */
export interface Tiles {
  /** The picture that was walked, in place of its numbers. */
  readonly photo?: Tensor;
  readonly value: ValueSheet;
  /** Of the whole output; of an input there is none. */
  readonly digest: Digest | undefined;
  readonly tiles: readonly { readonly ask: TileAsk; readonly numbers: Numbers }[];
}

/** How long a card has to be in view before anything is fetched for it: not while one scrolls by. */
const PATIENCE = 60;

/**
 * The numbers of a node's pictures; undefined where its output has none, or where it is not
 * wanted any more.
 */
export async function tilesFor(
  node: WalkNode,
  view: View,
  { network, digests, flat }: Pick<Walking, "network" | "digests" | "flat">,
  sample: number,
  isWanted: () => boolean,
): Promise<Tiles | undefined> {
  const op = outputOp(node);
  const value = network.value(op);
  if (!value) return undefined;
  if (op === null && network.sheet.photo) {
    return { photo: await view.source.photo(network.id), value, digest: undefined, tiles: [] };
  }
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (!isWanted()) return undefined;
  const digest = op === null ? undefined : await digests.get(op);
  const how = { axis: network.channelAxis(value), sample, flat };
  const strongest = digest?.strongest ?? [0, 1, 2].slice(0, value.shape[how.axis]);
  const tiles = await Promise.all(
    tilesOf(value, strongest, how).map(async (ask) => {
      const { region } = ask;
      const half = digest !== undefined && fitsHalf(digest);
      const { data } = await view.tensors.get({ trace: network.id, value: value.id, region, half });
      return { ask, numbers: data };
    }),
  );
  return { value, digest, tiles };
}
