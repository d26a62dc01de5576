"""Two trainings beside each other: one slider moves both, and each is an explorer of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from explorer.conftest import Opened
from explorer.link import says
from explorer.test_accessibility import violations
from layerwalk.render.numerals import tell_chance
from layerwalk.runs import Run
from layerwalk.surfaces.server.server import Server
from recorded_runs import Training, recorded


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("runs")
    other = Training(folder / "other")
    other.go(12)
    other.judge()
    return recorded(folder / "first"), other.watch.close()


@pytest.fixture(scope="module")
def keys(served: Server, runs: tuple[Run, Run]) -> Iterator[tuple[str, str]]:
    first, other = (served.library.add_run(run) for run in runs)
    yield first, other
    served.library.close(first)
    served.library.close(other)


@pytest.fixture
def link(served: Server, keys: tuple[str, str]) -> str:
    return served.link(keys[0], beside=keys[1])


def frame(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f'iframe[title="{name}"]')


def at_step(page: Page, name: str, step: int) -> None:
    bar = frame(page, name).get_by_role("region", name="Training step")
    expect(bar.locator("output")).to_have_text(f"step {step}")


def test_one_slider_moves_both(
    open_page: Opened, link: str, runs: tuple[Run, Run], keys: tuple[str, str]
) -> None:
    page = open_page(url=link)
    expect(page.get_by_role("heading", level=1)).to_have_text("first beside other")
    at_step(page, "first", 40)
    at_step(page, "other", 12)
    slider = frame(page, "first").get_by_role("slider", name="Step")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    step = runs[0].steps[-2]
    at_step(page, "first", step)
    for _ in range(len(runs[0].steps)):
        page.keyboard.press("ArrowLeft")
    at_step(page, "first", 0)
    at_step(page, "other", 0)
    # And the other way.
    frame(page, "other").get_by_role("button", name="The next step").click()
    at_step(page, "other", 1)
    at_step(page, "first", 1)
    # Each says in the address what it shows.
    says(page, f"trace={keys[0]}@1")
    page.wait_for_url(lambda url: f"trace={keys[1]}@1" in unquote(unquote(url)))
    page.reload()
    at_step(page, "first", 1)
    at_step(page, "other", 1)


def test_each_goes_alone_when_wanted(open_page: Opened, link: str) -> None:
    page = open_page(url=link)
    at_step(page, "other", 12)
    page.get_by_role("button", name="steps together").click()
    frame(page, "other").get_by_role("button", name="The step before").click()
    at_step(page, "other", 10)
    at_step(page, "first", 40)


def test_the_curves_lead_both(open_page: Opened, link: str, runs: tuple[Run, Run]) -> None:
    page = open_page(url=link)
    at_step(page, "other", 12)
    both = page.get_by_role("region", name="Both trainings")
    chart = both.get_by_role("img", name=re.compile("^Loss in training"))
    for run, name in zip(runs, ("first", "other"), strict=True):
        expect(chart).to_have_accessible_name(re.compile(rf"{name} \d"))
        accuracy = run.series["validation/accuracy"].values
        row = both.get_by_role("row", name="best of all")
        expect(row).to_contain_text(tell_chance(accuracy.max()))
    box = chart.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 47, box["y"] + box["height"] / 2)
    at_step(page, "first", 0)
    at_step(page, "other", 0)


def test_the_same_picture_is_shown(open_page: Opened, link: str) -> None:
    page = open_page(url=link)
    at_step(page, "first", 40)
    at_step(page, "other", 12)
    frame(page, "first").get_by_role("combobox", name="sample").select_option("2")
    expect(frame(page, "other").get_by_role("combobox", name="sample")).to_have_value("2")


@pytest.mark.parametrize("width", [390, 1280])
def test_it_is_accessible(open_page: Opened, link: str, width: int) -> None:
    page = open_page(url=link, viewport={"width": width, "height": 900})
    at_step(page, "other", 12)
    assert violations(page) == []


def test_a_run_that_is_gone(open_page: Opened, served: Server, runs: tuple[Run, Run]) -> None:
    key = served.library.add_run(runs[0])
    page = open_page(url=served.link(key, beside="gone"))
    at_step(page, "the one training", 40)
    missing = frame(page, "the other training")
    expect(missing.get_by_text("The walk of this link is not open here.")).to_be_visible()
