/** What the layer panel shows, worked out from what all panels share. */

import { type Counterpart, counterparts } from "../../lib/channels/comparison";
import { photoBeside } from "../../lib/channels/photo";
import type { Scale } from "../../lib/colour";
import type { Network } from "../../lib/network";
import { tell } from "../../lib/numerals";
import { type Cut, planesOf } from "../../lib/planes";
import type { Tiling } from "../../lib/raster/first_fit";
import type { Point } from "../../lib/raster/layout";
import type { View } from "../../view.svelte";
import type { OpSheet, ValueSheet } from "../../wire";
import { Camera } from "./camera.svelte";
import { Fetched } from "./fetched.svelte";
import {
  channelWords,
  indexAt,
  numberOf,
  placeWords,
  pointOf,
  type Scene,
  sceneOf,
  tilingOf,
} from "./scene";
import { type Contributed, Shares } from "./shares.svelte";

export class LayerView {
  readonly view: View;
  readonly after: Fetched;
  readonly before: Fetched;
  readonly shares: Shares;
  readonly camera: Camera;
  /** How many tiles are in view. */
  inView = $state(0);
  #pointed = $state.raw<Point>();
  #counterpart = $state.raw<number>();

  /** The op that is selected; undefined: an input of the network. */
  readonly op: OpSheet | undefined = $derived.by(() => {
    const { op } = this.view.selection;
    return op === null ? undefined : this.view.network?.op(op);
  });

  /** With what the selected output can be compared. */
  readonly counterparts: readonly Counterpart[] = $derived.by(() => {
    const { network, selection, value } = this.view;
    if (!network || !value) return [];
    if (this.op) return counterparts(network, this.op, selection.output);
    const photo = photoBeside(network, value);
    return photo ? [photo] : [];
  });

  /** With what it is compared, if the user asked for it. */
  readonly counterpart: Counterpart | undefined = $derived.by(() => {
    const { comparison } = this.view.look;
    const { value, editing } = this.view;
    // What edits changed goes before what the op itself changed.
    const before = value && editing.against?.byId(value.id);
    if (before) return { value: before, same: before.shape.join() === value.shape.join() };
    if (comparison === "none") return undefined;
    const found = this.counterparts.filter(({ same }) => same || comparison === "pair");
    return found.find(({ value }) => value.id === this.#counterpart) ?? found[0];
  });

  /** The walk in which the counterpart is: that without edits, where their difference is shown. */
  get networkBefore(): Network | undefined {
    return this.view.editing.against ?? this.view.network;
  }

  /** What of the selected value is not drawn, being a volume's other slices. */
  readonly cuts: readonly Cut[] = $derived.by(() => this.#cutsOf(this.view.value));
  readonly slice: readonly number[] = $derived.by(() => this.cuts.map(({ place }) => place));
  /** The slice before, which lies where the drawn one does. */
  readonly sliceBefore: readonly number[] = $derived.by(() =>
    this.#cutsOf(this.counterpart?.value).map(({ length }, k) => {
      const { place, length: after } = this.cuts[k] ?? { place: 0, length };
      return Math.floor(((place + 0.5) * length) / after);
    }),
  );

  /** The op whose channels can be ranked by what they contributed to the score. */
  readonly rankable: OpSheet | undefined = $derived.by(() =>
    (this.view.network?.sheet.prediction || this.view.about.target) &&
    this.view.selection.output === 0
      ? this.op
      : undefined,
  );

  /** What the drawn channels contributed, where they stand in that order. */
  readonly contributed: Contributed | undefined = $derived.by(() => {
    const layer = this.after.shown;
    const found = this.shares.found;
    const same = found?.network === layer?.network && found?.sample === layer?.sample;
    return same && found?.op === layer?.value.op ? found : undefined;
  });

  /** What is drawn. */
  readonly scene: Scene | undefined = $derived.by(() => {
    const layer = this.after.shown;
    if (!layer) return undefined;
    const before = this.counterpart ? this.before.shown : undefined;
    return sceneOf(layer, before, this.view.look, this.contributed?.channels);
  });

  /** The number under the pointer, also one that is not the op's own. */
  readonly pointed: Point | undefined = $derived.by(() => {
    const point = this.#pointed;
    const pane = point && this.scene?.panes[point.pane];
    if (!point || !pane || this.after.waiting) return undefined;
    // Since the pointer was there, other maps may have come.
    const inside =
      point.y < pane.height && point.x < pane.width && point.place < pane.channels.length;
    return inside ? point : undefined;
  });

  /** Whether what is drawn is not yet what is selected. */
  readonly waiting = $derived.by(
    () => this.after.waiting || (this.counterpart !== undefined && this.before.waiting),
  );

  /** The channel that is chosen, by itself or with a number of it. */
  readonly channel: number | undefined = $derived.by(() => {
    const { scene } = this;
    if (!scene || this.after.waiting) return undefined;
    const { at, channel } = this.view.selection;
    const { planes } = scene.layer.maps;
    const found = at ? planes.spot(at)?.channel : channel;
    return found !== null && found !== undefined && found < planes.count ? found : undefined;
  });

  readonly tile: number | undefined = $derived.by(() =>
    this.channel === undefined || this.scene?.layer.maps.planes.layout === "plane"
      ? undefined
      : this.scene?.places[this.channel],
  );
  readonly chosen: Point | undefined = $derived.by(() =>
    this.scene && !this.after.waiting ? pointOf(this.scene, this.view.selection.at) : undefined,
  );

  /** The numbers that are looked at: where both maps have it, before and after. */
  readonly looked: readonly Point[] = $derived.by(() => {
    const { scene, pointed } = this;
    if (!scene || this.after.waiting) return [];
    const point = pointOf(scene, this.view.hovered) ?? pointed;
    if (!point) return [];
    const shared = scene.panes.every(
      ({ height, width }) => height === scene.panes[0]!.height && width === scene.panes[0]!.width,
    );
    return shared ? scene.panes.map((_, pane) => ({ ...point, pane })) : [point];
  });

  constructor(view: View) {
    this.view = view;
    this.after = new Fetched(view);
    this.before = new Fetched(view);
    this.shares = new Shares(view);
    this.camera = new Camera(() => this.#tiling());
  }

  /** Compare with another of the counterparts. */
  compareWith(value: number): void {
    this.#counterpart = value;
  }

  /** A number in words: `"channel 3, row 5, column 5: 1.37"`. */
  words(point: Point): string {
    if (!this.scene) return "";
    return `${placeWords(this.scene, point)}: ${tell(numberOf(this.scene, point))}`;
  }

  /** The pointer, or the keyboard, is at a number. */
  look(point: Point | undefined): void {
    this.#pointed = point;
    this.view.hovered = point && this.scene ? indexAt(this.scene, point) : undefined;
  }

  /** Another slice; the number that is chosen moves with it. */
  cut({ axis }: Cut, place: number): void {
    const { at } = this.view.selection;
    const slice = this.cuts.map((cut) => (cut.axis === axis ? place : cut.place));
    const moved = at?.map((old, k) => (k === axis ? place : old)) ?? null;
    this.view.select({ slice, at: moved, trail: [] }, { step: false });
  }

  /** That number is chosen. */
  pick(point: Point): void {
    if (!this.scene) return;
    const at = indexAt(this.scene, point);
    const channel = this.scene.order[point.place] ?? null;
    this.view.select(at ? { channel, at, trail: [] } : { channel, at: null, trail: [] });
  }

  /** From the number to its channel, to the layer, to all of it. */
  leave(): void {
    const { at, channel } = this.view.selection;
    const slice = this.cuts.length > 0 ? this.slice : null;
    if (at) this.view.select({ at: null, channel: this.channel ?? null, slice, trail: [] });
    else if (channel !== null) this.view.select({ channel: null });
    else this.camera.reset();
  }

  /** The scale that the legend tells, of the output's maps or of those before. */
  scale(pane: number): Scale | undefined {
    const { scene } = this;
    const place = this.pointed?.place;
    const channel = place === undefined ? (this.channel ?? scene?.order[0]) : scene?.order[place];
    return channel === undefined ? undefined : scene?.panes[pane]?.scaleOf(channel);
  }

  /** The first thing to be seen of the maps, where something is chosen. */
  get landing(): Point | undefined {
    const { chosen, tile, scene } = this;
    if (chosen || tile === undefined || !scene) return chosen;
    return { place: tile, pane: scene.panes.length - 1, y: 0, x: 0 };
  }

  /** The channels that the numbers in words are of. */
  get counted(): { readonly of: string; readonly channels: readonly number[] } {
    const all = this.scene ? [...this.scene.order.keys()] : [];
    const { scene } = this;
    return scene?.layer.maps.planes.layout === "maps" && this.channel !== undefined
      ? { of: channelWords(scene, this.channel), channels: [this.channel] }
      : { of: "the whole layer", channels: all };
  }

  #cutsOf(value: ValueSheet | undefined): readonly Cut[] {
    const { network, selection } = this.view;
    if (!network || !value || value.shape.includes(0)) return [];
    const { at, slice } = selection;
    const own = value === this.view.value ? { at, slice } : {};
    return planesOf(value.shape, network.channelAxis(value), own).cuts;
  }

  #tiling(): Tiling {
    if (this.scene) return tilingOf(this.scene);
    const { network, value } = this.view;
    if (!network || !value) return { count: 0, panes: [], numbered: false };
    const planes = planesOf(value.shape, network.channelAxis(value));
    const { count, height, width, layout } = planes;
    return { count, panes: [{ height, width }], numbered: layout !== "plane" };
  }
}
