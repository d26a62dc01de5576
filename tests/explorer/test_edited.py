"""An edited walk: before and after, links, reports, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened, Walks
from explorer.editing import (
    CONV,
    WEIGHT,
    bar,
    in_address,
    kept_id,
    kernel_cell,
    link_of,
    same_numbers,
    settled,
    show_side,
)
from explorer.link import says
from explorer.sheet import drawn, go, looks, number_of
from explorer.strip import cards_of
from layerwalk.surfaces.server.server import Server


def test_before_after_and_difference(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    name = next(value.name for value in trace.values if value.role == "parameter")
    edits = lw.edit().scale_weight(name, -3.0, at=(0,))
    edited = trace.rerun(edits)
    op = "features.0.act"
    page = open_page(key, f"op={op}&channel=0&{link_of(edits)}")
    settled(page, f"scale {name}[0] by -3")
    drawn(page, op)
    old, new = (one[op].array()[0].astype(np.float64) for one in (trace, edited))
    for side, values in (("after", new), ("before", old), ("difference", new - old)):
        show_side(page, side)
        expect(page.locator("main > .layer .statistics")).to_contain_text("channel 0")
        page.wait_for_timeout(400)
        for seen in looks(page, 6):
            np.testing.assert_allclose(seen.number, values[seen.at], rtol=1e-5, atol=1e-6)
    expect(page.locator("main > .layer .words")).to_contain_text(
        "after \N{MINUS SIGN} before, reckoned"
    )
    numbers = page.locator("main > .layer .legend .legend .number").all_inner_texts()
    low, high = (number_of(text) for text in numbers)
    assert low == -high
    np.testing.assert_allclose(high, np.abs(new - old).max(), rtol=1e-3)
    # The channel that is chosen stays, and cards say where nothing changed.
    says(page, "channel=0")
    expect(page.locator("main > .walk")).to_contain_text("unchanged")
    prediction = page.locator("main > .prediction")
    expect(prediction).to_contain_text("percentage points")
    page.keyboard.press("b")
    expect(bar(page).get_by_role("button", name="before", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    page.keyboard.press("b")
    assert trace.photo is not None
    for cell in ("before", "after"):
        expect(prediction.get_by_role("columnheader", name=cell)).to_be_visible()
    assert "conv" in cards_of(page) or any("conv" in name for name in cards_of(page))


def test_a_link_opens_with_its_edits(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    edits = lw.edit().silence("relu_1_1", 2).use_filter(WEIGHT, "sobel-x", at=(0,))
    page = open_page(key, f"op=relu_1_1&side=difference&{link_of(edits)}")
    settled(page, "silence channel 2 of relu_1_1", f"use sobel-x in {WEIGHT}[0]")
    pressed = bar(page).get_by_role("button", pressed=True)
    expect(pressed).to_have_text("difference")
    show_side(page, "after")
    same_numbers(page, key, trace.rerun(edits), ("relu_1_1", "max_pool_2"))
    broken = open_page(key, "edits=W3si")
    expect(broken.get_by_text("The edits of this link cannot be read")).to_be_visible()


def test_a_form_that_was_dropped_is_made_again(
    open_page: Opened, walks: Walks, served: Server, complaints: Complaints
) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, f"op=relu_1_1&{link_of(lw.edit().silence('relu_1_1', 2))}")
    settled(page, "silence channel 2 of relu_1_1")
    drawn(page, "relu_1_1")
    for channel in range(7):  # more than are kept
        served.library.add_edited(key, trace.rerun(lw.edit().silence("relu_1_2", channel)))
    go(page, key, "conv_2_1", kept_id(page))
    edited = trace.rerun(lw.edit().silence("relu_1_1", 2))
    for seen in looks(page, 4):
        np.testing.assert_allclose(seen.number, edited["conv_2_1"].array()[0][seen.at], rtol=1e-6)
    complaints.clear()  # the browser writes down what was gone


def test_a_report_of_an_edited_walk_lists_its_edits(
    open_page: Opened, walks: Walks, tmp_path: Path
) -> None:
    _, key = walks("tiny_vgg")
    edits = lw.edit().silence("relu_1_1", 2).set_weight(WEIGHT, 0.5, at=(0, 0, 1, 1))
    page = open_page(key, f"op=relu_1_1&{link_of(edits)}")
    settled(page, "silence channel 2 of relu_1_1", f"set {WEIGHT}[0, 0, 1, 1] to 0.5")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name="Save report").click()
    page.get_by_text("every bit as recorded").click()
    save = page.get_by_role("button", name=re.compile(r"Save, about \d"))
    with page.expect_download() as download:
        save.click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    report = open_page(url=f"{file.as_uri()}#op=relu_1_1&channel=2")
    expect(report.get_by_text("This walk was edited:")).to_have_text(
        f"This walk was edited: silence channel 2 of relu_1_1; set {WEIGHT}[0, 0, 1, 1] to 0.5."
    )
    drawn(report, "relu_1_1")
    expect(report.locator("main > .layer .statistics")).to_contain_text("zeros 100.0 %")
    # A report is looked at: nothing in it can be changed.
    for name in ("silence", "silence channel 2", "hide parts", "undo"):
        expect(report.get_by_role("button", name=name)).to_have_count(0)
    report.evaluate("() => { location.hash = 'op=conv_1_1&at=0,3,20,20'; }")
    expect(report.get_by_text(re.compile("kernel 3\N{MULTIPLICATION SIGN}3"))).to_be_visible()
    expect(report.get_by_role("spinbutton")).to_have_count(0)


def test_the_filter_bench(open_page: Opened, walks: Walks, served: Server) -> None:
    _, key = walks("tiny_vgg", "sample:cat")
    page = open_page(key)
    page.get_by_role("banner").get_by_role("button", name="tiny_vgg").click()
    page.get_by_role("button", name="Filter bench").click()
    drawn(page, "conv")
    field = kernel_cell(page, 1, 1)
    field.click()
    page.keyboard.type("5")
    expect(bar(page).get_by_role("listitem")).to_have_text(
        re.compile(re.escape("set conv.weight[0, 0, 1, 1] to 5"))
    )
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    card = next(card for card in served.library.cards() if card.model == "edges")
    edited = served.library.opened(card.id).trace.rerun(lw.Edits.of(in_address(page)))
    page.wait_for_timeout(300)
    for seen in looks(page, 6):
        np.testing.assert_allclose(
            seen.number, edited["conv"].array()[0][seen.at], rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edits_on_a_phone(open_page: Opened, walks: Walks, scheme: str) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(
        key, CONV, viewport={"width": 390, "height": 844}, color_scheme=scheme, has_touch=True
    )
    field = kernel_cell(page, 0, 0)
    field.scroll_into_view_if_needed()
    field.tap()
    field.fill("0.5")
    expect(bar(page).get_by_role("listitem")).to_have_count(1)
    within(page, lambda: show_side(page, "difference"))
    within(page, page.get_by_role("button", name="use a filter").click)
    within(page, lambda: bar(page).get_by_role("button", name="undo").tap())
    expect(bar(page).get_by_text("No edits")).to_be_visible()


def within(page: Page, act: Callable[[], object]) -> None:
    act()
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_edits_as_python(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    edits = (
        lw.edit()
        .silence("relu_1_1", 2)
        .set_weight(WEIGHT, 0.5, at=(0, 0, 1, 1))
        .use_filter(WEIGHT, [[0, 1, 0], [1, -4, 1], [0, 1, 0]], at=(1,))
        .scale_channels("relu_1_2", 3, by=0.5)
        .swap_activation("relu_2_1", "gelu")
        .hide(3, 4, 5, 6)
        .add_noise(0.1, seed=4)
    )
    permissions = ["clipboard-read", "clipboard-write"]
    page = open_page(key, link_of(edits), permissions=permissions)
    expect(bar(page).get_by_role("listitem")).to_have_count(7)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("menuitem", name="Copy edits").click()
    code = page.evaluate("navigator.clipboard.readText()")
    told = eval(f"({code})", {"lw": lw})  # noqa: S307 - what a user would paste
    assert told == edits
    assert trace.rerun(told)["output"].array().shape == trace["output"].array().shape
