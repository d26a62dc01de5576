/** For developing: the page on a small walk that needs no Python. */

import { FakeSource } from "../sources/fake";
import { BrowserAddress } from "./address";
import { mountExplorer } from "./mount";

const host = document.querySelector<HTMLElement>("[data-layerwalk]");
if (host) mountExplorer(host, new FakeSource(), new BrowserAddress());
