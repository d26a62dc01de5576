/** What the sheet of maps shows: one value's maps, those before beside them, or their difference. */

import { counterparts } from "../../lib/channels/comparison";
import { type Digits, digitsOf } from "../../lib/channels/digits";
import { differenceOf, type Maps, numberAt } from "../../lib/channels/maps";
import { orderOf, placesIn } from "../../lib/channels/order";
import { PHOTO } from "../../lib/channels/photo";
import { overall, type Statistics, statisticsOf } from "../../lib/channels/statistics";
import type { Tiling } from "../../lib/raster/first_fit";
import type { Point } from "../../lib/raster/layout";
import { type Colouring, type Pane, paneOf, scalesFor } from "../../lib/raster/pane";
import type { Look } from "../../view.svelte";
import type { Layer } from "./fetched.svelte";

/** One picture of each tile. */
export interface ScenePane extends Pane {
  /** `"before"`, `"after"`; `""` where there is only one. */
  readonly title: string;
  readonly channels: readonly Statistics[];
  readonly whole: Statistics;
  /** Found when first asked for: many layers are never zoomed into. */
  readonly digits: () => Digits;
}

export interface Scene {
  readonly layer: Layer;
  /** The last is the op's own output, or what it changed. */
  readonly panes: readonly ScenePane[];
  /** Which channel stands at which place, and the other way round. */
  readonly order: Uint32Array;
  readonly places: Uint32Array;
  readonly kind: "maps" | "pair" | "difference";
  /** Whether all panes are coloured by one scale. */
  readonly common: boolean;
}

/** The scene of a layer; `before` where it is to be compared with something. */
export function sceneOf(layer: Layer, before: Layer | undefined, look: Look): Scene {
  const comparable = before && isComparable(layer, before) ? before : undefined;
  const colouring = colouringOf(look);
  if (comparable && look.comparison === "difference" && isAlike(layer, comparable)) {
    const maps = differenceOf(layer.maps, comparable.maps);
    const channels = statisticsOf(maps);
    const only = { maps, channels, whole: overall(channels) };
    const panes = [pane(only, [only], colouring, "difference")];
    return { layer, kind: "difference", common: true, panes, ...ordered(only, look) };
  }
  if (comparable && look.comparison === "pair") {
    const pixels = comparable.value.id === PHOTO;
    // Levels of light, 0 to 255, and normalised numbers have no scale in common.
    const both = look.common && !pixels ? [comparable, layer] : undefined;
    const panes = [
      pane(comparable, both ?? [comparable], colouring, pixels ? "pixels" : "before"),
      pane(layer, both ?? [layer], colouring, pixels ? "input" : "after"),
    ];
    const common = both !== undefined || look.scope === "fixed";
    return { layer, kind: "pair", common, panes, ...ordered(layer, look) };
  }
  const panes = [pane(layer, [layer], colouring, "")];
  return { layer, kind: "maps", common: true, panes, ...ordered(layer, look) };
}

/** What of a scene its layout depends on. */
export function tilingOf({ layer, panes }: Scene): Tiling {
  const { count, layout } = layer.maps.planes;
  return {
    count,
    panes: panes.map(({ height, width }) => ({ height, width })),
    numbered: layout !== "plane",
  };
}

/** The pane of the output itself. */
export function mainPane({ panes }: Scene): ScenePane {
  return panes[panes.length - 1]!;
}

/** The index in the output that a point of the sheet is at; undefined for one before the op. */
export function indexAt(scene: Scene, { place, pane, y, x }: Point): number[] | undefined {
  const shown = scene.panes[pane];
  const main = mainPane(scene);
  const same = shown?.height === main.height && shown.width === main.width;
  if (!shown || !same) return undefined;
  return main.maps.planes.at({ channel: scene.order[place]!, y, x });
}

/** Where an index in the output stands, if it is among the drawn numbers. */
export function pointOf(scene: Scene, at: readonly number[] | null | undefined): Point | undefined {
  const spot = at ? mainPane(scene).maps.planes.spot(at) : undefined;
  if (!spot) return undefined;
  const place = scene.places[spot.channel];
  if (place === undefined) return undefined;
  return { place, pane: scene.panes.length - 1, y: spot.y, x: spot.x };
}

/** The number at a point. */
export function numberOf(scene: Scene, { place, pane, y, x }: Point): number {
  return numberAt(scene.panes[pane]!.maps, { channel: scene.order[place]!, y, x });
}

/** Where a point is, in words: `"channel 3, row 5, column 5"`. */
export function placeWords(scene: Scene, { place, pane, y, x }: Point): string {
  const { layout } = scene.layer.maps.planes;
  const channel = layout === "plane" ? [] : [`channel ${scene.order[place]}`];
  const inside = layout === "vector" ? [] : [`row ${y}`, `column ${x}`];
  const title = scene.panes[pane]?.title ?? "";
  return [...(title ? [title] : []), ...channel, ...inside].join(", ");
}

/** How the user wants numbers coloured. */
export function colouringOf({ map, scope, limits }: Look): Colouring {
  return { map: map === "auto" ? undefined : map, scope, limits };
}

function isComparable({ network, value, sample }: Layer, before: Layer): boolean {
  if (before.network !== network) return false;
  if (value.op === null) return before.value.id === PHOTO;
  const found = counterparts(network, network.op(value.op), network.outputOf(value));
  const fits = found.some((one) => one.value.id === before.value.id);
  return fits && (before.sample === sample || before.value.shape[0] === 1);
}

function isAlike({ maps: { planes } }: Layer, { maps: before }: Layer): boolean {
  return planes.height === before.planes.height && planes.width === before.planes.width;
}

function ordered({ maps, channels }: Shown, look: Look): Pick<Scene, "order" | "places"> {
  const order = orderOf(maps, channels, look.ordering);
  return { order, places: placesIn(order) };
}

interface Shown {
  readonly maps: Maps;
  readonly channels: readonly Statistics[];
  readonly whole: Statistics;
}

function pane(
  { maps, channels, whole }: Shown,
  scaledBy: readonly Shown[],
  colouring: Colouring,
  title: string,
): ScenePane {
  const parts = scaledBy.map((one) => one.channels);
  const scaleOf = scalesFor(parts, colouring, maps.truth);
  let digits: Digits | undefined;
  return {
    ...paneOf(maps, channels, scaleOf),
    title,
    channels,
    whole,
    digits: () => {
      digits ??= digitsOf(maps, whole);
      return digits;
    },
  };
}
