"""A data set as a user looks through it: counts, classes, pictures, every level, and a walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from explorer.conftest import Opened, Walks
from explorer.test_accessibility import violations
from layerwalk.data.sets import DataSet, load_data, measure
from layerwalk.surfaces.server.server import Server


@pytest.fixture(scope="module")
def digits() -> DataSet:
    return load_data("mnist").subset(range(600))


@pytest.fixture(scope="module")
def key(served: Server, digits: DataSet) -> Iterator[str]:
    key = served.library.data.add(digits)
    yield key
    served.library.close(key)


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="Data", exact=True)


def grid(page: Page) -> Locator:
    return panel(page).get_by_role("listbox")


def level(page: Page) -> Locator:
    return panel(page).get_by_role("gridcell")


def said(page: Page) -> dict[str, str]:
    return {name: one[0] for name, one in parse_qs(page.evaluate("location.hash.slice(1)")).items()}


def shows(page: Page, digits: DataSet, index: int) -> None:
    """Wait until a picture is the one that is looked at."""
    label = digits.classes[digits.label(index)]
    heading = panel(page).get_by_role("heading", level=3).last
    expect(heading).to_have_text(re.compile(rf"{label} number {index} · 28 . 28 pixels"))


def test_what_is_in_it(open_page: Opened, key: str, digits: DataSet) -> None:
    page = open_page(key)
    found = measure(digits)
    told = panel(page).locator("dl")
    expect(told).to_contain_text(re.compile("600, 28 . 28 pixels, grey"))
    expect(told).to_contain_text(f"{found.mean[0]:.4f}")
    expect(told).to_contain_text(f"{found.std[0]:.4f}")
    expect(told).to_contain_text(digits.about)
    cards = panel(page).get_by_role("group", name="Classes").get_by_role("button")
    expect(cards).to_have_count(10)
    for card, count in zip(cards.all(), found.counts, strict=True):
        expect(card).to_contain_text(str(count))
    mean = found.class_mean(4)
    assert mean is not None
    assert np.array_equal(drawn(cards.nth(4)), np.rint(mean[..., 0]))
    # The page is the set's: no walk was opened.
    assert said(page) == {"data": key}
    assert violations(page) == []


def drawn(place: Locator) -> NDArray[np.float64]:
    """The grey levels of the picture that is drawn in a place, pixel for pixel."""
    canvas = place.locator("canvas")
    expect(canvas).to_be_visible()
    found = canvas.evaluate(
        "one => [one.height, one.width, ...one.getContext('2d')"
        ".getImageData(0, 0, one.width, one.height).data]"
    )
    return np.array(found[2:], np.float64).reshape(*found[:2], 4)[..., 0]


def test_pictures_by_class_and_shuffled(open_page: Opened, key: str, digits: DataSet) -> None:
    page = open_page(key)
    first = grid(page).get_by_role("option").first
    assert np.array_equal(drawn(first), digits.picture(0)[..., 0])
    panel(page).get_by_role("button", name=re.compile("^7: ")).click()
    sevens = np.flatnonzero(digits.labels == 7)
    shows(page, digits, int(sevens[0]))
    expect(first).to_have_accessible_name(f"7, number {sevens[0]}")
    expect(grid(page)).to_have_accessible_name("Pictures of class 7")
    panel(page).get_by_role("button", name="shuffled").click()
    shuffled = np.random.default_rng(0).permutation(sevens)
    expect(first).to_have_accessible_name(f"7, number {shuffled[0]}")
    seed = panel(page).get_by_role("spinbutton", name="seed")
    seed.fill("5")
    seed.press("Enter")
    other = np.random.default_rng(5).permutation(sevens)
    expect(first).to_have_accessible_name(f"7, number {other[0]}")
    assert said(page) == {"data": key, "class": "7", "seed": "5"}
    page.go_back()
    expect(first).to_have_accessible_name(f"7, number {shuffled[0]}")
    page.go_back()
    page.go_back()
    expect(first).to_have_accessible_name("3, number 0")
    assert said(page) == {"data": key}


def test_keys_lead_through_the_pictures(open_page: Opened, key: str, digits: DataSet) -> None:
    page = open_page(key)
    shows(page, digits, 0)
    grid(page).focus()
    page.keyboard.press("ArrowRight")
    shows(page, digits, 1)
    page.keyboard.press("End")
    shows(page, digits, 599)
    last = grid(page).get_by_role("option", name=re.compile("number 599"))
    expect(last).to_have_attribute("aria-selected", "true")
    expect(last).to_be_in_viewport()
    assert np.array_equal(drawn(last), digits.picture(599)[..., 0])
    assert said(page)["picture"] == "599"
    page.keyboard.press("Home")
    shows(page, digits, 0)
    page.go_back()
    shows(page, digits, 599)
    panel(page).get_by_role("button", name="The picture before").click()
    shows(page, digits, 598)


def test_every_level_can_be_read(open_page: Opened, key: str, digits: DataSet) -> None:
    page = open_page(key, "picture=17")
    shows(page, digits, 17)
    levels = digits.picture(17)[..., 0]
    level(page).focus()
    for _ in range(12):
        page.keyboard.press("ArrowDown")
    for _ in range(13):
        page.keyboard.press("ArrowRight")
    expect(level(page)).to_have_accessible_name(f"row 12, column 13: {levels[12, 13]}")
    sheet = panel(page).locator(".sheet .picture").first.bounding_box()
    assert sheet is not None
    side = 20  # of a cell, at this width
    page.mouse.move(sheet["x"] + 4 + 14.5 * side, sheet["y"] + 4 + 6.5 * side)
    expect(panel(page).locator(".told")).to_contain_text(f"row 6, column 14: {levels[6, 14]}")


def test_any_picture_can_be_walked(open_page: Opened, key: str, digits: DataSet) -> None:
    page = open_page(key, "picture=5")
    shows(page, digits, 5)
    expect(panel(page).get_by_role("combobox", name="through")).to_have_value("lenet5")
    panel(page).get_by_role("button", name="Walk it").click()
    expect(page.locator("main > .walk")).to_be_visible()
    expect(page.get_by_role("banner")).to_contain_text("mnist/5")
    expect(page.get_by_role("banner")).to_contain_text("lenet5")
    assert said(page).items() >= {"data": key, "picture": "5"}.items()
    expect(panel(page)).to_contain_text(re.compile(r"lenet5 says \d \("))
    # The next one goes through the same network, and what is looked at stays.
    page.locator("h1").click()
    page.keyboard.press("]")
    expect(page.locator("main > .layer h2")).not_to_have_text("input")
    op = said(page)["op"]
    panel(page).get_by_role("button", name="The next picture").click()
    shows(page, digits, 6)
    panel(page).get_by_role("button", name="Walk it").click()
    expect(page.get_by_role("banner")).to_contain_text("mnist/6")
    assert said(page)["op"] == op
    page.go_back()
    expect(page.get_by_role("banner")).to_contain_text("mnist/5")
    panel(page).get_by_role("button", name="close").click()
    expect(panel(page)).to_have_count(0)
    assert "data" not in said(page)


def test_a_set_that_is_at_hand(open_page: Opened, walks: Walks) -> None:
    _, trace = walks("edges", "sample:cat")
    page = open_page(trace)
    page.get_by_role("button", name=re.compile("cat ▾|cat$|sample:cat")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="mnist · 10,000 pictures").click()
    expect(panel(page)).to_contain_text("10,000")
    expect(panel(page)).to_be_in_viewport()
    expect(panel(page).get_by_role("combobox", name="through")).to_have_value("edges")
    assert said(page).items() >= {"trace": trace, "data": "mnist"}.items()


def test_a_damaged_picture_says_so(open_page: Opened, served: Server, tmp_path: Path) -> None:
    for name, index in (("one", 0), ("two", 1)):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(3):
            load_data("mnist").image(3 * index + number).pil().save(folder / f"{number}.png")
    (tmp_path / "two" / "1.png").write_bytes(b"no picture")
    key = served.library.data.add(load_data(str(tmp_path)))
    page = open_page(key)
    expect(panel(page).get_by_role("alert")).to_contain_text("Not everything could be counted")
    expect(grid(page).get_by_role("option").nth(4)).to_contain_text("?")
    page.close()
    served.library.close(key)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1920])
def test_narrow_and_wide(
    open_page: Opened, key: str, digits: DataSet, scheme: str, width: int
) -> None:
    view = {"width": width, "height": 900}
    page = open_page(key, "class=7&seed=1", color_scheme=scheme, viewport=view)
    expect(grid(page).get_by_role("option").first.locator("canvas")).to_be_visible()
    expect(panel(page).locator(".sheet")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_set_that_is_not_open(open_page: Opened, complaints: list[str]) -> None:
    page = open_page("", "data=gone-abc")
    expect(panel(page).get_by_role("alert")).to_contain_text("there is no data set 'gone-abc' here")
    panel(page).get_by_role("button", name="close").click()
    expect(page.get_by_role("heading", name=re.compile("Which walk|No walk"))).to_be_visible()
    complaints.clear()  # the browser writes down that it was not found
