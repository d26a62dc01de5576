"""No rule of axe-core is broken, in any of the page's states."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from explorer.conftest import Complaints, Opened, Walks

_AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    # Evaluated, not linked: the page's policy lets no other script in.
    page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "axe.run(document, {resultTypes: ['violations'],"
        " runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )
    return [
        f"{one['id']}: {one['help']}: {node['html'][:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


_VIEWS = {
    "the input": "",
    "a convolution": "op=features.2.depthwise.conv&at=0,54,30,31",
    "a channel": "op=features.0.conv&channel=3&scale=fixed&limits=-2,2&map=viridis",
    "a vector": "op=classifier&at=0,235",
    "an activation": "op=features.0.act&at=0,1,2,3",
    "a sum": "op=features.3.add&at=0,1,2,3",
    "walked back": "op=features.0.act&at=0,1,2,3&trail=5:0:0,1,2,3",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_view(open_page: Opened, walks: Walks, scheme: str, width: int) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key, color_scheme=scheme, viewport={"width": width, "height": 900})
    names = {op.name for op in trace}
    for what, view in _VIEWS.items():
        op = view.removeprefix("op=").split("&")[0]
        assert not op or op in names, op
        page.evaluate("hash => { location.hash = hash; }", f"trace={key}&{view}")
        expect(page.locator("main > .layer h2")).to_have_text(op or "input")
        page.wait_for_timeout(300)
        assert violations(page) == [], what
    page.get_by_role("button", name="how?").click()
    assert violations(page) == [], "how?"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_edits(
    open_page: Opened, walks: Walks, complaints: Complaints, scheme: str, width: int
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(
        key, "op=conv_1_1&at=0,3,20,20", color_scheme=scheme,
        viewport={"width": width, "height": 900},
    )  # fmt: skip
    page.get_by_role("spinbutton", name="kernel, row 1, column 1").fill("0.5")
    expect(page.get_by_role("region", name="Edits").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="use a filter").click()
    page.wait_for_timeout(500)
    assert violations(page) == [], "a kernel"
    page.get_by_role("button", name="difference", exact=True).click()
    # To the end: what the bar of edits lies over in part would be told to be too small.
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_timeout(500)
    assert violations(page) == [], "the difference"
    page.get_by_role("spinbutton", name="stride").fill("60")
    expect(page.get_by_role("region", name="Edits").get_by_role("alert")).to_be_visible()
    assert violations(page) == [], "an edit that does not fit"
    assert all("422" in said for said in complaints)
    complaints.clear()  # the browser writes down that it was refused
    page.get_by_role("region", name="Edits").get_by_role("button", name="clear").click()
    page.locator("main > .walk [data-node]").first.click()
    page.get_by_role("button", name="hide parts").click()
    page.get_by_role("application", name="Brush").focus()
    page.wait_for_timeout(500)
    assert violations(page) == [], "the brush"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_dialog(open_page: Opened, walks: Walks, scheme: str) -> None:
    _, key = walks("edges")
    page = open_page(key, color_scheme=scheme)
    page.get_by_role("button", name="Share").click()
    assert violations(page) == [], "share"
    page.get_by_role("menuitem", name="Save report").click()
    expect(page.get_by_role("button", name="Save, about")).to_be_visible()
    page.wait_for_timeout(800)
    assert violations(page) == [], "report"
    page.keyboard.press("Escape")
    for button, dialog in (
        ("sample:dog", "Which picture?"),
        ("edges", "Which network?"),
        ("Keys and help", "Keys"),
    ):
        page.get_by_role("banner").get_by_role("button", name=button).click()
        expect(page.get_by_role("dialog", name=dialog)).to_be_visible()
        page.wait_for_timeout(800)
        assert violations(page) == [], dialog
        page.keyboard.press("Escape")


def test_nothing_is_wider_than_the_page(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    for width in (390, 768, 1280, 1920, 2560):
        view = "op=features.2.depthwise.conv&at=0,54,30,31"
        page = open_page(key, view, viewport={"width": width, "height": 900})
        expect(page.locator("main > .cell details").first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} px too wide at {width}"
