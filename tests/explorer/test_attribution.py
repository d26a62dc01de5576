"""What mattered: maps on the photo, of any score, and channels in the order of it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened, Walks
from explorer.editing import link_of, settled
from explorer.link import says
from explorer.sheet import drawn, go, number_of
from explorer.test_accessibility import violations
from explorer.test_order import first_channels
from layerwalk.attribution import Attribution, attribute, contributions
from layerwalk.record import Trace
from layerwalk.render.colour import colourise
from layerwalk.render.figures.attributions import HeatMap, overlay, stretched
from layerwalk.surfaces.report import make_report
from layerwalk.surfaces.server.server import Server

_PIXELS = """canvas => {
    const {width, height} = canvas;
    return [height, width, ...canvas.getContext("2d").getImageData(0, 0, width, height).data];
}"""
_WALK = ("tiny_vgg", "sample:dog")


def _section(page: Page) -> Locator:
    return page.get_by_role("region", name="What mattered")


def _shown(page: Page, target: str, side: str = "over the photo") -> Locator:
    """Wait until the map of this target is drawn; the picture."""
    expect(_section(page)).to_have_attribute("aria-busy", "false")
    picture = _section(page).get_by_role("img", name=f"What mattered to {target}, {side}")
    expect(picture).to_be_visible()
    return picture


def _pixels(picture: Locator) -> NDArray[np.uint8]:
    height, width, *levels = picture.locator("canvas").evaluate(_PIXELS)
    return np.array(levels, np.uint8).reshape(height, width, 4)[..., :3]


def _method(page: Page, name: str) -> None:
    page.get_by_role("combobox", name="by", exact=True).select_option(label=name)


def _expected(trace: Trace, found: Attribution) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The map over the photo, and alone, as the figures have them."""
    assert trace.photo is not None
    map_ = HeatMap("", found.heat(), found.signed)
    heat = stretched(map_.heat, trace.photo.pixels.shape)
    return overlay(trace.photo.pixels, heat, map_.scale), colourise(heat, map_.scale)


@pytest.mark.parametrize(
    ("title", "method"),
    [
        ("DeepLIFT", "deeplift"),
        ("Grad-CAM", "grad_cam"),
        ("layer conductance", "layer_conductance"),
    ],
)
def test_a_map_over_the_photo_is_that_of_the_figures(
    open_page: Opened, walks: Walks, title: str, method: str
) -> None:
    trace, key = walks(*_WALK)
    page = open_page(key)
    page.get_by_role("button", name="what mattered", exact=True).click()
    _method(page, title)
    found = attribute(trace, method)
    over, alone = _expected(trace, found)
    np.testing.assert_array_equal(_pixels(_shown(page, found.target)), over)
    page.get_by_role("button", name="the map alone").click()
    np.testing.assert_array_equal(_pixels(_shown(page, found.target, "the map alone")), alone)
    page.get_by_role("button", name="photo", exact=True).click()
    assert trace.photo is not None
    levels = np.broadcast_to(trace.photo.pixels, (*trace.photo.pixels.shape[:2], 3))
    np.testing.assert_array_equal(_pixels(_shown(page, found.target, "photo")), levels)


def test_the_sum_is_told_with_what_it_should_be(open_page: Opened, walks: Walks) -> None:
    trace, key = walks(*_WALK)
    page = open_page(key, "mattered=")
    found = attribute(trace, "deeplift")
    _shown(page, found.target)
    words = re.search(
        r"Sum of the map (\S+); the score (\S+) less the baseline.s (\S+) is (\S+); "
        r"residue (\S+)\.$",
        _section(page).inner_text(),
    )
    assert words is not None
    total, score, base, apart, residue = map(number_of, words.groups())
    assert found.baseline_score is not None
    assert found.residue is not None
    for told, number in (
        (total, found.total),
        (score, found.score),
        (base, found.baseline_score),
        (apart, found.score - found.baseline_score),
    ):
        assert told == pytest.approx(number, rel=1e-4)
    assert residue == pytest.approx(found.residue, rel=1e-2, abs=1e-9)
    _method(page, "saliency")
    expect(_section(page)).to_contain_text("the method promises nothing of it")
    # The ends of the scale are told, and what is beyond them.
    map_ = HeatMap("", attribute(trace, "saliency").heat(), signed=False)
    ends = _section(page).locator(".scale .number").all_inner_texts()
    assert number_of(ends[0]) == 0
    assert number_of(ends[1]) == pytest.approx(map_.scale.high, rel=1e-3)
    expect(_section(page)).to_contain_text(map_.beyond)


def test_numbers_are_read_with_the_pointer_and_the_keys(open_page: Opened, walks: Walks) -> None:
    trace, key = walks(*_WALK)
    page = open_page(key, "mattered=input_x_gradient")
    found = attribute(trace, "input_x_gradient")
    heat = found.heat()
    picture = _shown(page, found.target)
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    assert box is not None
    read = _section(page).locator(".read")
    for row, column in ((0, 0), (40, 7), (63, 63)):
        page.mouse.move(
            box["x"] + box["width"] * (column + 0.5) / 64,
            box["y"] + box["height"] * (row + 0.5) / 64,
        )
        expect(read).to_contain_text(f"row {row}, column {column}:")
        told = number_of(read.inner_text().rsplit(" ", 1)[1])
        assert told == pytest.approx(heat[row, column], rel=1e-5)
    page.mouse.move(0, 0)
    expect(read).to_have_text("Point at the map to read its numbers.")
    _section(page).get_by_role("application").focus()
    for keys in ("ArrowDown", "Shift+ArrowRight", "ArrowLeft"):
        page.keyboard.press(keys)
    expect(read).to_contain_text("row 33, column 41:")
    assert number_of(read.inner_text().rsplit(" ", 1)[1]) == pytest.approx(heat[33, 41], rel=1e-5)


def test_another_class_from_the_prediction(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    second, first = (trace.top(2)[k][0] for k in (1, 0))
    page = open_page(key, "op=features.0.conv")
    drawn(page, "features.0.conv")
    page.get_by_role("button", name=f"what mattered for {second}").click()
    over, _ = _expected(trace, attribute(trace, "deeplift", second))
    np.testing.assert_array_equal(_pixels(_shown(page, second)), over)
    expect(_section(page)).to_be_focused()
    expect(page.get_by_role("button", name=f"what mattered for {second}")).to_have_attribute(
        "aria-pressed", "true"
    )
    # A copied link shows the same, Back leads to where one was, and On to the map.
    page.reload()
    _shown(page, second)
    page.go_back()
    drawn(page, "features.0.conv")
    page.go_forward()
    _shown(page, second)
    page.get_by_role("button", name=f"back to “{first}”").click()
    _shown(page, first)
    expect(page).not_to_have_url(re.compile("target="))


def test_a_channel_as_the_target_and_channels_in_its_order(open_page: Opened, walks: Walks) -> None:
    trace, key = walks(*_WALK)
    page = open_page(key, "op=relu_2_1&channel=3")
    drawn(page, "relu_2_1")
    page.get_by_role("button", name="what mattered for channel 3").click()
    aim = ("relu_2_1", 3)
    found = attribute(trace, "deeplift", aim)
    over, _ = _expected(trace, found)
    np.testing.assert_array_equal(_pixels(_shown(page, "relu_2_1 channel 3")), over)
    expect(_section(page).get_by_text("“relu_2_1 channel 3”")).to_be_visible()
    target = "target=relu_2_1:3"
    says(page, target)
    go(page, key, "relu_1_1", f"{target}&order=attribution")
    relu = trace["relu_1_1"]
    mine, usual = (contributions(trace, to).ranked(relu)[:4] for to in (aim, None))
    assert mine != usual
    expect(page.get_by_text("of “relu_2_1 channel 3”: activation")).to_be_visible()
    assert first_channels(page, 4) == mine
    expect(page.get_by_text("that contributed most to “relu_2_1 channel 3”")).to_be_attached()
    page.get_by_role("button", name="to “relu_2_1 channel 3”").click()
    expect(page.get_by_text("of “relu_2_1 channel 3”: activation")).to_have_count(0)
    expect(page.get_by_text("to first order")).to_be_visible()
    assert first_channels(page, 4) == usual


def test_a_network_without_classes_has_channels(open_page: Opened, walks: Walks) -> None:
    _, key = walks("edges", "sample:cat")
    page = open_page(key, "mattered=")
    expect(_section(page)).to_contain_text("predicts no class: choose a channel")
    go(page, key, "relu", "channel=2")
    page.get_by_role("button", name="what mattered for channel 2").click()
    _shown(page, "relu channel 2")


def test_what_takes_long_is_stopped_and_asked_again(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    page = open_page(key, "mattered=occlusion&target=3")
    progress = _section(page).get_by_role("progressbar")
    expect(progress).to_have_attribute("max", "226")
    # Others are answered meanwhile.
    page.get_by_role("button", name="how?").click()
    expect(page.get_by_text("over 1000 classes")).to_be_visible()
    expect(progress).to_be_visible()
    _section(page).get_by_role("button", name="Stop").click()
    expect(progress).to_have_count(0)
    _section(page).get_by_role("button", name="ask again").click()
    expect(progress).to_be_visible()
    _method(page, "saliency")
    expect(_section(page).get_by_role("img")).to_be_visible()
    expect(_section(page)).to_have_attribute("aria-busy", "false")


def test_an_edited_walk_has_its_own_map(open_page: Opened, walks: Walks) -> None:
    trace, key = walks(*_WALK)
    edits = lw.edit().scale_weight("conv_1_1.weight", 0.25, at=(0,)).silence("relu_1_1", 2)
    page = open_page(key, f"mattered=deeplift&target=1&{link_of(edits)}")
    settled(page, *(str(step) for step in edits))
    found = attribute(trace.rerun(edits), "deeplift", 1)
    over, _ = _expected(trace, found)
    np.testing.assert_array_equal(_pixels(_shown(page, found.target)), over)
    page.get_by_role("button", name="clear", exact=True).click()
    settled(page)
    before, _ = _expected(trace, attribute(trace, "deeplift", 1))
    assert not np.array_equal(over, before)
    np.testing.assert_array_equal(_pixels(_shown(page, found.target)), before)


def test_why_it_cannot_be_is_told_in_its_place(
    open_page: Opened, walks: Walks, served: Server, tmp_path: Path, complaints: Complaints
) -> None:
    trace, _ = walks("lenet5", "sample:digits/3")
    page = open_page(served.library.add(trace), "mattered=guided_backprop")
    expect(_section(page).get_by_role("alert")).to_contain_text("it has none")
    trace.save(tmp_path / "light.safetensors", weights=False)
    page = open_page(served.library.add(lw.open(tmp_path / "light.safetensors")), "mattered=")
    expect(_section(page).get_by_role("alert")).to_contain_text("was left out when")
    assert all("422" in said for said in complaints)
    complaints.clear()  # the browser writes down that it was refused weights
    report = make_report(trace).write(tmp_path / "report.html")
    page = open_page(url=report.as_uri())
    page.get_by_role("button", name="what mattered", exact=True).click()
    expect(_section(page).get_by_role("alert")).to_contain_text("ask the live explorer")
    expect(page.get_by_role("button", name="what mattered for")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_rule_of_axe_is_broken(
    open_page: Opened, walks: Walks, complaints: Complaints, scheme: str, width: int
) -> None:
    trace, key = walks(*_WALK)
    viewport = {"width": width, "height": 900}
    page = open_page(key, "mattered=&target=2", color_scheme=scheme, viewport=viewport)
    _shown(page, attribute(trace, "saliency", 2).target)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    go(page, key, "relu_1_1", "channel=2&order=attribution&target=2")
    expect(page.get_by_text("to first order")).to_be_visible()
    assert violations(page) == []
    assert not complaints
