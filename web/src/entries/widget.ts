/** The explorer in a notebook's cell, as anywidget calls it (https://anywidget.dev, the AFM). */

import { type Kernel, KernelSource } from "../sources/kernel";
import { MemoryAddress } from "./address";
import { mountExplorer } from "./mount";

/** What anywidget hands over: the model of the widget, and the cell's element. */
interface Rendered {
  readonly model: Kernel;
  readonly el: HTMLElement;
}

/** Puts the explorer into a cell; gives back what takes it away. */
export function render({ model, el }: Rendered): () => void {
  // A root of its own: the notebook's styles stay out, and the explorer's stay in.
  const root = el.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = String(model.get("styles"));
  const host = document.createElement("div");
  root.append(style, host);
  const source = new KernelSource(model);
  const first = new URLSearchParams(
    ["trace", "data"].map((name) => [name, String(model.get(name) ?? "")]).filter(([, id]) => id),
  );
  const { take } = mountExplorer(host, source, new MemoryAddress(first));
  return () => {
    take();
    source.hangUp();
  };
}
