"""A browser for the explorer's tests, and walks for it to show.

The tests run as a user does things, in Chromium without a window. Where there is none they are
skipped, saying how to get it; on CI that is a failure.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server

Opened: TypeAlias = Callable[..., Page]

# In ms, of what is waited for and of what is pressed: a busy machine is not a fault.
PATIENCE = 60_000
expect.set_options(timeout=PATIENCE)

_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
    "--force-color-profile=srgb", "--font-render-hinting=none",
)  # fmt: skip
_NAMES = ("chromium", "chromium-browser", "google-chrome")


# Once, on a busy machine, a press waited to its end for two frames in which its element stands
# still, and Chromium told of none. Such a test, and no other, is run once more and told as a rerun:
# of what is missing, hidden, disabled, covered or moves, the log has more after that line.
_STALLED = pytest.mark.flaky(
    reruns=1,
    only_rerun=[r"Timeout \d+ms exceeded[\s\S]*to be visible, enabled and stable\s*\Z"],
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(_STALLED)


def tries() -> Iterator[int]:
    """Once more and once more, for as long as a busy machine may take."""
    last = time.monotonic() + PATIENCE / 1000
    for number in count():
        yield number
        if time.monotonic() > last:
            return


def _chromium() -> str:
    found = next((path for path in map(shutil.which, _NAMES) if path), None)
    if found is None:
        said = "there is no Chromium: install the package chromium, or google-chrome"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return found


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    _chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Chromium, without a window."""
    opened = _playwright.chromium.launch(executable_path=_chromium(), args=list(_FLAGS))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def served() -> Iterator[Server]:
    """The explorer of nothing yet."""
    with Server(Library()) as server:
        yield server


class Walks:
    """Walks that several tests look at, each made once."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: dict[tuple[str, str], tuple[Trace, str]] = {}

    def __call__(self, model: str, image: str = "sample:dog") -> tuple[Trace, str]:
        """A walk, and what the explorer calls it."""
        key = (model, image)
        if key not in self._made:
            weights = "default" if model in ("efficientnet_lite0", "edges") else "none"
            trace = lw.trace(lw.load_model(model, weights=weights), image)
            self._made[key] = (trace, self._server.library.add(trace))
        return self._made[key]


@pytest.fixture(scope="session")
def walks(served: Server) -> Walks:
    """Walks, made when they are asked for."""
    return Walks(served)


class Complaints(list[str]):
    """What the page wrote to its console as an error, or raised."""


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """What pages complained of; a test in which one did fails."""
    found = Complaints()
    yield found
    assert not found


@pytest.fixture
def open_page(browser: Browser, served: Server, complaints: Complaints) -> Iterator[Opened]:
    """Opens the explorer in a fresh context: ``open_page(trace_id, "op=conv&at=0,1,2,3")``."""
    contexts: list[BrowserContext] = []

    def opened(trace: str = "", view: str = "", *, url: str = "", **options: Any) -> Page:
        options.setdefault("viewport", {"width": 1280, "height": 940})
        options.setdefault("reduced_motion", "reduce")
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        link = url or served.link(trace)
        if view:
            link += ("&" if "#" in link else "#") + view
        page.goto(link)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def photos() -> Path:
    """The folder of real photographs beside the repository."""
    folder = Path(os.environ.get("LAYERWALK_SHARED", Path(__file__).parents[3] / "shared"))
    if not (folder / "data" / "photos").is_dir():
        pytest.skip("../shared/data/photos is not beside the repository")
    return folder / "data" / "photos"
