"""Values of every kind on the maps: batches, channels last, volumes, flaws, nothing at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from torch import nn

import layerwalk as lw
from explorer.conftest import Opened
from explorer.link import keeps_quiet
from explorer.sheet import (
    COLOURS,
    Numbers,
    drawn,
    go,
    grid_cell,
    legend,
    looks,
    number_of,
    place_of,
    share_words,
    sheet_box,
    statistics,
)
from layerwalk.record import Trace
from layerwalk.render.colour import choose_scale, colourise
from layerwalk.render.numerals import tell
from layerwalk.surfaces.server.server import Server


class Odd(nn.Module):
    """A batch through whatever is rare: channels last, volumes, flaws, nothing at all."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 2, stride=2)
        self.norm = nn.LayerNorm(8)
        self.wide = nn.Linear(8, 12)
        self.volume = nn.Conv3d(1, 4, 3, padding=1)
        self.head = nn.Linear(12, 7)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Everything is recorded; what comes back matters little."""
        last = self.wide(self.norm(self.patches(x).permute(0, 2, 3, 1)))
        scores = self.head(last.mean((1, 2)))
        volume = self.volume(x.unsqueeze(1))
        flawed = torch.log(x[:, :2] - 0.5)
        best, where = scores.max(1)
        return scores.mean(), volume, flawed, best, where, x[:, :0] * 2, scores.topk(2)[0]


@pytest.fixture(scope="module")
def odd(served: Server) -> tuple[Trace, str]:
    """Its walk over two samples; one number of the input is exactly where a logarithm ends."""
    torch.manual_seed(5)
    given = torch.rand(2, 3, 8, 10)
    given[1, 0, 2, 3] = 0.5
    trace = lw.trace(Odd().eval(), given)
    return trace, served.library.add(trace)


def _shows_maps(page: Page, maps: Numbers, words: Callable[[int, int, int], str]) -> None:
    """The maps on the sheet are these: ends, statistics, and numbers by the keyboard."""
    finite = maps[np.isfinite(maps)]
    low, high = float(finite.min()), float(finite.max())
    scale = choose_scale(maps)
    assert legend(page) == [(tell(scale.low), tell(scale.high))]
    told = statistics(page)
    assert (told["least"], told["greatest"]) == (tell(low), tell(high))
    assert number_of(told["mean"]) == pytest.approx(float(finite.mean()), rel=2e-3, abs=1e-6)
    assert told["zeros"] == share_words(float((maps == 0).mean()))
    cell = grid_cell(page)
    cell.focus()
    for press, place in (("Control+Home", 0), ("Control+ArrowRight", 1)):
        if place >= len(maps):
            break
        page.keyboard.press(press)
        y, x = (int(k) // 2 for k in maps.shape[1:])
        for key, times in (("ArrowDown", y), ("ArrowRight", x)):
            for _ in range(times if place == 0 else 0):
                page.keyboard.press(key)
        said = words(place, y, x)
        expect(cell).to_have_attribute("aria-label", f"{said}: {tell(float(maps[place, y, x]))}")
        colours, paper, _ = cell.evaluate(COLOURS)
        assert colours >= 1
        assert paper == list(colourise(maps[place, y, x], scale))


def _map_words(channel: int, y: int, x: int) -> str:
    return f"channel {channel}, row {y}, column {x}"


def _vector_words(channel: int, _y: int, _x: int) -> str:
    return f"channel {channel}"


def test_values_of_every_shape(open_page: Opened, odd: tuple[Trace, str]) -> None:
    trace, key = odd
    page = open_page(key)
    expect(page.locator("main > .layer h2")).to_have_text("input")

    def of(name: str, output: int = 0) -> Numbers:
        return np.asarray(trace[name].made[output].array(), np.float64)

    # A batch: the second sample; channels last: they are channels all the same.
    shown: list[tuple[str, str, Numbers, Callable[[int, int, int], str]]] = [
        ("patches", "sample=1", of("patches")[1], _map_words),
        ("norm", "sample=1", np.moveaxis(of("norm")[1], -1, 0), _map_words),
        ("wide", "", np.moveaxis(of("wide")[0], -1, 0), _map_words),
        ("head", "sample=1", of("head")[1][:, None, None], _vector_words),
        ("max", "output=1", of("max", 1)[:, None, None], _vector_words),
        ("mean:2", "", of("mean:2").reshape(1, 1, 1), _vector_words),
    ]
    for op, view, maps, words in shown:
        go(page, key, op, view)
        _shows_maps(page, maps, words)
    # From sample to sample by the page's own means.
    go(page, key, "patches")
    _shows_maps(page, of("patches")[0], _map_words)
    page.get_by_role("combobox", name="sample").select_option("1 of 0..1")
    page.wait_for_url(re.compile("sample=1"))
    _shows_maps(page, of("patches")[1], _map_words)
    # And from output to output.
    go(page, key, "max")
    page.get_by_role("combobox", name="output").select_option(value="1")
    page.wait_for_url(re.compile("output=1"))
    _shows_maps(page, of("max", 1)[:, None, None], _vector_words)


def test_every_slice_of_a_volume(open_page: Opened, odd: tuple[Trace, str]) -> None:
    trace, key = odd
    page = open_page(key, "op=volume&sample=1")
    drawn(page, "volume")
    numbers = np.asarray(trace["volume"].array()[1], np.float64)
    slider = page.get_by_role("slider", name="depth")
    # At first the middle one; the scale and the statistics are those of all slices.
    expect(slider).to_have_attribute("aria-valuetext", "slice 1 of 0..2")
    scale = choose_scale(numbers)
    assert legend(page) == [(tell(scale.low), tell(scale.high))]
    told = statistics(page)
    assert (told["least"], told["greatest"]) == (tell(numbers.min()), tell(numbers.max()))
    assert number_of(told["mean"]) == pytest.approx(numbers.mean(), rel=2e-3)
    for press, depth in (("ArrowRight", 2), ("Home", 0)):
        slider.press(press)
        expect(page.locator("main > .layer output")).to_have_text(f"slice {depth} of 0..2")
        page.wait_for_url(re.compile(f"slice={depth}"))
        for seen in looks(page, 4, seed=depth):
            recorded = numbers[:, depth][seen.at]
            assert seen.number == pytest.approx(recorded, rel=1e-6)
            assert seen.colour == tuple(colourise(recorded, scale))
    # The place that is kept has its depth, and moves with the slice.
    page.mouse.click(sheet_box(page)["x"] + 10, sheet_box(page)["y"] + 10)
    page.wait_for_url(re.compile("at=1,0,0,"))
    slider.press("End")
    page.wait_for_url(re.compile("at=1,0,2,"))
    keeps_quiet(page, "slice=")
    # A link to a number of another slice shows and marks it there.
    page = open_page(key, "op=volume&at=1,3,0,4,7")
    drawn(page, "volume")
    expect(page.get_by_role("slider", name="depth")).to_have_value("0")
    said = f"{_map_words(3, 4, 7)}: {tell(float(numbers[3, 0, 4, 7]))}"
    expect(grid_cell(page)).to_have_attribute("aria-label", said)
    # Given up, the number leaves the slice as it is.
    grid_cell(page).press("Escape")
    page.wait_for_url(re.compile("slice=0"))


class Long(nn.Module):
    """Signals: rows of numbers, kept as planes and as maps."""

    def __init__(self) -> None:
        super().__init__()
        self.signal = nn.Conv1d(4, 3, 5, padding=2)
        self.image = nn.Conv2d(1, 3, (1, 5), padding=(0, 2))

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Wide, and high."""
        wide = self.image(x[:, None, :1])
        return self.signal(x), wide, wide.transpose(2, 3) * 2


@pytest.fixture(scope="module")
def long(served: Server) -> tuple[Trace, str]:
    """Its walk over 4 rows of 300 numbers."""
    torch.manual_seed(6)
    trace = lw.trace(Long().eval(), torch.randn(1, 4, 300))
    return trace, served.library.add(trace)


@pytest.mark.parametrize(
    ("op", "sides"), [("signal", (1, 20)), ("image", (1, 20)), ("mul", (20, 1))]
)
def test_signals_are_no_hairlines(
    open_page: Opened, long: tuple[Trace, str], op: str, sides: tuple[int, int]
) -> None:
    trace, key = long
    page = open_page(key, f"op={op}")
    drawn(page, op)
    numbers = np.asarray(trace[op].array(), np.float64)
    numbers = numbers if op == "signal" else numbers[0]
    scale = choose_scale(numbers)
    for seen in looks(page, 8):
        recorded = numbers[seen.at]
        assert seen.number == pytest.approx(recorded, rel=1e-6)
        assert seen.colour == tuple(colourise(recorded, scale))
    # Each cell is as thick as it takes to be hit, and the keyboard goes to every one.
    cell = grid_cell(page)
    cell.focus()
    for press in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(press)
    colours, paper, _ = cell.evaluate(COLOURS)
    assert colours == 1
    box = cell.bounding_box()
    assert box is not None
    assert box["width"] >= sides[0]
    assert box["height"] >= sides[1]
    # Where a channel has one row, the next is that of the tile beneath.
    title, at = place_of(cell.get_attribute("aria-label") or "")
    assert title == ""
    assert paper == list(colourise(numbers[at], scale))


def test_a_picture_without_a_batch(open_page: Opened, served: Server) -> None:
    torch.manual_seed(7)
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval()
    trace = lw.trace(network, torch.randn(3, 20, 24))
    key = served.library.add(trace)
    page = open_page(key, "op=1&at=2,5,6")
    drawn(page, "1")
    numbers = np.asarray(trace["1"].array(), np.float64)
    said = f"{_map_words(2, 5, 6)}: {tell(float(numbers[2, 5, 6]))}"
    expect(grid_cell(page)).to_have_attribute("aria-label", said)
    expect(page.get_by_role("combobox", name="sample")).to_have_count(0)
    go(page, key, "1")
    _shows_maps(page, numbers, _map_words)


def test_what_is_no_number_has_a_colour_of_its_own(
    open_page: Opened, odd: tuple[Trace, str]
) -> None:
    trace, key = odd
    page = open_page(key, "op=log&sample=1")
    drawn(page, "log")
    numbers = trace["log"].array()[1]
    nan, infinite = int(np.isnan(numbers).sum()), int(np.isinf(numbers).sum())
    assert nan > 10
    assert infinite == 1
    scale = choose_scale(numbers)
    finite = numbers[np.isfinite(numbers)]
    assert (scale.low, scale.high) == (-np.abs(finite).max(), np.abs(finite).max())
    legend = page.locator("main > .layer .legend").first
    expect(legend).to_contain_text(f"{nan} NaN")
    expect(legend).to_contain_text("left out of the range")
    cell = grid_cell(page)
    first = np.argwhere(np.isnan(numbers[0]))[0]
    for (y, x), text in ((first, "NaN"), ((2, 3), "\N{MINUS SIGN}inf")):
        go(page, key, "log", f"sample=1&at=1,0,{y},{x}")
        expect(cell).to_have_attribute("aria-label", f"{_map_words(0, y, x)}: {text}")
        assert cell.evaluate(COLOURS)[1] == list(scale.extra)
    go(page, key, "log", "sample=1")
    _shows_maps(page, numbers, _map_words)


def test_nothing_at_all_is_said_in_a_sentence(open_page: Opened, odd: tuple[Trace, str]) -> None:
    trace, key = odd
    empty = next(op.name for op in trace if op.made and op.made[0].size == 0)
    page = open_page(key, f"op={empty}")
    expect(page.locator("main > .layer h2")).to_have_text(empty)
    expect(page.get_by_text("This value holds no numbers")).to_be_visible()
    layer = page.locator("main > .layer")
    expect(layer).to_contain_text("no numbers")
    expect(layer).not_to_contain_text("NaN")
    expect(layer.locator("[role=gridcell], .statistics, .legend")).to_have_count(0)
