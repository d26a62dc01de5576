/** The bundle's one entry: the page that holds it says where its walk comes from. */

import { EmbeddedSource } from "../sources/embedded";
import { embeddedRun } from "../sources/embedded_run";
import { HttpSource } from "../sources/http";
import { keyFrom, opensDoor } from "../sources/key";
import { BrowserAddress } from "./address";
import { mountExplorer } from "./mount";
import { render } from "./widget";

const host = document.querySelector<HTMLElement>("body > [data-layerwalk]");
if (host?.dataset.layerwalk === "server") {
  const token = keyFrom(location, history);
  mountExplorer(host, new HttpSource(token), new BrowserAddress());
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
