/** The bundle's one entry: the page that holds it says where its walk comes from. */

import { pairFrom } from "../lib/run/pairing";
import { EmbeddedSource } from "../sources/embedded";
import { embeddedRun } from "../sources/embedded_run";
import { HttpSource } from "../sources/http";
import { keyFrom, opensDoor } from "../sources/key";
import { BrowserAddress } from "./address";
import { mountExplorer } from "./mount";
import { render } from "./widget";

const host = document.querySelector<HTMLElement>("body > [data-layerwalk]");
if (import.meta.env.MODE !== "whole" && host?.dataset.layerwalk === "server") {
  const token = keyFrom(location, history);
  const source = new HttpSource(token);
  if (pairFrom(location.hash.slice(1))) {
    void import("./beside").then(({ mountBeside }) => mountBeside(host, source, token));
  } else {
    const { view } = mountExplorer(host, source, new BrowserAddress());
    // A page around this one shows another training beside it.
    if (window.parent !== window) void import("./linked.svelte").then(({ link }) => link(view));
  }
  // A new link in an old tab: a server that was started anew.
  addEventListener("hashchange", () => {
    if (opensDoor(location.hash)) location.reload();
  });
} else if (host?.dataset.layerwalk === "report") {
  const sheet = JSON.parse(textOf("layerwalk-sheet"));
  const source = sheet.run ? embeddedRun(sheet, textOf) : new EmbeddedSource(sheet, textOf);
  mountExplorer(host, source, new BrowserAddress());
}

/** What a script element of the page holds. */
function textOf(id: string): string {
  return document.getElementById(id)?.textContent ?? "";
}

// A notebook's widget, as anywidget asks for it.
export default { render };
