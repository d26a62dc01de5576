"""How one number was made, as users look at it: pointing, keeping, sliding, walking back."""

from __future__ import annotations

import random
import re

import pytest
import torch
from playwright.sync_api import Locator, Page, Request, expect
from torch import nn

import layerwalk as lw
from explorer.conftest import Opened, Walks, tries
from explorer.link import keeps_quiet, says
from explorer.sheet import grid_cell
from explorer.strip import card_button
from layerwalk.record import Trace
from layerwalk.surfaces.server.server import Server

_MINUS = "\N{MINUS SIGN}"


def _cell(page: Page) -> Locator:
    return page.locator("main > .cell")


def _title(page: Page) -> Locator:
    return _cell(page).get_by_role("heading", level=2)


def _words(at: tuple[int, ...]) -> str:
    return "channel {}, row {}, column {}".format(*at[-3:])


def _float(text: str) -> float:
    return float(text.replace(_MINUS, "-").replace(",", ""))


def _sums(page: Page) -> dict[str, float]:
    """The line beneath the arithmetic."""
    expect(_cell(page).locator(".sums")).to_be_visible()
    parts = _cell(page).locator(".sums .part").all_inner_texts()
    pairs = [part.split(maxsplit=1) for part in parts]
    return {name: _float(text) for name, text in pairs if text != "none"}


def _recorded(trace: Trace, op: str, at: tuple[int, ...]) -> float:
    return float(trace[op].array()[at])


def _go(page: Page, key: str, op: str, view: str) -> None:
    page.evaluate("hash => { location.hash = hash; }", f"trace={key}&op={op}&{view}")
    expect(page.locator("main > .layer h2")).to_have_text(op)


def test_the_panel_follows_the_pointer(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2")
    expect(_cell(page)).to_contain_text("Point at a number in a map")
    box = page.locator("main > .layer .scroller").bounding_box()
    assert box is not None
    expect(page.get_by_role("grid", name=re.compile("^Maps of conv_1_2"))).to_be_attached()
    met = set()
    draw = random.Random(4)  # noqa: S311 - no secret
    for _ in range(8):
        page.mouse.move(
            box["x"] + draw.uniform(10, box["width"] - 30), box["y"] + draw.uniform(10, 150)
        )
        # The one number that both panels speak of.
        said = page.locator("main > .layer .readout").inner_text()
        if " = " not in said:
            continue
        expect(_title(page)).to_have_text(said.rsplit(" = ", 1)[0])
        at = (0, *map(int, re.findall(r"\d+", said.rsplit(" = ", 1)[0])))
        sums = _sums(page)
        assert sums["recorded"] == pytest.approx(_recorded(trace, "conv_1_2", at), rel=1e-6)
        found = lw.explain(trace, "conv_1_2", at)
        assert sums["result"] == pytest.approx(found.total, rel=1e-6)
        met.add(at)
    assert len(met) > 4
    page.mouse.move(2, 2)
    expect(_cell(page)).to_contain_text("Point at a number in a map")


def test_the_receptive_field_in_words(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key)
    looked = (
        ("features.0.conv", (0, 3, 40, 50)),
        ("features.2.depthwise.conv", (0, 54, 30, 31)),
        ("features.2.depthwise.conv", (0, 54, 0, 31)),
        ("features.5.add", (0, 7, 0, 27)),
        ("features.15.project.norm", (0, 2, 6, 0)),
        ("classifier", (0, 235)),
    )
    beyonds = 0
    for op, at in looked:
        _go(page, key, op, f"at={','.join(map(str, at))}")
        down, across = lw.receptive_field(trace, op, at).spatial
        inside = (down.stop - down.first) * (across.stop - across.first)
        beyond = down.size * across.size - inside
        words = f"receptive field {down.size:,}×{across.size:,} px"  # noqa: RUF001
        if beyond > 0:
            words += f", {beyond:,} of them beyond the edge"
            beyonds += 1
        photo = _cell(page).locator(".photo figure")
        expect(photo.locator("figcaption")).to_contain_text(words)
        # The ring stands about that box, and no smaller than it.
        ring = photo.locator("rect.ring").evaluate(
            "ring => ['x', 'y', 'width', 'height'].map(name => ring[name].baseVal.value)"
        )
        x, y, width, height = ring
        assert x <= across.first
        assert y <= down.first
        assert x + width >= across.stop
        assert y + height >= down.stop
        assert x + width / 2 == pytest.approx((across.first + across.stop) / 2, abs=0.5)
        assert y + height / 2 == pytest.approx((down.first + down.stop) / 2, abs=0.5)
    assert beyonds >= 2


def test_the_window_steps_and_slides(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    at = (0, 3, 10, 58)
    page = open_page(key, "op=conv_1_2&at=0,3,10,58", reduced_motion="no-preference")
    slide = page.get_by_role("group", name="Slide the window")
    expect(slide).to_contain_text("position 659 of 3,600")
    # Step by step, over the edge into the next row, and back.
    for button, place in (
        ("one position on", (0, 3, 10, 59)),
        ("one position on", (0, 3, 11, 0)),
        ("one position back", (0, 3, 10, 59)),
    ):
        slide.get_by_role("button", name=button).click()
        expect(_title(page)).to_have_text(_words(place))
        assert _sums(page)["recorded"] == pytest.approx(
            _recorded(trace, "conv_1_2", place), rel=1e-6
        )
        says(page, f"at={','.join(map(str, place))}")
    # It plays by itself, and where it is stopped it stays.
    slide.get_by_role("combobox", name="speed").select_option("30")
    slide.get_by_role("button", name="slide").click()
    expect(slide.get_by_role("button", name="pause")).to_be_visible()
    expect(_cell(page).locator("path.veil")).to_be_attached()
    expect(_title(page)).not_to_have_text(_words((0, 3, 10, 59)))
    slide.get_by_role("button", name="pause").click()
    expect(slide.get_by_role("button", name="slide")).to_be_visible()
    expect(_cell(page).locator("path.veil")).to_have_count(0)
    stopped = _title(page).inner_text()
    found = re.findall(r"\d+", stopped)
    page.wait_for_url(re.compile(f"at=0%2C{'%2C'.join(found)}|at=0,{','.join(found)}"))
    rested = (0, *map(int, found))
    assert rested[1:3] >= at[1:3]
    assert _sums(page)["recorded"] == pytest.approx(_recorded(trace, "conv_1_2", rested), rel=1e-6)
    # While it plays, whatever else the user looks at ends it.
    slide.get_by_role("button", name="slide").click()
    expect(slide.get_by_role("button", name="pause")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    box = page.locator("main > .layer .scroller").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.move(box["x"] + 43, box["y"] + 42)
    expect(slide.get_by_role("button", name="slide")).to_be_visible()


def test_escape_stops_the_window_before_it_leads_out(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2&at=0,3,10,58", reduced_motion="no-preference")
    slide = page.get_by_role("group", name="Slide the window")
    slide.get_by_role("button", name="slide").click()
    expect(slide.get_by_role("button", name="pause")).to_be_visible()
    page.keyboard.press("Escape")
    expect(slide.get_by_role("button", name="slide")).to_be_focused()
    says(page, "at=0,3,")
    # Wherever the focus is: here it would fold the group of the card.
    page.keyboard.press("Enter")
    expect(slide.get_by_role("button", name="pause")).to_be_visible()
    card_button(page, "relu_2_1").focus()
    page.keyboard.press("Escape")
    expect(slide.get_by_role("button", name="slide")).to_be_visible()
    says(page, "op=conv_1_2&at=0,3,")
    # The next one leads from the number to its channel.
    grid_cell(page).press("Escape")
    page.wait_for_url(re.compile("channel=3"))
    keeps_quiet(page, "at=")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_while_the_window_slides(open_page: Opened, walks: Walks, width: int) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(
        key, "op=conv_2_1&at=0,3,10,1", reduced_motion="no-preference",
        viewport={"width": width, "height": 940},
    )  # fmt: skip
    slide = page.get_by_role("group", name="Slide the window")
    slide.get_by_role("combobox", name="speed").select_option("30")
    # Where what comes after the grids and the sums begins, at each position.
    places = """() => ["group[aria-label='Slide the window']".replace("group", "[role=group]"),
                       "main > .cell .sums"].map(name => {
        const cell = document.querySelector("main > .cell").getBoundingClientRect();
        return document.querySelector(name).getBoundingClientRect().y - cell.y;
    })"""
    slide.get_by_role("button", name="slide").click()
    met = set()
    spots = set()
    for k in tries():
        page.wait_for_timeout(40)
        spots.add(_title(page).inner_text())
        met.add(tuple(page.evaluate(places)))
        if k >= 40 and len(spots) > 5:
            break
    assert len(spots) > 5
    # It may widen as longer numbers come by, but goes back and forth for none.
    assert len(met) <= 2, met
    page.keyboard.press("Escape")


def test_before_anything_is_chosen_a_number_stands_as_an_example(
    open_page: Opened, walks: Walks
) -> None:
    trace, key = walks("efficientnet_lite0")
    page = open_page(key)
    expect(page.get_by_role("heading", name="How a number is made")).to_be_visible()
    expect(_cell(page)).to_contain_text("Point at a number in a map")
    # Of the input, which nobody made: the largest number of the first convolution.
    example = _cell(page).locator(".example")
    expect(example).to_contain_text("the largest number of features.0.conv")
    largest = float(trace["features.0.conv"].array().max())
    sums = _sums(page)
    assert sums["recorded"] == pytest.approx(largest, rel=1e-6)
    keeps_quiet(page, "at=")
    # Of a layer, its own.
    _go(page, key, "features.3.add", "map=magma")
    expect(example).to_contain_text("the largest number of features.3.add")
    expect(_cell(page).locator(".sums")).to_contain_text(
        f"{trace['features.3.add'].array().max():.4f}"[:5]
    )
    example.get_by_role("button", name="keep it").click()
    expect(_title(page)).to_contain_text("channel")
    expect(example).to_have_count(0)
    says(page, "op=features.3.add")
    says(page, "at=")


def test_on_a_phone_no_example_pushes_the_prediction_away(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, viewport={"width": 390, "height": 840})
    expect(_cell(page)).to_contain_text("Point at a number in a map")
    page.wait_for_timeout(800)
    expect(_cell(page).locator(".sums")).to_have_count(0)
    assert _cell(page).evaluate("cell => cell.clientHeight") < 140


def test_who_wants_no_motion_has_the_steps_alone(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2&at=0,3,10,12", reduced_motion="reduce")
    slide = page.get_by_role("group", name="Slide the window")
    expect(slide.get_by_role("button", name="one position on")).to_be_visible()
    expect(slide.get_by_role("button", name="slide")).to_have_count(0)


def test_a_long_way_back_is_folded(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_2_2&at=0,3,10,12")
    # By the keyboard: the middle of every window, the operand of everything else.
    window = page.get_by_role("grid", name=re.compile("^window of channel"))
    way = ["conv_2_2"]
    for op in (
        "relu_2_1",
        "conv_2_1",
        "max_pool_1",
        "relu_1_2",
        "conv_1_2",
        "relu_1_1",
        "conv_1_1",
    ):
        back = page.get_by_role("button", name=re.compile(f": walk on to it$|^walk on to {op}"))
        (window.get_by_role("button").nth(3).or_(back)).first.click()
        expect(page.locator("main > .layer h2")).to_have_text(op)
        way.append(op)
    trail = page.get_by_role("navigation", name="The walk back to this number")
    items = trail.get_by_role("listitem")
    # Two from the beginning, those left out, two before this one, and this one.
    expect(items).to_have_count(6)
    fold = trail.get_by_role("button", name="show 3 more numbers of the walk")
    fold.click()
    expect(items).to_have_count(len(way))
    for item, op in zip(items.all(), way, strict=True):
        assert item.inner_text().startswith(f"{op} [")
    expect(trail.locator("[aria-current=step]")).to_contain_text("conv_1_1")
    # Back to the third, with those before it alone.
    trail.get_by_role("button", name=re.compile("^back to conv_2_1 ")).click()
    expect(page.locator("main > .layer h2")).to_have_text("conv_2_1")
    expect(items).to_have_count(3)
    for op in ("conv_1_1", "relu_1_1"):
        page.go_back()
        expect(page.locator("main > .layer h2")).to_have_text(op)


class Unknown(nn.Module):
    """An op without a recipe between two that have one."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Sorts."""
        return torch.relu(torch.sort(x * 2, dim=-1).values)


def test_the_way_back_by_the_keyboard_alone(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=max_pool_2")
    example = _cell(page).locator(".example")
    example.get_by_role("button", name="keep it").press("Enter")
    expect(_title(page)).to_contain_text("channel")
    # Whatever is pressed leads on, and the focus with it, as far as the pixels.
    for op in ("relu_2_2", "conv_2_2", "relu_2_1", "conv_2_1", "max_pool_1",
               "relu_1_2", "conv_1_2", "relu_1_1", "conv_1_1", "input"):  # fmt: skip
        expect(_cell(page).locator(".account button:focus")).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("main > .layer h2")).to_have_text(op)
    expect(_cell(page)).to_contain_text("Here the walk ends")


def test_an_op_without_a_recipe_says_so(open_page: Opened, served: Server) -> None:
    torch.manual_seed(3)
    trace = lw.trace(Unknown(), torch.randn(1, 2, 4, 5))
    page = open_page(served.library.add(trace), "op=sort&at=0,1,2,3")
    expect(_cell(page)).to_contain_text("it has no recipe")
    recorded = _recorded(trace, "sort", (0, 1, 2, 3))
    line = _cell(page).locator(".recorded")
    assert _float(line.inner_text().split()[-1]) == pytest.approx(recorded, rel=1e-6)
    assert _cell(page).locator(".sums").count() == 0
    # The op after it knows how its numbers came from these.
    page.keyboard.press("]")
    expect(page.locator("main > .layer h2")).to_have_text("relu")


class Wide(nn.Module):
    """The first linear layer of a VGG: 411 MB of weights."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(25088, 4096)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One product."""
        scores: torch.Tensor = self.fc(x)
        return scores


def test_of_a_huge_weight_its_row_is_fetched(open_page: Opened, served: Server) -> None:
    torch.manual_seed(2)
    with torch.no_grad():
        trace = lw.trace(Wide(), torch.randn(1, 25088))
    weight = next(value for value in trace["fc"].inputs if value.name == "fc.weight")
    page = open_page(served.library.add(trace))
    # Of a row, too, the example that stands where nothing is chosen.
    expect(_cell(page).locator(".example")).to_be_visible()
    expect(_cell(page).locator(".sums")).to_be_visible()
    asked: list[Request] = []

    def heard(request: Request) -> None:
        asked.append(request)

    page.on("requestfinished", heard)
    for row in (7, 4095):
        _go(page, served.library.cards()[0].id, "fc", f"at=0,{row}")
        found = lw.explain(trace, "fc", (0, row))
        expect(_title(page)).to_have_text(f"channel {row}")
        assert _sums(page)["recorded"] == pytest.approx(found.recorded, rel=1e-6)
        assert _sums(page)["result"] == pytest.approx(found.total, rel=1e-6)
    sent = [request for request in asked if f"/values/{weight.id}?" in request.url]
    # A row for each number: its place in the address, and no more bytes than it has.
    assert [request.url.split("region=")[1] for request in sent] == ["7", "4095"]
    assert [request.sizes()["responseBodySize"] for request in sent] == [4 * 25088, 4 * 25088]
    assert not [request for request in asked if request.url.endswith(f"/values/{weight.id}")]


def test_what_is_padding_is_no_place_to_go(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("resnet18")
    op, at = "layer1.0.conv1", (0, 5, 0, 0)
    page = open_page(key, f"op={op}&at=0,5,0,0")
    window = page.get_by_role("grid", name=re.compile("^window of channel"))
    expect(window).to_be_visible()
    # Of the nine numbers of a corner's window five are beyond the edge.
    expect(window.get_by_role("button")).to_have_count(4)
    expect(window.locator(".padding")).to_have_count(5)
    sums = _sums(page)
    found = lw.explain(trace, op, at)
    assert sums["\N{GREEK CAPITAL LETTER SIGMA}"] == pytest.approx(found.total, rel=1e-6)
    assert sums["recorded"] == pytest.approx(found.recorded, rel=1e-6)
