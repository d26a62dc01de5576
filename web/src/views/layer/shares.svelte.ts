/** What each channel of the selected op contributed to a score, where channels stand in that order. */

import type { Network } from "../../lib/network";
import type { View } from "../../view.svelte";
import type { ContributionSheet, OpSheet } from "../../wire";

/** The contributions to one image's score. */
export interface Contributed extends ContributionSheet {
  readonly network: Network;
  readonly sample: number;
  /** To what, as it was asked. */
  readonly about: string;
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
  ask(network: Network | undefined, op: OpSheet | undefined, sample: number, about = ""): void {
    const turn = ++this.#turn;
    if (!network || !op) {
      this.found = undefined;
      return;
    }
    const { found } = this;
    const same = found?.network === network && found.sample === sample && found.about === about;
    if (same && found.op === op.index) return;
    this.found = undefined;
    this.#view.source.contributions(network.id, op.index, sample, about).then(
      (sheet) => {
        if (turn === this.#turn) this.found = { ...sheet, network, sample, about };
      },
      (error: unknown) => {
        if (turn !== this.#turn) return;
        this.#view.draw({ ordering: "index" });
        this.#view.complain(error);
      },
    );
  }
}
