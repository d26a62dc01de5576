/** Puts two trainings beside each other into the page. */

import { mount } from "svelte";
import Beside from "../Beside.svelte";
import { Pair } from "../pair.svelte";
import type { RunSource, TraceSource } from "../source";
import "../tokens.css";

/** @param token - Asks for what lets the two pages in. */
export function mountBeside(
  host: HTMLElement,
  source: TraceSource & RunSource,
  token: () => Promise<string>,
): void {
  host.classList.add("layerwalk");
  const pair = new Pair(source, location.hash.slice(1));
  mount(Beside, { target: host, props: { pair, token, host } });
}
