/** A value that is fetched because it was selected: the last one asked for wins. */

import { isFlat, type Maps, mapsOf, regionOfSample } from "../../lib/channels/maps";
import { asValue, PHOTO } from "../../lib/channels/photo";
import { overall, type Statistics, statisticsOf } from "../../lib/channels/statistics";
import type { Network } from "../../lib/network";
import type { Tensor } from "../../source";
import type { View } from "../../view.svelte";
import type { ValueSheet } from "../../wire";

/** One sample of a value, and what its channels hold. */
export interface Layer {
  readonly network: Network;
  readonly value: ValueSheet;
  readonly sample: number;
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
  ask(network: Network | undefined, value: ValueSheet | undefined, sample: number): void {
    const turn = ++this.#turn;
    const asked = performance.now();
    this.problem = undefined;
    this.waiting = false;
    if (!network || !value) {
      this.shown = undefined;
      return;
    }
    const batch = value.shape.length > 1 ? (value.shape[0] ?? 1) : 1;
    const one = Math.min(sample, Math.max(0, batch - 1));
    const wanted = { trace: network.id, value: value.id, region: regionOfSample(value, one) };
    const show = (tensor: Tensor): void => {
      this.waiting = false;
      this.shown = layerOf(network, value, one, tensor, asked);
    };
    const held = this.#view.tensors.held(wanted);
    if (held) {
      show(held);
      return;
    }
    this.waiting = true;
    const fetched =
      value.id === PHOTO
        ? this.#view.source.photo(network.id).then(asValue)
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

function layerOf(
  network: Network,
  value: ValueSheet,
  sample: number,
  tensor: Tensor,
  asked: number,
): Layer {
  const axis = network.channelAxis(value);
  const maps = mapsOf(value, tensor, { axis, sample, flat: isFlat(network) });
  const channels = statisticsOf(maps);
  return { network, value, sample, maps, channels, whole: overall(channels), asked };
}
