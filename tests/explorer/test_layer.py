"""What stands on a layer's maps is what the network computed: places, numbers, colours, scales."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from explorer.conftest import Opened, Walks
from explorer.link import keeps_quiet, says
from explorer.sheet import (
    COLOURS,
    drawn,
    go,
    grid_cell,
    legend,
    looks,
    number_of,
    seen_at,
    share_words,
    sheet_box,
    statistics,
)
from layerwalk.render.colour import Scale, choose_scale, colourise
from layerwalk.render.numerals import tell


def test_every_pixel_is_the_recorded_number(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    # A screen with two dots to a pixel, too.
    for ratio, op in ((1, "features.0.conv"), (2, "features.2.expand.act")):
        page = open_page(key, f"op={op}", device_scale_factor=ratio)
        drawn(page, op)
        numbers = trace[op].array()[0]
        scale = choose_scale(numbers)
        places = set()
        for seen in looks(page, 12):
            recorded = numbers[seen.at]
            assert seen.number == pytest.approx(recorded, rel=1e-6), seen
            assert seen.colour == tuple(colourise(recorded, scale)), seen
            places.add(seen.at)
        assert len(places) > 8
        # The upper left corner is where the numbers begin.
        box = sheet_box(page)
        corner = seen_at(page, box["x"] + 4.5, box["y"] + 4.5)
        assert corner is not None
        assert corner.at == (0, 0, 0)


def test_a_click_keeps_what_the_pointer_passes(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2")
    drawn(page, "conv_1_2")
    box = sheet_box(page)
    x, y = box["x"] + 60, box["y"] + 40
    seen = seen_at(page, x, y)
    assert seen is not None
    page.mouse.click(x, y)
    where = f"at=0,{','.join(map(str, seen.at))}"
    says(page, where)
    title = "channel {}, row {}, column {}".format(*seen.at)
    expect(page.locator("main > .cell h2")).to_have_text(title)
    # Another one is looked at, and when the pointer leaves, the chosen one is back.
    other = seen_at(page, x + 30, y + 20)
    assert other is not None
    assert other.at != seen.at
    expect(page.locator("main > .cell h2")).to_have_text(
        "channel {}, row {}, column {}".format(*other.at)
    )
    page.mouse.move(2, 2)
    expect(page.locator("main > .cell h2")).to_have_text(title)
    says(page, where)
    # A drag is none.
    page.mouse.move(x + 30, y + 20)
    page.mouse.down()
    page.mouse.move(x + 60, y + 50, steps=4)
    page.mouse.up()
    says(page, where)
    assert trace["conv_1_2"].array()[0][seen.at] == pytest.approx(seen.number, rel=1e-6)


def test_by_the_keyboard_alone(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_2_1")
    drawn(page, "conv_2_1")
    numbers = trace["conv_2_1"].array()[0]
    page.locator("main > .layer").get_by_role("combobox", name="scale").focus()
    page.keyboard.press("Tab")
    cell = grid_cell(page)
    expect(cell).to_be_focused()
    at = [0, 0, 0]
    moves = (
        ("ArrowRight", (0, 0, 1)), ("ArrowDown", (0, 1, 1)), ("End", (0, 1, 27)),
        ("ArrowLeft", (0, 1, 26)), ("Control+ArrowRight", (1, 1, 26)), ("Home", (1, 1, 0)),
        ("ArrowUp", (1, 0, 0)), ("Control+End", (9, 0, 0)), ("Control+Home", (0, 0, 0)),
    )  # fmt: skip
    for press, place in moves:
        page.keyboard.press(press)
        at = list(place)
        words = "channel {}, row {}, column {}".format(*at)
        expect(cell).to_have_attribute("aria-label", f"{words}: {tell(float(numbers[*at]))}")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("main > .cell h2")).to_have_text("channel 0, row 0, column 1")
    says(page, "at=0,0,0,1")
    # Out again: from the number to its channel, from the channel to the layer.
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("channel=0"))
    keeps_quiet(page, "at=")
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "channel=" not in url)


def test_zooming_in_until_the_numbers_stand_in_the_cells(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_2_1&at=0,3,10,12")
    drawn(page, "conv_2_1")
    numbers = trace["conv_2_1"].array()[0]
    colour = list(colourise(numbers[3, 10, 12], choose_scale(numbers)))
    cell = grid_cell(page)
    cell.focus()
    expect(cell).to_have_attribute(
        "aria-label", f"channel 3, row 10, column 12: {tell(float(numbers[3, 10, 12]))}"
    )
    # One colour, the number's own.
    assert cell.evaluate(COLOURS)[:2] == [1, colour]
    larger = page.get_by_role("button", name="larger")
    page.keyboard.press("Enter")
    expect(larger).to_be_visible()
    letters, paper, wide = cell.evaluate(COLOURS)
    # Close: on that colour there are letters now.
    assert wide > 40
    assert paper == colour
    assert letters > 4
    page.keyboard.press("ArrowRight")
    expect(cell).to_have_attribute(
        "aria-label", f"channel 3, row 10, column 13: {tell(float(numbers[3, 10, 13]))}"
    )
    assert cell.evaluate(COLOURS)[1] == list(colourise(numbers[3, 10, 13], choose_scale(numbers)))
    page.get_by_role("button", name="fit", exact=True).click()
    assert cell.evaluate(COLOURS)[0] == 1
    # With the wheel, what is under the pointer stays under it.
    box = sheet_box(page)
    x, y = box["x"] + 100, box["y"] + 100
    before = seen_at(page, x, y)
    assert before is not None
    page.keyboard.down("Control")
    for _ in range(8):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    expect(larger).to_be_enabled()
    after = seen_at(page, x + 0.2, y)
    assert after is not None
    assert after.at == before.at
    assert numbers[after.at] == pytest.approx(after.number, rel=1e-6)


def test_colours_and_scales_with_their_ends(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_1_2")
    drawn(page, "conv_1_2")
    numbers = trace["conv_1_2"].array()[0]
    low, high = float(numbers.min()), float(numbers.max())
    most = max(-low, high)
    assert low < 0 < high
    colours = page.get_by_role("combobox", name="colours")
    scope = page.get_by_role("combobox", name="scale")

    def holds(scale_of: Callable[[int], Scale]) -> None:
        for seen in looks(page, 4, seed=3):
            scale = scale_of(seen.at[0])
            assert seen.colour == tuple(colourise(numbers[seen.at], scale)), (seen, scale)

    # As fits: signed, so diverging about zero with ends alike.
    assert legend(page) == [(tell(-most), tell(most))]
    holds(lambda _: Scale(-most, most, "bluered", "layer"))
    for name in ("viridis", "magma", "grey"):
        colours.select_option(name)
        assert legend(page) == [(tell(low), tell(high))], name
        scale = choose_scale(numbers, map=name)
        assert (scale.low, scale.high) == (low, high)
        holds(lambda _, scale=scale: scale)  # type: ignore[misc]
    colours.select_option(value="bluered")
    scope.select_option("per channel")
    expect(page.locator("main > .layer .legend").first).to_contain_text("each channel its own")
    holds(lambda channel: choose_scale(numbers[channel], map="bluered", scope="channel"))
    box = sheet_box(page)
    seen = seen_at(page, box["x"] + 40, box["y"] + 40)
    assert seen is not None
    own = float(np.abs(numbers[seen.at[0]]).max())
    assert legend(page) == [(tell(-own), tell(own))]
    # Ends that the user gives; what is beyond takes the ends' colours, and that is said.
    colours.select_option("viridis")
    scope.select_option("fixed")
    page.get_by_role("spinbutton", name="from").fill("-0.05")
    page.get_by_role("spinbutton", name="to").fill("0.1")
    assert legend(page) == [(tell(-0.05), tell(0.1))]
    holds(lambda _: Scale(-0.05, 0.1, "viridis", "fixed"))
    expect(page.locator("main > .layer .words")).to_contain_text("takes the ends' colours")
    says(page, "limits=-0.05,0.1")
    page.get_by_role("spinbutton", name="to").fill("-1")
    expect(page.get_by_role("alert")).to_have_text("the first has to be the smaller")


def test_the_histogram_and_its_numbers(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("efficientnet_lite0")
    op = "features.1.depthwise.act"
    page = open_page(key, f"op={op}")
    drawn(page, op)
    layer = trace[op].array()[0].astype(np.float64)
    for of, numbers in (("the whole layer", layer), ("channel 5", layer[5])):
        if of != "the whole layer":
            go(page, key, op, "channel=5")
        chart = page.get_by_role("img", name=re.compile(f"^Histogram of {of}, "))
        expect(chart).to_be_visible()
        low, high, zeros = numbers.min(), numbers.max(), int((numbers == 0).sum())
        expect(chart).to_have_attribute(
            "aria-label",
            f"Histogram of {of}, from {tell(low)} to {tell(high)}; "
            f"{zeros:,} exact zeros beside it.",
        )
        assert statistics(page) == {
            "Numbers of": of,
            "least": tell(low),
            "mean": tell(float(numbers.mean())),
            "greatest": tell(high),
            "zeros": share_words(zeros / numbers.size),
        }
        counts, _ = np.histogram(numbers[numbers != 0], bins=48, range=(low, high))
        heights = chart.locator("rect").evaluate_all(
            "bars => bars.map(bar => bar.height.baseVal.value)"
        )
        shares = np.array(heights) / 34 * counts.max()
        # A number that lies on the edge of a bar may be told to either.
        assert np.abs(shares - counts).max() <= 0.005 * counts.max() + 1
        assert np.argmax(shares) == np.argmax(counts)


def test_before_and_after_and_the_difference(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=relu_1_1")
    drawn(page, "relu_1_1")
    before, after = (trace[name].array()[0] for name in ("conv_1_1", "relu_1_1"))
    group = page.get_by_role("group", name="Comparison with what went in")
    group.get_by_role("button", name="before / after").click()
    expect(page.locator("main > .layer canvas.waiting")).to_have_count(0)
    most = float(np.abs(before).max())
    common = Scale(-most, most, "bluered", "layer")
    titles = set()
    for seen in looks(page, 10, seed=1):
        numbers = before if seen.title == "before" else after
        assert seen.number == pytest.approx(numbers[seen.at], rel=1e-6), seen
        assert seen.colour == tuple(colourise(numbers[seen.at], common)), seen
        titles.add(seen.title)
    assert titles == {"before", "after"}
    assert legend(page) == [(tell(-most), tell(most))]
    # Each its own scale, each with its own legend.
    group.get_by_role("button", name="same scale for both").click()
    ends = (float(after.min()), float(after.max()))
    assert legend(page) == [(tell(-most), tell(most)), (tell(ends[0]), tell(ends[1]))]
    group.get_by_role("button", name="difference").click()
    change = after - before
    scale = choose_scale(change)
    assert legend(page) == [(tell(scale.low), tell(scale.high))]
    for seen in looks(page, 6, seed=2):
        assert seen.number == pytest.approx(change[seen.at], rel=1e-6), seen
        assert seen.colour == tuple(colourise(change[seen.at], scale)), seen
    expect(page.locator("main > .layer .words")).to_contain_text("after \N{MINUS SIGN} before")
    says(page, "compare=difference")


def _table(page: Page) -> tuple[str, list[list[str]]]:
    table = page.get_by_role("region", name="Numbers as a table").get_by_role("table")
    rows = table.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => cell.innerText))"
    )
    return table.locator("caption").inner_text(), rows


def test_the_table_has_the_same_numbers(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=max_pool_2&channel=4")
    drawn(page, "max_pool_2")
    page.get_by_role("button", name="as table").click()
    caption, rows = _table(page)
    assert caption == "channel 4"
    told = np.array([[number_of(text) for text in row] for row in rows])
    assert told == pytest.approx(trace["max_pool_2"].array()[0, 4], rel=1e-6)
    # Of a large map it is the part about the chosen number, and that is said.
    go(page, key, "conv_1_1", "at=0,2,40,61")
    caption, rows = _table(page)
    assert "rows 24 to 55 of 62, columns 30 to 61 of 62" in caption
    told = np.array([[number_of(text) for text in row] for row in rows])
    assert told == pytest.approx(trace["conv_1_1"].array()[0, 2, 24:56, 30:62], rel=1e-6)


def test_the_channels_of_a_photo_are_its_colours(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "at=0,1,30,20")
    drawn(page, "input")
    number = tell(float(trace.inputs[0].array()[0, 1, 30, 20]))
    said = f"channel 1 (green), row 30, column 20: {number}"
    expect(grid_cell(page)).to_have_attribute("aria-label", said)
    expect(page.locator("main > .layer .readout")).to_contain_text("channel 1 (green), row 30")
    assert statistics(page)["Numbers of"] == "channel 1 (green)"
    # No other layer has colours for channels, and a grey photo has none.
    go(page, key, "conv_1_1", "channel=1")
    assert statistics(page)["Numbers of"] == "channel 1"
    page = open_page(walks("edges")[1], "channel=0")
    drawn(page, "input")
    assert statistics(page)["Numbers of"] == "channel 0"


def test_the_keyboard_goes_on_from_what_was_chosen_elsewhere(
    open_page: Opened, walks: Walks
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_2_1")
    drawn(page, "conv_2_1")
    cell = grid_cell(page)
    cell.focus()
    for press in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(press)
    page.wait_for_url(re.compile("at=0,0,1,1"))
    # Chosen elsewhere: by the address, here.
    go(page, key, "conv_2_1", "at=0,4,7,9")
    expect(cell).to_have_attribute("aria-label", re.compile("^channel 4, row 7, column 9:"))
    cell.focus()
    page.keyboard.press("ArrowRight")
    expect(cell).to_have_attribute("aria-label", re.compile("^channel 4, row 7, column 10:"))
    # Given up, the place stays; and Back leads to the number again.
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("at=0,4,7,10"))
    page.keyboard.press("Escape")
    page.wait_for_url(re.compile("channel=4"))
    expect(cell).to_have_attribute("aria-label", re.compile("^channel 4, row 7, column 10:"))
    page.keyboard.press("ArrowDown")
    page.go_back()
    page.wait_for_url(re.compile("at=0,4,7,10"))
    expect(cell).to_have_attribute("aria-label", re.compile("^channel 4, row 7, column 10:"))


def test_everything_of_a_layer_fits_a_phone(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    page = open_page(key, viewport={"width": 390, "height": 844})
    for op in ("features.15.depthwise.conv", "features.3.add", "pool"):
        go(page, key, op, "compare=pair")
        wide = page.locator("main > .layer").evaluate(
            """layer => [...layer.querySelectorAll("*")]
                .filter(part => !part.closest(".sheet") && !part.closest(".unseen"))
                .filter(part => part.getBoundingClientRect().right
                    > layer.getBoundingClientRect().right)
                .map(part => part.outerHTML)"""
        )
        assert wide == [], op
