/** Where nothing is chosen, a number to begin with: the largest of the layer. */

import { untrack } from "svelte";
import { exampleOp, largestPlace } from "../../lib/cell/example";
import { bytesOf, WHOLE } from "../../lib/cell/holding";
import type { Cell } from "../../lib/selection";
import type { View } from "../../view.svelte";

/** So long a layer is looked at before a number of it is picked, in ms: not while one walks on. */
const PAUSE = 250;

/** Make it while a component is set up: it lives as long as that. */
export class Example {
  readonly #view: View;
  readonly #isWanted: () => boolean;
  #cell = $state.raw<Cell>();
  /** Of which output of which walk it is. */
  #of = "";

  /** @param isWanted - Whether there is room for it. */
  constructor(view: View, isWanted: () => boolean) {
    this.#view = view;
    this.#isWanted = isWanted;
    $effect(() => this.#pick());
  }

  get cell(): Cell | undefined {
    return this.#cell;
  }

  readonly #chosen = $derived.by(() => this.#view.selection.at !== null);
  readonly #op = $derived.by(() => {
    const { network, selection } = this.#view;
    return network && exampleOp(network, selection.op, selection.output);
  });
  readonly #output = $derived.by(() => {
    const { op, output } = this.#view.selection;
    return op === null ? 0 : output;
  });
  readonly #sample = $derived.by(() => this.#view.selection.sample);

  #pick(): undefined | (() => void) {
    const { network, tensors } = this.#view;
    const [op, output, sample] = [this.#op, this.#output, this.#sample];
    const wanted = !this.#chosen && this.#isWanted();
    const of = `${network?.root.id} ${op} ${output} ${sample}`;
    // With other edits it is the same number that is looked at.
    if (wanted && untrack(() => this.#cell) && this.#of === of) return undefined;
    this.#of = of;
    this.#cell = undefined;
    const value = op === undefined ? undefined : network?.value(op, output);
    if (!wanted || !network || op === undefined || !value || bytesOf(value) > WHOLE)
      return undefined;
    const stop = new AbortController();
    const pick = async (): Promise<void> => {
      const { data } = await tensors.get({
        trace: network.home(value.id),
        value: value.id,
        region: "",
      });
      const at = largestPlace(data, value.shape, sample);
      if (at && !stop.signal.aborted) this.#cell = { op, output, at };
    };
    // Where the numbers cannot be had there is no example; the layer's own panel says why.
    const wait = setTimeout(() => void pick().catch(() => undefined), PAUSE);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }
}
