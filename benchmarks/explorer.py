"""How quick and how small the explorer is: in Chromium without a window, on this machine.

    python benchmarks/explorer.py                  all of it
    python benchmarks/explorer.py bundle report    some of it

Each line has the goal; where a technique makes it quick or small, the same without it beside it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent.parent / "tests"))

from playwright.sync_api import Page, Route, sync_playwright

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.page_files import STATIC
from layerwalk.surfaces.report import make_report
from layerwalk.surfaces.server.server import Server
from torchvision_schemas import torchvision_operators

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WAIT = 60_000
ROUNDS = 5


def say(what: str, found: str, goal: str, beside: str = "") -> None:
    print(f"{what:<46} {found:>12}   {goal:<12} {beside}")


@contextmanager
def chromium() -> Iterator[Any]:
    path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def walked(name: str, image: str = "sample:dog") -> Trace:
    weights = "default" if name == "efficientnet_lite0" else "none"
    return lw.trace(lw.load_model(name, weights=weights), image)


def latest(page: Page, name: str) -> tuple[float, float]:
    """When the page's last measurement of a name began, and how long it took; milliseconds."""
    start, duration = page.evaluate(
        "name => { const last = performance.getEntriesByName(name).at(-1);"
        " return last ? [last.startTime, last.duration] : [-1, 0]; }",
        name,
    )
    return start, duration


def next_measure(page: Page, name: str, act: Callable[[], object]) -> float:
    """How long the page itself took for what an act began."""
    before, _ = latest(page, name)
    act()
    page.wait_for_function(
        "([name, before]) => performance.getEntriesByName(name).at(-1)?.startTime > before",
        arg=[name, before],
        timeout=WAIT,
    )
    return latest(page, name)[1]


def look_at(page: Page, op: str) -> None:
    """Choose a layer, as a link within the page does."""
    page.evaluate(
        "op => { const said = new URLSearchParams(location.hash.slice(1));"
        " for (const name of ['at', 'channel', 'trail']) said.delete(name);"
        " said.set('op', op); location.hash = String(said); }",
        op,
    )


def _at_once(script: str = "explorer.js") -> set[str]:
    """The scripts that are loaded with this one: those that it imports before it runs."""
    text = (STATIC / script).read_text(encoding="utf-8")
    return {script}.union(*map(_at_once, re.findall(r'(?:from|import)\s*"\./([^"]+)"', text)))


def bundle() -> None:
    """The page's size, compressed as a server would: what it begins with, and what may follow."""
    sizes = {file.name: len(gzip.compress(file.read_bytes())) for file in STATIC.iterdir()}
    first = {name: sizes.pop(name) for name in {"explorer.css", "index.html", *_at_once()}}
    parts = ", ".join(f"{name} {size / 1000:.0f}" for name, size in sorted(first.items()))
    later = ", ".join(f"{name} {size / 1000:.0f}" for name, size in sorted(sizes.items()))
    total = sum(first.values()) / 1000
    say("bundle, gzip", f"{total:.0f} kB", "150 kB", f"{parts}; not loaded at first: {later}")


def first_map() -> None:
    """From the end of the forward pass to the first map on the screen, ResNet-50."""
    model = lw.load_model("resnet50", weights="none")
    times = []
    with chromium() as browser:
        browser.new_page().close()
        for _ in range(3):
            trace = lw.trace(model, "sample:dog")
            begun = time.perf_counter()
            library = Library()
            key = library.add(trace)
            with Server(library) as server:
                page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 800})
                page.goto(server.link(key))
                page.wait_for_function(
                    "performance.getEntriesByName('layer').length > 0", timeout=WAIT
                )
                times.append(time.perf_counter() - begun)
                page.close()
    say("ResNet-50: forward pass to first map", f"{statistics.median(times):.2f} s", "1.5 s")


# The same maps as anybody would draw them first: numbers as JSON, a canvas for each channel, a
# rectangle for each number.
PLAIN_MAPS = """async (path) => {
  const begun = performance.now();
  const [maps] = await (await fetch(path)).json();
  let [low, high] = [Infinity, -Infinity];
  for (const map of maps) for (const row of map) for (const number of row) {
    low = Math.min(low, number);
    high = Math.max(high, number);
  }
  const place = document.createElement("div");
  document.body.append(place);
  for (const map of maps) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [map[0].length, map.length];
    place.append(canvas);
    const pen = canvas.getContext("2d");
    map.forEach((row, y) => row.forEach((number, x) => {
      const level = Math.round((255 * (number - low)) / (high - low));
      pen.fillStyle = `rgb(${level}, ${level}, ${level})`;
      pen.fillRect(x, y, 1, 1);
    }));
  }
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  const took = performance.now() - begun;
  place.remove();
  return took;
}"""


def plain_maps(page: Page, trace: Trace, op: str) -> float:
    """How long the same layer takes without raw numbers and without pictures drawn at once."""
    body = json.dumps(trace[op].array().tolist())
    page.route("**/plain.json", lambda route: route.fulfill(body=body))
    times: list[float] = [page.evaluate(PLAIN_MAPS, "/plain.json") for _ in range(3)]
    page.unroute("**/plain.json")
    return statistics.median(times)


def graph() -> None:
    """The whole of DenseNet-121, each op a card, laid out."""
    trace = walked("densenet121")
    library = Library()
    key = library.add(trace)
    edges = sum(value.op is not None for op in trace for value in op.inputs)
    with chromium() as browser, Server(library) as server:
        page = browser.new_page(bypass_csp=True, viewport={"width": 1920, "height": 1000})
        page.goto(server.link(key))
        page.wait_for_function("performance.getEntriesByName('layer').length > 0", timeout=WAIT)
        page.get_by_role("button", name="Graph").click()
        took = next_measure(page, "layout", page.get_by_role("button", name="Unfold all").click)
        page.close()
    say("DenseNet-121 laid out", f"{took:.0f} ms", "50 ms", f"{len(trace)} ops, {edges} edges")


def layers() -> None:
    """From choosing a layer to its maps on the screen, over loopback."""
    trace = walked("resnet50")
    library = Library()
    key = library.add(trace)
    with chromium() as browser, Server(library) as server:
        for op, shape in (("conv1", "64x112x112"), ("layer4.2.conv3", "2048x7x7")):
            times = []
            for _ in range(ROUNDS):
                page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 800})
                page.goto(server.link(key))
                page.wait_for_function(
                    "performance.getEntriesByName('layer').length > 0", timeout=WAIT
                )
                page.wait_for_timeout(500)
                times.append(next_measure(page, "layer", partial(look_at, page, op)))
                if len(times) == ROUNDS:
                    plain = plain_maps(page, trace, op)
                page.close()
            found = f"{statistics.median(times):.0f} ms"
            beside = f"as JSON, a rectangle a number: {plain:.0f} ms"
            say(f"choosing {shape} to its maps", found, "100 ms", beside)


def hover() -> None:
    """From pointing at a number to its arithmetic on the screen."""
    trace = walked("resnet50")
    library = Library()
    key = library.add(trace)
    with chromium() as browser, Server(library) as server:
        for op in ("conv1", "layer2.1.conv2", "layer4.2.conv2"):
            page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 1000})
            page.goto(f"{server.link(key)}&op={op}&at=0,1,2,3")
            page.wait_for_function("performance.getEntriesByName('cell').length > 0", timeout=WAIT)
            page.wait_for_timeout(1000)
            canvas = page.locator(".layer canvas").first
            box = canvas.bounding_box()
            assert box is not None
            times = []
            for step in range(20):
                # From number to number within the first map.
                place = (box["x"] + 4 + 9 * (step % 5), box["y"] + 4 + 9 * (step // 5))
                times.append(next_measure(page, "cell", partial(page.mouse.move, *place)))
            terms = trace[op].parameters[0].array()[0].size
            found = f"{statistics.median(times):.1f} ms"
            asked = asked_for(page, trace, op)
            beside = f"slowest {max(times):.1f} ms; asked of the server each time: {asked:.1f} ms"
            say(f"hover, {terms:,} terms", found, "16 ms", beside)
            page.close()


def asked_for(page: Page, trace: Trace, op: str) -> float:
    """How long the same arithmetic takes where the page asks for it, before anything is drawn."""

    def explained(route: Route) -> None:
        at = [int(part) for part in route.request.url.rpartition("/")[2].split(",")]
        found = lw.explain(trace, op, tuple(at))
        told = [(term.result, *(one.number for one in term.factors)) for term in found.terms]
        route.fulfill(body=json.dumps({"terms": told, "total": found.total}))

    page.route("**/explained/*", explained)
    asking = """async (path) => {
      const begun = performance.now();
      await (await fetch(path)).json();
      return performance.now() - begun;
    }"""
    times: list[float] = [page.evaluate(asking, f"/explained/0,1,{k},{k}") for k in range(7)]
    page.unroute("**/explained/*")
    return statistics.median(times)


def edits() -> None:
    """From a keystroke in a kernel to every visible map, beside what the ops downstream take."""
    with chromium() as browser:
        for name, op in (("tiny_vgg", "conv_1_1"), ("efficientnet_lite0", "features.0.conv")):
            trace = walked(name)
            library = Library()
            key = library.add(trace)
            weight = next(value.name for value in trace[op].inputs if value.role == "parameter")
            forward = []
            for number in range(7):
                change = lw.edit().set_weight(weight, 0.1 * number, at=(0, 0, 1, 1))
                begun = time.perf_counter()
                trace.rerun(change)
                forward.append(1000 * (time.perf_counter() - begun))
            with Server(library) as server:
                page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 1000})
                page.goto(f"{server.link(key)}&op={op}&at=0,0,2,3")
                field = page.get_by_role("spinbutton", name="kernel, row 1, column 1")
                field.click()
                page.wait_for_timeout(1000)
                times = [keystroke(page, digit) for digit in "1234567"]
                page.close()
            behind = statistics.median(forward)
            shown = statistics.median(times)
            goal = f"{150 + behind:.0f} ms"
            beside = f"ops downstream {behind:.0f} ms, all else {shown - behind:.0f} ms of 150"
            say(f"keystroke in a kernel of {name}", f"{shown:.0f} ms", goal, beside)


def keystroke(page: Page, digit: str) -> float:
    """How long after a keystroke the last picture of the page was drawn anew."""
    page.evaluate("performance.clearMeasures('edit')")
    page.keyboard.type(digit)
    page.wait_for_function("performance.getEntriesByName('edit').length > 0", timeout=WAIT)
    seen = 0
    while seen != (seen := page.evaluate("performance.getEntriesByName('edit').length")):
        page.wait_for_timeout(500)
    times: list[float] = page.evaluate(
        "performance.getEntriesByName('edit').map(({duration}) => duration)"
    )
    return max(times)


def report() -> None:
    """A report's size, and how soon it shows its first map."""
    with chromium() as browser, tempfile.TemporaryDirectory() as folder:
        for name, most in (("resnet18", "8 MB"), ("resnet50", "30 MB")):
            trace = walked(name)
            file = make_report(trace, detail="half").write(Path(folder) / f"{name}.html")
            every = sum(value.size for op in trace for value in op.made) * 2 / 1e6
            size = f"{file.stat().st_size / 1e6:.1f} MB"
            say(f"report of {name}, half precision", size, most, f"every value: {every:.0f} MB")
            times = []
            for _ in range(3):
                page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 800})
                begun = time.perf_counter()
                page.goto(file.as_uri(), wait_until="commit")
                page.wait_for_function(
                    "performance.getEntriesByName('layer').length > 0", timeout=WAIT
                )
                times.append(time.perf_counter() - begun)
                page.close()
            say("  opened to its first map", f"{statistics.median(times):.2f} s", "1 s")


def memory() -> None:
    """What the page takes after all layers of ResNet-152 were looked at."""
    trace = walked("resnet152")
    library = Library()
    key = library.add(trace)
    with chromium() as browser, Server(library) as server:
        page = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 800})
        page.goto(server.link(key))
        page.wait_for_function("performance.getEntriesByName('layer').length > 0", timeout=WAIT)
        most = 0.0
        for op in trace:
            if op.made:
                next_measure(page, "layer", partial(look_at, page, op.name))
                most = max(most, renderer_memory())
        every = sum(value.size for op in trace for value in op.made) * 4 / 1e6
        what = f"memory after {len(trace)} layers of ResNet-152"
        say(what, f"{most:.0f} MB", "500 MB", f"all their values: {every:.0f} MB")


def renderer_memory() -> float:
    """The largest of this program's renderers, MB of its own memory (proportional set size)."""
    most = 0
    for folder in Path("/proc").iterdir():
        try:
            line = (folder / "cmdline").read_bytes()
            if not folder.name.isdigit() or b"--type=renderer" not in line:
                continue
            rollup = (folder / "smaps_rollup").read_text()
        except OSError:
            continue  # it ended meanwhile
        pss = next(row for row in rollup.splitlines() if row.startswith("Pss:"))
        most = max(most, int(pss.split()[1]))
    return most / 1000


PARTS: dict[str, Callable[[], None]] = {
    "bundle": bundle,
    "first": first_map,
    "layers": layers,
    "graph": graph,
    "hover": hover,
    "edits": edits,
    "report": report,
    "memory": memory,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"some of: {', '.join(PARTS)}")
    chosen = parser.parse_args().parts or list(PARTS)
    operators = torchvision_operators()
    print(f"{os.cpu_count()} cores; {'what':<33} {'found':>12}   goal")
    for name in chosen:
        PARTS[name]()
    del operators


if __name__ == "__main__":
    main()
