/** A page that stands beside another one: it tells what it shows, and shows what it is asked for. */

import { isMessage, type Shown } from "../lib/run/pairing";
import { runOf } from "../lib/run/steps";
import type { View } from "../view.svelte";
import { WRITTEN } from "./address";

/** Link a page to the one around it, for as long as it lives. */
export function link(view: View): void {
  const around = window.parent;
  let heard = 0;

  function tell(): void {
    const { replay, selection } = view;
    const shown: Shown = {
      kind: "shown",
      // What is being opened is not shown yet.
      run: runOf(view.trace),
      change: replay.sheet?.change,
      step: replay.wanted,
      sample: selection.sample,
      address: location.hash.slice(1),
      heard,
    };
    around.postMessage(shown, location.origin);
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (source !== around || origin !== location.origin || !isMessage(data, "wanted")) return;
    heard = data.number;
    const samples = view.network?.samples(view.network.value(view.selection.op)!) ?? 1;
    if (data.sample !== view.selection.sample && data.sample < samples)
      view.select({ sample: data.sample, at: null, trail: [] }, { step: false });
    if (data.step !== view.replay.wanted) view.replay.go(data.step);
    else tell();
  });
  addEventListener(WRITTEN, tell);
  addEventListener("popstate", tell);
  $effect.root(() => {
    $effect(tell);
  });
}
