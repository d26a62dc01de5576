/** What each channel of the selected op contributed to the score, where channels stand in that order. */

import type { Network } from "../../lib/network";
import type { View } from "../../view.svelte";
import type { ContributionSheet, OpSheet } from "../../wire";

/** The contributions to one image's score. */
export interface Contributed extends ContributionSheet {
  readonly network: Network;
  readonly sample: number;
}

export class Shares {
  /** What was asked for last; the channels wait in the order of their numbers until it is here. */
  found = $state.raw<Contributed>();

  readonly #view: View;
  #turn = 0;

  constructor(view: View) {
    this.#view = view;
  }

  /** Ask for an op's; where they cannot be had, the page says why and orders by number. */
  ask(network: Network | undefined, op: OpSheet | undefined, sample: number): void {
    const turn = ++this.#turn;
    if (!network || !op) {
      this.found = undefined;
      return;
    }
    const { found } = this;
    if (found?.network === network && found.op === op.index && found.sample === sample) return;
    this.found = undefined;
    this.#view.source.contributions(network.id, op.index, sample).then(
      (sheet) => {
        if (turn === this.#turn) this.found = { ...sheet, network, sample };
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        this.#view.draw({ ordering: "index" });
        this.#view.complain(error);
      },
    );
  }
}
