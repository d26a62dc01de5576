/** A value that is fetched because it was selected: the last one asked for wins. */

import { type Maps, mapsOf, regionOfSample } from "../../lib/channels/maps";
import { asValue, PHOTO } from "../../lib/channels/photo";
import { overall, type Statistics, statisticsOf } from "../../lib/channels/statistics";
import type { Network } from "../../lib/network";
import type { Tensor } from "../../source";
import type { View } from "../../view.svelte";
import type { ValueSheet } from "../../wire";

/** One sample of a value, and what its channels hold: in all slices, also those not drawn. */
export interface Layer {
  readonly network: Network;
  readonly value: ValueSheet;
  readonly sample: number;
  /** The trace whose numbers these are. */
  readonly home: string;
  /** Which slice of it, where it is a volume. */
  readonly slice: readonly number[];
  readonly maps: Maps;
  readonly channels: readonly Statistics[];
  readonly whole: Statistics;
  /** When it was asked for, as `performance.now()` has it. */
  readonly asked: number;
}

export class Fetched {
  /** What was fetched last; it stays until the next is here. */
  shown = $state.raw<Layer>();
  /** Whether something else was asked for since. */
  waiting = $state(false);
  /** Why it could not be had, in a sentence. */
  problem = $state.raw<string>();

  readonly #view: View;
  #turn = 0;

  constructor(view: View) {
    this.#view = view;
  }

  /** Show a sample of this value as soon as it is here; nothing, where there is none. */
  ask(
    network: Network | undefined,
    value: ValueSheet | undefined,
    sample: number,
    slice: readonly number[],
  ): void {
    const turn = ++this.#turn;
    const asked = performance.now();
    this.problem = undefined;
    this.waiting = false;
    if (!network || !value) {
      this.shown = undefined;
      return;
    }
    const samples = network.samples(value);
    const one = Math.min(sample, Math.max(0, samples - 1));
    const home = value.id === PHOTO ? network.photoHome : network.home(value.id);
    const of = { network, value, sample: one, home, slice, asked };
    const { shown } = this;
    const alike = shown !== undefined && isSame(shown, of);
    const known = alike && shown.home === home ? shown : undefined;
    if (known?.slice.join() === slice.join()) {
      if (known.network !== network) this.shown = { ...known, network, value };
      return;
    }
    const wanted = { trace: home, value: value.id, region: regionOfSample(samples, one) };
    const show = (tensor: Tensor): void => {
      this.waiting = false;
      this.shown = layerOf(of, tensor, known);
    };
    const held = this.#view.tensors.held(wanted);
    if (held) {
      show(held);
      return;
    }
    // Other numbers of the same, as edits make them, take their place without a pause.
    this.waiting = !alike || known !== undefined;
    const fetched =
      value.id === PHOTO
        ? this.#view.source.photo(home).then(asValue)
        : this.#view.tensors.get(wanted);
    fetched.then(
      (tensor) => {
        if (turn === this.#turn) show(tensor);
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        this.waiting = false;
        this.shown = undefined;
        this.problem = error instanceof Error ? error.message : String(error);
      },
    );
  }
}

/** Whether two layers are the same value and sample of a walk, whatever edits were made of it. */
export function isSame(one: Aspect, other: Aspect): boolean {
  return (
    one.network.root === other.network.root &&
    one.value.id === other.value.id &&
    one.value.shape.join() === other.value.shape.join() &&
    one.sample === other.sample
  );
}

type Aspect = Pick<Layer, "network" | "value" | "sample">;

/** @param known - Another slice of the same: what its channels hold is worked out already. */
function layerOf(
  of: Pick<Layer, "network" | "value" | "sample" | "home" | "slice" | "asked">,
  tensor: Tensor,
  known: Layer | undefined,
): Layer {
  const { network, value, sample, slice } = of;
  const maps = mapsOf(value, tensor, { axis: network.channelAxis(value), sample, slice });
  const channels = known?.channels ?? statisticsOf(maps);
  return { ...of, maps, channels, whole: known?.whole ?? overall(channels) };
}
