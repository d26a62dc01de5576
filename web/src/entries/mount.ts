/** Puts the explorer into a place of the document. */

import { mount, unmount } from "svelte";
import Explorer from "../Explorer.svelte";
import type { TraceSource } from "../source";
import { type Address, View } from "../view.svelte";
import "../tokens.css";

/** Mounts the explorer; gives back its state, and what takes it away again. */
export function mountExplorer(
  host: HTMLElement,
  source: TraceSource,
  address: Address,
): { view: View; take: () => void } {
  host.classList.add("layerwalk");
  const view = new View(source, address);
  const app = mount(Explorer, { target: host, props: { view, host } });
  const stop = address.changed(() => view.follow());
  void view.start();
  const take = (): void => {
    stop();
    void unmount(app);
  };
  return { view, take };
}
