/** What the sheet of maps shows: one value's maps, those before beside them, or their difference. */

import { counterparts } from "../../lib/channels/comparison";
import { type Digits, digitsOf } from "../../lib/channels/digits";
import { areAlike, differenceOf, type Maps, numberAt } from "../../lib/channels/maps";
import { orderOf, placesIn } from "../../lib/channels/order";
import { coloursOf, PHOTO } from "../../lib/channels/photo";
import { overall, type Statistics, statisticsOf } from "../../lib/channels/statistics";
import type { Look } from "../../lib/look";
import type { Tiling } from "../../lib/raster/first_fit";
import type { Point } from "../../lib/raster/layout";
import { type Colouring, type Pane, paneOf, scalesFor } from "../../lib/raster/pane";
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

/** What is drawn. */
export interface Drawn {
  /** The last is the op's own output, or what it changed. */
  readonly panes: readonly ScenePane[];
  /** Which channel stands at which place. */
  readonly order: Uint32Array;
  /** What the channels are called; by their numbers, if not given. */
  readonly names?: readonly string[] | undefined;
}

export interface Scene extends Drawn {
  readonly layer: Layer;
  /** At which place each channel stands. */
  readonly places: Uint32Array;
  readonly kind: "maps" | "pair" | "difference";
  /** Whether all panes are coloured by one scale. */
  readonly common: boolean;
}

/**
 * The scene of a layer; `before` where it is to be compared with something.
 *
 * @param shares - What each channel contributed to the score, where that is known.
 */
export function sceneOf(
  layer: Layer,
  before: Layer | undefined,
  look: Look,
  shares: readonly (number | null)[] = [],
): Scene {
  const names = coloursOf(layer.network, layer.value);
  const comparable = before && isComparable(layer, before) ? before : undefined;
  const usual = colouringOf(look);
  // What edits changed goes both ways from zero, even where all of it went one way.
  const edited = before !== undefined && isUnedited(layer, before);
  const colouring: Colouring = edited ? { ...usual, map: usual.map ?? "bluered" } : usual;
  const alike = comparable && areAlike(layer.maps.planes, comparable.maps.planes);
  if (comparable && alike && (edited || look.comparison === "difference")) {
    const maps = differenceOf(layer.maps, comparable.maps);
    const channels = statisticsOf(maps);
    const only = { maps, channels, whole: overall(channels) };
    const panes = [pane(only, [only], colouring, "difference")];
    return {
      layer,
      kind: "difference",
      common: true,
      panes,
      names,
      ...ordered(only, look, shares),
    };
  }
  if (comparable && !edited && look.comparison === "pair") {
    const pixels = comparable.value.id === PHOTO;
    // Levels of light, 0 to 255, and normalised numbers have no scale in common.
    const both = look.common && !pixels ? [comparable, layer] : undefined;
    const panes = [
      pane(comparable, both ?? [comparable], colouring, pixels ? "pixels" : "before"),
      pane(layer, both ?? [layer], colouring, pixels ? "input" : "after"),
    ];
    const common = both !== undefined || look.scope === "fixed";
    return { layer, kind: "pair", common, panes, names, ...ordered(layer, look, shares) };
  }
  const panes = [pane(layer, [layer], usual, "")];
  return { layer, kind: "maps", common: true, panes, names, ...ordered(layer, look, shares) };
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
  // An edit may have made the maps smaller.
  const { height, width } = mainPane(scene);
  if (place === undefined || spot.y >= height || spot.x >= width) return undefined;
  return { place, pane: scene.panes.length - 1, y: spot.y, x: spot.x };
}

/** The number at a point. */
export function numberOf(scene: Scene, { place, pane, y, x }: Point): number {
  return numberAt(scene.panes[pane]!.maps, { channel: scene.order[place]!, y, x });
}

/** What a channel is called: `"channel 3"`, `"channel 0 (red)"`. */
export function channelWords({ names }: Drawn, channel: number): string {
  const colour = names?.[channel];
  return colour ? `channel ${channel} (${colour})` : `channel ${channel}`;
}

/** Where a point is, in words: `"channel 3, row 5, column 5"`. */
export function placeWords(scene: Scene, { place, pane, y, x }: Point): string {
  const { layout } = scene.layer.maps.planes;
  const channel = layout === "plane" ? [] : [channelWords(scene, scene.order[place]!)];
  const inside = layout === "vector" ? [] : [`row ${y}`, `column ${x}`];
  const title = scene.panes[pane]?.title ?? "";
  return [...(title ? [title] : []), ...channel, ...inside].join(", ");
}

/** How the user wants numbers coloured. */
export function colouringOf({ map, scope, limits }: Look): Colouring {
  return { map: map === "auto" ? undefined : map, scope, limits };
}

/** Whether one layer is the other one without the user's edits. */
function isUnedited({ network, value, sample }: Layer, before: Layer): boolean {
  return (
    network.base === before.network && value.id === before.value.id && sample === before.sample
  );
}

function isComparable(layer: Layer, before: Layer): boolean {
  const { network, value, sample } = layer;
  if (isUnedited(layer, before)) return true;
  if (before.network !== network) return false;
  if (value.op === null) return before.value.id === PHOTO;
  const found = counterparts(network, network.op(value.op), network.outputOf(value));
  const fits = found.some((one) => one.value.id === before.value.id);
  return fits && (before.sample === sample || network.samples(before.value) === 1);
}

function ordered(
  { maps, channels }: Shown,
  look: Look,
  shares: readonly (number | null)[],
): Pick<Scene, "order" | "places"> {
  const order = orderOf(maps, channels, look.ordering, shares);
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
