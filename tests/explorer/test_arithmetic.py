"""The arithmetic in the page is that of ``lw.explain``, on real networks."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Opened, Walks, tries
from explorer.link import says
from layerwalk.record import Trace


def _number(text: str) -> float | None:
    digits = text.split(" ", maxsplit=1)[0].replace("\N{MINUS SIGN}", "-").replace(",", "")
    return None if digits == "none" else float(digits)


def _told(page: Page, recorded: complex) -> dict[str, float | None]:
    """Every digit that stands beneath the arithmetic, by name, once it is that of a number."""
    details = page.locator("main > .cell details").first
    told: dict[str, float | None] = {}
    for _ in tries():
        expect(details).to_be_visible()
        pairs = details.evaluate(
            "details => { details.open = true;"
            " const texts = name => [...details.querySelectorAll(name)].map(e => e.innerText);"
            " return [texts('dt'), texts('dd')]; }"
        )
        told = dict(zip(pairs[0], map(_number, pairs[1]), strict=True))
        if told.get("recorded") == recorded:
            break
        page.wait_for_timeout(50)
    return told


def _chosen(trace: Trace) -> list[tuple[str, tuple[int, ...]]]:
    """One number of the first op of each kind, of those that make numbers."""
    kinds: dict[str, str] = {}
    for op in trace:
        if op.made and op.made[0].size:
            kinds.setdefault(op.kind, op.name)
    draw = random.Random(len(trace))  # noqa: S311 - no secret
    return [
        (name, tuple(draw.randrange(length) for length in trace[name].shape))
        for name in kinds.values()
    ]


@pytest.mark.parametrize("model", ["edges", "tiny_vgg", "efficientnet_lite0", "resnet18"])
def test_every_kind_of_op_comes_to_what_explain_says(
    open_page: Opened, walks: Walks, model: str
) -> None:
    trace, key = walks(model)
    page = open_page(key)
    for name, at in _chosen(trace):
        found = lw.explain(trace, name, at)
        page.evaluate(
            "([trace, op, at]) => { location.hash = `trace=${trace}&op=${op}&at=${at}`; }",
            [key, name, ",".join(map(str, at))],
        )
        expect(page.locator("main > .layer h2")).to_have_text(name)
        told = _told(page, found.recorded)
        what = f"{model}, {name} {at}"
        total = told.get("result", told.get("\N{GREEK CAPITAL LETTER SIGMA}"))
        assert told["recorded"] == found.recorded, what
        if total is not None:
            assert total == pytest.approx(found.total, rel=1e-12, abs=1e-300), what
            assert told["residue"] == pytest.approx(found.residue, rel=1e-6, abs=1e-12), what
        if found.bias is not None:
            assert told["bias"] == pytest.approx(found.bias), what


def test_every_product_of_a_window(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    op, at = "features.2.depthwise.conv", (0, 54, 30, 31)
    page = open_page(key, f"op={op}&at={','.join(map(str, at))}")
    window = page.get_by_role("grid", name="window of channel 54")
    expect(window).to_be_visible()
    terms = lw.explain(trace, op, at).terms
    shown = [_number(text) for text in window.get_by_role("button").all_inner_texts()]
    products = page.get_by_role("table", name=re.compile("^products")).locator("tbody td")
    told = [_number(text) for text in products.all_inner_texts()]
    assert len(told) == 9
    assert told == pytest.approx(list(terms.results), abs=0.005)
    assert len(shown) == 9


def test_walking_back_to_the_pixels_and_forward_again(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2&at=0,3,10,12")
    window = page.get_by_role("grid", name=re.compile("^window of channel"))
    window.get_by_role("button").nth(4).click()
    expect(page.locator("main > .layer h2")).to_have_text("relu_1_1")
    trail = page.get_by_role("navigation", name="The walk back to this number")
    expect(trail.get_by_role("listitem")).to_have_count(2)
    # From the activation to the convolution, and from there to the network's input.
    page.get_by_role("button", name=re.compile("conv_1_1.*walk on to it")).click()
    expect(page.locator("main > .layer h2")).to_have_text("conv_1_1")
    window.get_by_role("button").nth(4).click()
    expect(page.locator("main > .layer h2")).to_have_text("input")
    says(page, "trail=")
    page.go_back()
    expect(page.locator("main > .layer h2")).to_have_text("conv_1_1")
    trail.get_by_role("button").first.click()
    expect(page.locator("main > .layer h2")).to_have_text("conv_1_2")
    says(page, "at=0,3,10,12")


def test_a_real_photo_through_a_real_network(open_page: Opened, walks: Walks, photos: Path) -> None:
    photo = photos / "dog_german_shepherd.jpg"
    trace, key = walks("efficientnet_lite0", str(photo))
    op, at = "classifier", (0, 235)
    page = open_page(key, f"op={op}&at=0,235")
    found = lw.explain(trace, op, at)
    told = _told(page, found.recorded)
    assert told["recorded"] == found.recorded
    assert told["result"] == pytest.approx(found.total, rel=1e-12)
    expect(page.locator("main > .cell")).to_contain_text("German")
