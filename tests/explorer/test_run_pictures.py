"""A picture of the user's own through the network of a recorded training."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Opened
from explorer.link import says
from layerwalk.data.sets import load_data
from layerwalk.runs import Run
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server
from recorded_runs import recorded

_PLAN = lw.Plan(epochs=3, batch=32, rate=3e-3, optimizer="adam", held_out=200, probes=3)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    few = load_data("mnist").subset(range(2000))
    return lw.train(
        "lenet5", few, _PLAN, run=tmp_path_factory.mktemp("runs") / "first", overhead=None
    )


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Library()) as server:
        yield server


def choose(page: Page) -> None:
    expect(page.locator("main > .walk")).to_be_visible()
    page.get_by_role("banner").get_by_role("button").first.click()
    expect(page.get_by_role("dialog", name="Which picture?")).to_be_visible()


def draw_a_one(page: Page) -> None:
    """A stroke from top to bottom."""
    choose(page)
    pad = page.get_by_label("Draw a digit here with the pointer")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 88, box["y"] + 24)
    page.mouse.down()
    page.mouse.move(box["x"] + 84, box["y"] + 144, steps=8)
    page.mouse.up()
    page.get_by_role("button", name="Walk this digit").click()


@pytest.mark.parametrize("at", ["last", "2"])
def test_a_digit_that_is_drawn(server: Server, open_page: Opened, run: Run, at: str) -> None:
    key = server.library.add_run(run)
    step = run.steps[-1] if at == "last" else int(at)
    page = open_page(url=server.link(key if at == "last" else f"{key}@{at}"))
    expect(page.get_by_role("region", name="Training step")).to_be_visible()
    draw_a_one(page)
    name = f"lenet5 at step {step} of first"
    bar = page.get_by_role("banner")
    expect(bar.get_by_role("button", name=name)).to_be_visible()
    expect(bar.get_by_role("button", name="drawn digit.png")).to_be_visible()
    # What the network of that step says of it, and not another.
    card = server.library.cards()[0]
    assert card.model == name
    walked = server.library.opened(card.id).trace
    assert walked.photo is not None
    own = lw.trace(run.load_model(step), walked.photo.pixels)
    assert np.array_equal(walked.outputs[0].array(), own.outputs[0].array())
    ((best, chance),) = own.top(1)
    expect(page.locator("main")).to_contain_text(f"{100 * chance:.1f}")
    if at == "last":
        assert best == "1"
    # The next goes through the same, and none through a LeNet-5 that nobody trained.
    choose(page)
    expect(page.get_by_role("button", name="Walk this digit")).to_be_visible()
    expect(page.get_by_role("button", name="Walk it through lenet5")).to_have_count(0)
    page.keyboard.press("Escape")
    # It is a walk as any other, without a slider. Back leads to the training.
    expect(page.get_by_role("region", name="Training step")).to_have_count(0)
    says(page, f"trace={card.id}")
    page.go_back()
    expect(page.get_by_role("region", name="Training step")).to_be_visible()


def test_a_network_that_cannot_be_built(server: Server, open_page: Opened, tmp_path: Path) -> None:
    page = open_page(url=server.link(server.library.add_run(recorded(tmp_path / "own", 2))))
    draw_a_one(page)
    said = "SmallNet at step 2 of own: the run does not say how its network is built; pass it"
    expect(page.get_by_role("status").filter(has_text=said)).to_be_visible()
    # What was shown stays.
    expect(page.get_by_role("region", name="Training step")).to_be_visible()
