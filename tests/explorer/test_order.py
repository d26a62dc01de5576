"""In which order the channels of a layer stand."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened, Walks
from explorer.sheet import Numbers, drawn, grid_cell, place_of
from layerwalk.attribution import contributions
from layerwalk.surfaces.server.server import Server


def _ranked(weights: Numbers) -> list[int]:
    return [int(k) for k in np.argsort(-weights, kind="stable")]


def first_channels(page: Page, count: int = 6) -> list[int]:
    """The channels that stand first."""
    grid_cell(page).focus()
    page.keyboard.press("Control+Home")
    found = []
    for _ in range(count):
        found.append(place_of(grid_cell(page).get_attribute("aria-label") or "")[1][0])
        page.keyboard.press("Control+ArrowRight")
    return found


def test_channels_in_four_orders(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    op = "features.5.project.norm"
    page = open_page(key, f"op={op}")
    drawn(page, op)
    numbers = trace[op].array()[0].astype(np.float64)
    shares = contributions(trace)
    orders = {
        "index": list(range(len(numbers))),
        "strongest first": _ranked(np.abs(numbers).mean(axis=(1, 2))),
        "most varied": _ranked(numbers.var(axis=(1, 2))),
        "mattered most": shares.ranked(trace[op]),
    }
    assert len({tuple(order[:6]) for order in orders.values()}) == 4
    group = page.get_by_role("group", name="Order of the channels")
    for name, order in orders.items():
        group.get_by_role("button", name=name).click()
        if name == "mattered most":
            expect(page.get_by_text("to first order")).to_be_visible()
        assert first_channels(page) == order[:6], name


def test_what_a_channel_contributed_is_told(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    op = "features.5.project.norm"
    page = open_page(key, f"op={op}&order=attribution&channel=7")
    drawn(page, op)
    shares = contributions(trace)
    said = page.get_by_text(re.compile(r"^channel 7 contributed "))
    expect(said).to_contain_text(
        f"of “{shares.target}”: activation \N{MULTIPLICATION SIGN} gradient"
    )
    told = said.inner_text().replace("\N{MINUS SIGN}", "-")
    found = re.search(r"contributed (-?[\d.]+) of the score (-?[\d.]+)", told)
    assert found is not None
    share, score = map(float, found.groups())
    channels = shares.channels[trace[op].index]
    assert channels is not None
    assert share == pytest.approx(channels[7], rel=1e-3)
    assert score == pytest.approx(shares.score, rel=1e-3)
    # The cards of the walk show the channels that mattered, too.
    expect(page.get_by_text("contributed most to the best score")).to_be_attached()


def test_a_network_without_classes_has_no_such_order(open_page: Opened, walks: Walks) -> None:
    _, key = walks("edges")
    page = open_page(key, "op=conv")
    drawn(page, "conv")
    group = page.get_by_role("group", name="Order of the channels")
    expect(group.get_by_role("button", name="strongest first")).to_be_visible()
    expect(group.get_by_role("button", name="mattered most")).to_have_count(0)


def test_without_the_weights_the_page_says_why(
    open_page: Opened, walks: Walks, served: Server, tmp_path: Path, complaints: Complaints
) -> None:
    trace, _ = walks("lenet5", "sample:digits/3")
    trace.save(tmp_path / "light.safetensors", weights=False)
    page = open_page(served.library.add(lw.open(tmp_path / "light.safetensors")), "op=c1")
    drawn(page, "c1")
    group = page.get_by_role("group", name="Order of the channels")
    group.get_by_role("button", name="mattered most").click()
    expect(page.get_by_text("was left out when").first).to_be_visible()
    expect(group.get_by_role("button", name="index")).to_have_attribute("aria-pressed", "true")
    assert all("422" in said for said in complaints)
    complaints.clear()  # the browser writes down that it was refused
