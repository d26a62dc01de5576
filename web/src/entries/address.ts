/** Where the page's state is kept: behind the `#` of the browser's address. */

import type { Address } from "../view.svelte";

/** Told to the page's own window whenever its address was written. */
export const WRITTEN = "layerwalk:written";

export class BrowserAddress implements Address {
  read(): URLSearchParams {
    return new URLSearchParams(location.hash.slice(1));
  }

  write(said: URLSearchParams, step: boolean): void {
    // Commas and colons may stand in an address; plain ones are pleasanter to read.
    const text = `#${said}`
      .replaceAll("%2C", ",")
      .replaceAll("%3A", ":")
      .replaceAll("%40", "@")
      .replaceAll("%7E", "~");
    if (text === location.hash) return;
    if (step) history.pushState(null, "", text);
    else history.replaceState(null, "", text);
    dispatchEvent(new Event(WRITTEN));
  }

  changed(tell: () => void): () => void {
    // "popstate" comes with Back and with a link that is typed in by hand.
    addEventListener("popstate", tell);
    return () => removeEventListener("popstate", tell);
  }

  link(): string {
    return location.href;
  }
}

/** A place that keeps the state for as long as the page lives: in a notebook's cell. */
export class MemoryAddress implements Address {
  #said: URLSearchParams;

  /** @param said - What is shown at first. */
  constructor(said = new URLSearchParams()) {
    this.#said = said;
  }

  read(): URLSearchParams {
    return new URLSearchParams(this.#said);
  }

  write(said: URLSearchParams): void {
    this.#said = new URLSearchParams(said);
  }

  changed(): () => void {
    return () => undefined;
  }

  link(): undefined {
    return undefined;
  }
}
