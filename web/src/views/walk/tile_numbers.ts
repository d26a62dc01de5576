/** Fetches what the pictures on a card are made of. */

import { bytesOf } from "../../lib/cell/holding";
import type { Numbers } from "../../lib/recipe/operand";
import { regionOf } from "../../lib/region";
import type { Tensors } from "../../lib/tensors";
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
  /** Whether it is what the user's edits changed; then, none of it. */
  readonly difference: boolean;
  readonly unchanged?: boolean;
}

/** How long a card has to be in view before anything is fetched for it: not while one scrolls by. */
const PATIENCE = 60;

/** So many bytes are fetched sooner than three parts of them. */
const SMALL = 2 ** 18;

/** Of a value that is no op's, nothing is known: it may not fit half precision. */
const NOTHING = { low: null, high: Number.POSITIVE_INFINITY };

/** Who wants pictures. */
interface Wish {
  readonly sample: number;
  /** Whether they are wanted still. */
  readonly isWanted: () => boolean;
  /** Whether others of the same are drawn there already, which these replace. */
  readonly soon?: boolean;
}

/**
 * The numbers of a node's pictures; undefined where its output has none, or where it is not
 * wanted any more.
 */
export async function tilesFor(
  node: WalkNode,
  view: View,
  walking: Pick<Walking, "network" | "digests" | "digest" | "touched">,
  { sample, isWanted, soon = false }: Wish,
): Promise<Tiles | undefined> {
  const { network } = walking;
  const op = outputOp(node);
  const value = network.value(op);
  if (!value) return undefined;
  const before = network.base && view.editing.against?.byId(value.id);
  const difference = before?.shape.join() === value.shape.join();
  if (difference && network.home(value.id) === network.root.id) {
    return { value, digest: undefined, tiles: [], difference, unchanged: true };
  }
  if (op === null && network.sheet.photo && !difference) {
    const photo = await view.source.photo(network.photoHome);
    return { photo, value, digest: undefined, tiles: [], difference };
  }
  if (!soon) await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  if (!isWanted()) return undefined;
  const digested = op === null ? undefined : walking.digest(op);
  const first = op === null ? undefined : await walking.digests.get(op);
  const how = { axis: network.channelAxis(value), sample };
  const usual = first?.strongest ?? [0, 1, 2].slice(0, value.shape[how.axis]);
  const channels = [...new Set([...(walking.touched.get(op ?? -1) ?? []), ...usual])];
  // What is to be quick waits for no digest; and less what was rounded, a difference would be
  // what was lost.
  const half = !soon && !difference && fitsHalf((await digested) ?? NOTHING);
  const numbersOf = (trace: string, region: string): Promise<Numbers> =>
    partOf(view.tensors, value, { trace, region, half });
  const tiles = await Promise.all(
    tilesOf(value, channels, how).map(async (ask) => {
      const numbers = await numbersOf(network.home(value.id), ask.region);
      if (!difference) return { ask, numbers };
      const old = await numbersOf(network.root.id, ask.region);
      return { ask, numbers: Float32Array.from(numbers, (number, k) => number - old[k]!) };
    }),
  );
  return { value, digest: await digested, tiles, difference };
}

/** A part of a value: of the whole, where that is small or here anyway. */
async function partOf(
  tensors: Tensors,
  value: ValueSheet,
  ask: { readonly trace: string; readonly region: string; readonly half: boolean },
): Promise<Numbers> {
  const whole = { trace: ask.trace, value: value.id, region: "" };
  if (bytesOf(value) > SMALL && !tensors.held(whole)) {
    return (await tensors.get({ ...ask, value: value.id })).data;
  }
  return regionOf(await tensors.get(whole), ask.region).data;
}
