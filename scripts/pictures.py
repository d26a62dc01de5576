"""Draw the README's pictures anew: ``python scripts/pictures.py``."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Page, sync_playwright

import layerwalk as lw
from layerwalk.data.sets import measure
from layerwalk.record import Trace
from layerwalk.render.figures import explanation_figure, walk_overview
from layerwalk.render.files import save_figure
from layerwalk.surfaces.cli.attribute import figure_of
from layerwalk.surfaces.data_album import data_pictures
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FOLDER = Path(__file__).parent.parent / "docs" / "images"
OPS = (
    "features.0.conv",
    "features.0.act",
    "features.2.depthwise.conv",
    "features.3.expand.act",
    "features.9.depthwise.act",
    "features.17.act",
)


# Where the reader's eye is led: a layer with a dog in it, and one of its numbers.
VIEW = "op=features.2.depthwise.conv&at=0,54,30,31&order=strength"


@contextmanager
def opened(server: Server, link: str) -> Iterator[Page]:
    """The explorer as Chromium shows it."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": 1280, "height": 1000}, color_scheme="light", reduced_motion="reduce"
        )
        page.goto(link)
        yield page
        browser.close()


def photograph(trace: Trace, file: Path) -> Path:
    """A picture of the explorer on a trace."""
    library = Library()
    server = Server(library)
    with opened(server, f"{server.link(library.add(trace))}&{VIEW}") as page:
        page.get_by_text("receptive field 11").first.wait_for()
        page.wait_for_timeout(1500)  # the strip scrolls to the layer, and its pictures come
        page.screenshot(path=file, full_page=True)
    return file


def photograph_trainings(file: Path) -> Path:
    """A picture of two trainings beside each other, by their defaults."""
    with tempfile.TemporaryDirectory() as folder:
        library = Library()
        runs = [lw.train(name, "mnist", run=Path(folder) / name) for name in ("mlp", "lenet5")]
        dense, local = map(library.add_run, runs)
        server = Server(library)
        with opened(server, server.link(dense, beside=local)) as page:
            page.set_viewport_size({"width": 1600, "height": 1180})
            for k, op in enumerate(("hidden_1", "c1")):
                frame = page.frame_locator("iframe").nth(k)
                frame.get_by_role("button", name=re.compile(f"^{op}")).first.click()
                frame.get_by_role("region", name="Training step").wait_for()
            page.wait_for_timeout(4000)
            page.screenshot(path=file)
    return file


def attributed(trace: Trace) -> Figure:
    """What mattered to the best class, by five methods."""
    asked: dict[str, dict[str, Any]] = {
        "deeplift": {},
        "guided_backprop": {},
        "grad_cam": {},
        "occlusion": {"window": 32, "stride": 8},
        "layer_conductance": {"op": "features.12.expand.act"},
    }
    found = [lw.attribute(trace, method, **options) for method, options in asked.items()]
    return figure_of(trace, found)


def main() -> None:
    """Write walk, explain, attribution, data, explorer and trainings into docs/images."""
    trace = lw.trace(lw.load_model("efficientnet_lite0"), lw.load_image("sample:dog"))
    FOLDER.mkdir(parents=True, exist_ok=True)
    print(save_figure(walk_overview(trace, ops=OPS), FOLDER / "walk.png"))
    found = lw.explain(trace, "features.0.conv", (0, 3, 10, 12))
    print(save_figure(explanation_figure(found), FOLDER / "explain.png"))
    panda = lw.trace(lw.load_model("efficientnet_lite0"), lw.load_image("sample:red_panda"))
    print(save_figure(attributed(panda), FOLDER / "attribution.png"))
    data = lw.load_data("mnist")
    examples, *_ = data_pictures(data, measure(data))
    print(save_figure(examples.draw(), FOLDER / "data.png"))
    print(photograph(trace, FOLDER / "explorer.png"))
    print(photograph_trainings(FOLDER / "trainings.png"))


if __name__ == "__main__":
    main()
