/** The number that is shown as it was without the edits, where their difference is looked at. */

import { Explainer } from "../../lib/cell/explainer";
import type { Explanation } from "../../lib/cell/explanation";
import type { View } from "../../view.svelte";

/** Make it while a component is set up: it lives as long as that. */
export class CellBefore {
  readonly #view: View;
  readonly #after: () => Explanation | undefined;
  /** Grows when something has arrived. */
  #arrived = $state(0);

  readonly #op = $derived.by(() => this.#after()?.op.index);
  readonly #output = $derived.by(() => this.#after()?.output ?? 0);
  readonly #explainer = $derived.by(() => {
    const { editing, tensors } = this.#view;
    const base = editing.against;
    if (!base || this.#op === undefined) return undefined;
    return new Explainer(base, base.op(this.#op), this.#output, tensors);
  });

  /** Its place, where the value had one of this place. */
  readonly #at = $derived.by(() => {
    const after = this.#after();
    const shape = this.#explainer?.made.shape;
    return after && String(shape) === String(after.made.shape) ? after.at : undefined;
  });

  /** Whether it is made of the same numbers: there is nothing to compare. */
  readonly same: boolean = $derived.by(() => {
    const { against, edited } = this.#view.editing;
    const after = this.#after();
    if (!against || !edited || !after) return false;
    const { settings } = against.op(after.op.index);
    const values = [after.made, ...after.inputs];
    const kept = values.every(({ id }) => edited.home(id) === against.id);
    return kept && String(settings) === String(after.op.settings);
  });

  readonly explanation: Explanation | undefined = $derived.by(() => {
    void this.#arrived;
    if (this.same || !this.#at || !this.#explainer?.ready(this.#at)) return undefined;
    const told = this.#explainer.tell(this.#at);
    return told.kind === "explained" ? told.explanation : undefined;
  });

  /** @param after - The same with the edits. */
  constructor(view: View, after: () => Explanation | undefined) {
    this.#view = view;
    this.#after = after;
    $effect(() => this.#fetch());
  }

  #fetch(): undefined | (() => void) {
    void this.#arrived;
    const explainer = this.#explainer;
    if (this.same || !this.#at || !explainer || explainer.ready(this.#at)) return undefined;
    let current = true;
    // What cannot be had is told by the explainer.
    void explainer.fetch(this.#at).then(() => {
      if (current) this.#arrived++;
    });
    return () => {
      current = false;
    };
  }
}
