"""What edits changed about one number, drawn: before, after and the difference."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import layerwalk as lw
from explorer.conftest import Opened, Walks
from explorer.editing import CONV, WEIGHT, bar, kernel_cell, link_of, settled, show_side
from explorer.sheet import number_of
from explorer.test_accessibility import violations

EDITS = lw.edit().set_weight(WEIGHT, 0.75, at=(3, 1, 1, 2))


def cell(page: Page) -> Locator:
    return page.locator("main > .cell")


def grid(page: Page, side: str, title: str) -> np.ndarray:
    """The numbers of a grid among those of a side."""
    row = cell(page).locator(f"h3:text-is('{side}') + .grids")
    table = row.get_by_role("figure").filter(has_text=title).locator("tbody td").all()
    texts = [
        one.locator("input").input_value() if one.locator("input").count() else one.inner_text()
        for one in table
    ]
    return np.array([number_of(text) for text in texts]).reshape(3, 3)


def test_window_kernel_and_products(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    edited = trace.rerun(EDITS)
    page = open_page(key, f"{CONV}&side=difference&{link_of(EDITS)}")
    settled(page, *map(str, EDITS))
    expect(cell(page).get_by_role("heading", name="difference")).to_be_visible()
    old, new = (one["conv_1_1"].inputs[1].array()[3, 1].astype(float) for one in (trace, edited))
    window = trace["conv_1_1"].inputs[0].array()[0, 1, 20:23, 20:23].astype(float)
    for side, kernel in (("before", old), ("after", new), ("difference", new - old)):
        np.testing.assert_allclose(grid(page, side, "kernel"), kernel, atol=6e-3)
        np.testing.assert_allclose(grid(page, side, "products"), window * kernel, atol=6e-3)
        change = side == "difference"
        read = 0 * window if change else window
        np.testing.assert_allclose(grid(page, side, "window"), read, atol=6e-3)
    before, after = (float(one["conv_1_1"].array()[0, 3, 20, 20]) for one in (trace, edited))
    row = cell(page).get_by_role("row").filter(has=page.get_by_role("rowheader", name="recorded"))
    told = [number_of(text) for text in row.get_by_role("cell").all_inner_texts()]
    np.testing.assert_allclose(told, [before, after, after - before], rtol=1e-5)
    listed = cell(page).get_by_role("region", name="what each channel adds: after less before")
    expect(listed.get_by_role("listitem").first).to_contain_text("channel 1")
    # It is live: the kernel after the edits can be typed into, and no other.
    expect(page.get_by_role("spinbutton", name=re.compile("^kernel, row"))).to_have_count(9)
    kernel_cell(page, 0, 0).fill("1")
    expect(bar(page).get_by_role("listitem")).to_have_count(2)
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    changed = cell(page).locator("h3:text-is('difference') + .grids figure").nth(1).locator("td")
    expect(changed.first).to_have_text(f"{1 - old[0, 0]:.2f}")
    show_side(page, "after")
    expect(cell(page).get_by_role("heading", name="difference")).to_have_count(0)
    expect(cell(page)).to_contain_text("without edits")


def test_terms_by_what_changed_most(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    edits = lw.edit().set_weight("output.weight", 0.5, at=(3, 1504))
    page = open_page(key, f"op=output&at=0,3&side=difference&{link_of(edits)}")
    settled(page, *map(str, edits))
    flat, weight = trace["flatten"].array()[0], trace["output"].inputs[1].array()
    line = cell(page).get_by_role("listitem").filter(has_text="[1504]")
    expect(line).to_be_visible()
    told = line.locator(".row > .number").first.inner_text()
    change = float(flat[1504]) * (0.5 - float(weight[3, 1504]))
    assert number_of(told) == pytest.approx(change, rel=1e-5)
    expect(line).to_contain_text("→")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_terms_can_be_read_by_everybody(
    open_page: Opened, walks: Walks, scheme: str, width: int
) -> None:
    _, key = walks("tiny_vgg")
    edits = lw.edit().set_weight("output.weight", 0.5, at=(3, 1504)).hide(3, 4, 20, 20)
    size = {"width": width, "height": 900}
    page = open_page(
        key, f"op=output&at=0,3&side=difference&{link_of(edits)}", viewport=size,
        color_scheme=scheme,
    )  # fmt: skip
    expect(cell(page).get_by_role("listitem").filter(has_text="[1504]")).to_be_visible()
    for side in ("difference", "after"):
        show_side(page, side)
        # What the bar of edits lies over in part would be told to be too small.
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        page.wait_for_timeout(400)
        assert violations(page) == [], side
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_what_a_formula_read(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, f"op=relu_1_1&at=0,3,20,20&side=difference&{link_of(EDITS)}")
    old, new = (float(one["conv_1_1"].array()[0, 3, 20, 20]) for one in (trace, trace.rerun(EDITS)))
    tile = cell(page).get_by_role("button", name=re.compile("conv_1_1.*walk on"))
    expect(tile).to_contain_text("→")
    told = tile.locator(".number").inner_text().split("→")
    np.testing.assert_allclose([number_of(text) for text in told], [old, new], rtol=1e-6)
    # What lies beside the edits has nothing to compare.
    other = lw.edit().silence("relu_2_2", 1)
    page = open_page(key, f"{CONV}&side=difference&{link_of(other)}")
    expect(cell(page)).to_contain_text("The edits changed nothing that this number is made of.")


def test_maps_of_another_size_have_none(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    edits = lw.edit().change_window("max_pool_1", padding=1)
    page = open_page(key, f"op=max_pool_1&side=difference&at=0,3,12,12&{link_of(edits)}")
    settled(page, "max_pool_1 with padding 1")
    said = (
        "No difference of max_pool_1: it is 10×30×30 without the edits "  # noqa: RUF001
        "and 10×31×31 with them, as it is shown."  # noqa: RUF001
    )
    expect(bar(page)).to_contain_text(said)
    expect(cell(page)).not_to_contain_text("without edits")
    show_side(page, "after")
    expect(bar(page)).not_to_contain_text("No difference")
