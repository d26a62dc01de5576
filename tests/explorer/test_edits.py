"""Edits as a user makes them, and every layer's answer."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Locator, Page, Route, expect

import layerwalk as lw
from explorer.conftest import Complaints, Opened, Walks, tries
from explorer.editing import (
    CONV,
    WEIGHT,
    bar,
    in_address,
    kernel_cell,
    same_numbers,
    settled,
    shown_channel,
    with_edits,
)
from explorer.sheet import drawn, go, statistics
from layerwalk.filters import find_filter


def test_a_number_typed_into_a_kernel_changes_every_layer(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, CONV)
    field = kernel_cell(page, 1, 2)
    expect(field).to_be_visible()
    channel = shown_channel(page)
    field.click()
    page.keyboard.type("0.75")
    settled(page, f"set {WEIGHT}[3, {channel}, 1, 2] to 0.75")
    expect(field).to_be_focused()
    expect(field).to_have_value("0.75")
    edits = lw.edit().set_weight(WEIGHT, 0.75, at=(3, channel, 1, 2))
    assert lw.Edits.of(in_address(page)) == edits
    edited = trace.rerun(edits)
    cell = page.locator("main > .cell")
    number = float(edited["conv_1_1"].array()[0, 3, 20, 20])
    expect(cell).to_contain_text(re.compile(r"without edits.*with them.*difference"))
    with_edits(page, number)
    assert edited["output"].array()[0, 0] != trace["output"].array()[0, 0]
    same_numbers(page, key, edited, ("conv_1_1", "relu_1_2", "conv_2_2"))


def test_arrows_and_dragging_change_a_kernel(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, CONV)
    field = kernel_cell(page, 0, 0)
    expect(field).to_be_visible()
    channel = shown_channel(page)
    place = (3, channel, 0, 0)
    weight = next(value for value in trace.values if value.name == WEIGHT).array()
    kernel = weight[3, channel]
    step = 10.0 ** (np.floor(np.log10(np.abs(kernel).max())) - 1)
    field.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowDown")
    expect(bar(page).get_by_role("listitem")).to_have_count(1)

    def to() -> float:
        (edit,) = in_address(page)
        assert edit["at"] == list(place)
        return float(edit["to"])

    np.testing.assert_allclose(to(), kernel[0, 0] + 1.9 * step, rtol=1e-4)
    # All of it was one gesture.
    page.keyboard.press("Control+z")
    assert in_address(page) == []
    page.keyboard.press("ArrowRight")
    expect(kernel_cell(page, 0, 1)).to_be_focused()
    page.keyboard.press("Escape")
    box = field.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y, steps=3)
    page.mouse.up()
    np.testing.assert_allclose(to(), kernel[0, 0] + 5 * step, rtol=1e-4)
    page.keyboard.press("Control+z")
    assert in_address(page) == []


def test_filters_factors_matrices_and_the_bias(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, CONV, permissions=["clipboard-read", "clipboard-write"])
    expect(kernel_cell(page, 0, 0)).to_be_visible()
    channel = shown_channel(page)
    part = f"{WEIGHT}[3, {channel}]"
    page.get_by_role("button", name="use a filter").click()
    page.get_by_role("list", name="Filters that fit").get_by_role("button", name="sobel-x").click()
    settled(page, f"use sobel-x in {part}")
    for row in range(3):
        for column in range(3):
            number = find_filter("sobel-x").matrix[row, column]
            expect(kernel_cell(page, row, column)).to_have_attribute("aria-valuenow", f"{number:g}")
    page.get_by_role("button", name="kernel \N{MULTIPLICATION SIGN}2").click()
    page.get_by_role("button", name="kernel \N{MULTIPLICATION SIGN}\N{MINUS SIGN}1").click()
    settled(page, f"use sobel-x in {part}", f"scale {part} by -2")
    page.evaluate("navigator.clipboard.writeText('1/4 * (1 0 1; 0 0 0; 1 0 1)')")
    kernel_cell(page, 1, 1).click()
    page.keyboard.press("Control+v")
    settled(page, f"use the filter 1/4 * (1 0 1; 0 0 0; 1 0 1) in {part}")
    page.evaluate("navigator.clipboard.writeText('1 1 1 1')")
    page.keyboard.press("Control+v")
    expect(
        page.get_by_text("does not fit into this kernel of 3\N{MULTIPLICATION SIGN}3")
    ).to_be_visible()
    bias = page.get_by_role("spinbutton", name="bias")
    bias.fill("1/2")
    settled(
        page,
        f"use the filter 1/4 * (1 0 1; 0 0 0; 1 0 1) in {part}",
        "set conv_1_1.bias[3] to 0.5",
    )
    edited = trace.rerun(lw.Edits.of(in_address(page)))
    with_edits(page, float(edited["conv_1_1"].array()[0, 3, 20, 20]))
    page.get_by_role("button", name="kernel 0").click()
    settled(page, f"set {part} to 0", "set conv_1_1.bias[3] to 0.5")


def test_weights_of_a_linear_layer(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=output&at=0,3")
    weight = trace["output"].inputs[1].array()
    terms = trace["flatten"].array()[0] * weight[3]
    order = np.argsort(-np.abs(terms), kind="stable")
    first, second = (weight_field(page, int(place)) for place in order[:2])
    assert float(first.get_attribute("aria-valuenow") or "nan") == weight[3, order[0]]
    first.click()
    page.keyboard.type("0")
    settled(page, f"set output.weight[3, {order[0]}] to 0")
    edits = lw.edit().set_weight("output.weight", 0.0, at=(3, int(order[0])))
    with_edits(page, float(trace.rerun(edits)["output"].array()[0, 3]))
    # While one works in the list it keeps its order: the line of a weight of 0 stays the first.
    expect(first).to_be_focused()
    fields = page.locator("main > .cell").get_by_role("spinbutton", name="weight of")
    expect(fields.first).to_have_value("0")
    second.focus()
    page.keyboard.press("ArrowUp")
    expect(bar(page).get_by_role("listitem")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(first).to_have_count(0)  # no longer among the largest
    expect(bar(page)).to_have_attribute("aria-busy", "false")  # where the other stands is settled
    box = second.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=3)
    page.mouse.up()
    expect(bar(page).get_by_role("listitem")).to_have_count(2)
    edited = trace.rerun(lw.Edits.of(in_address(page)))
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    with_edits(page, float(edited["output"].array()[0, 3]))
    # Of all 1,690 only those in sight are made; what was typed for one is not shown for another.
    page.get_by_role("button", name="show all").click()
    assert 12 < fields.count() < 30
    page.get_by_role("button", name="weights ×½").click()  # noqa: RUF001
    settled(page, "set output", "set output", "scale output.weight[3] by 0.5")
    edited = trace.rerun(lw.Edits.of(in_address(page)))
    with_edits(page, float(edited["output"].array()[0, 3]))


def weight_field(page: Page, place: int) -> Locator:
    return page.get_by_role("spinbutton", name=f"weight of flatten [{place}]", exact=True)


def test_what_was_typed_is_not_shown_for_another_number(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, CONV)
    field = kernel_cell(page, 0, 0)
    field.fill("0.75")
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    expect(field).to_have_value("0.75")
    # With the keyboard still in the field, the pointer rests on another filter's map.
    sheet = page.locator("main > .layer [role=gridcell]").bounding_box()
    assert sheet is not None
    page.mouse.move(sheet["x"] - 60, sheet["y"] + 30)
    expect(page.locator("main > .cell")).to_contain_text("channel 2, row")
    expect(field).to_be_focused()
    weight = trace["conv_1_1"].inputs[1].array()
    shown = f"{weight[2, shown_channel(page), 0, 0]:.2f}".replace("-", "\N{MINUS SIGN}")
    expect(field).to_have_value(shown)


def test_the_keyboard_stays_in_the_kernel_though_numbers_are_late(
    open_page: Opened, walks: Walks
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, CONV)
    field = kernel_cell(page, 0, 1)
    expect(field).to_be_visible()
    late: list[Route] = []
    page.route(re.compile("/values$"), lambda route: late.append(route))  # noqa: PLW0108
    field.fill("0.75")
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    expect(bar(page).get_by_role("listitem")).to_have_count(1)
    page.evaluate("scrollTo(0, 0)")
    sheet = page.locator("main > .layer [role=gridcell]").bounding_box()
    assert sheet is not None
    page.mouse.move(sheet["x"] - 60, sheet["y"] + 30)
    expect(page.locator("main > .cell")).to_contain_text("Fetching the numbers")
    expect(field).to_have_count(0)
    assert late
    for route in late:
        route.continue_()
    expect(field).to_be_focused()
    assert page.evaluate("scrollY") == 0


def test_back_and_undo_are_one(open_page: Opened, walks: Walks) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=relu_1_1&channel=2")
    drawn(page, "relu_1_1")
    silence, scale = page.get_by_role("button", name="silence", exact=True), "scale channel 2 by"
    silence.click()
    settled(page, "silence channel 2")
    page.get_by_role("spinbutton", name=scale).fill("3")
    settled(page, "scale channel 2 of relu_1_1 by 3")
    page.go_back()
    settled(page, "silence channel 2")
    undo, redo = (bar(page).get_by_role("button", name=name) for name in ("undo", "redo"))
    # Back has undone the one: Undo goes on from there, and nothing was added to what it knows.
    expect(redo).to_be_enabled()
    undo.click()
    expect(bar(page).get_by_text("No edits")).to_be_visible()
    expect(undo).to_be_disabled()
    redo.click()
    redo.click()
    settled(page, "scale channel 2 of relu_1_1 by 3")
    expect(redo).to_be_disabled()
    page.go_back()
    settled(page, "silence channel 2")
    page.go_forward()
    settled(page, "scale channel 2 of relu_1_1 by 3")
    expect(redo).to_be_disabled()
    undo.click()
    undo.click()
    expect(undo).to_be_disabled()


def test_a_channel_is_silenced_undone_and_made_again(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=relu_1_1&channel=2")
    drawn(page, "relu_1_1")
    before = statistics(page)
    page.locator("main > .layer [role=gridcell]").focus()
    page.keyboard.press("s")
    settled(page, "silence channel 2 of relu_1_1")
    expect(page.locator("main > .layer .statistics")).to_contain_text("zeros 100.0 %")
    page.get_by_role("button", name="silence channel 2", exact=True).click()
    expect(bar(page).get_by_text("No edits")).to_be_visible()
    expect(page.locator("main > .layer .statistics")).to_contain_text(f"zeros {before['zeros']}")
    page.keyboard.press("Control+z")
    settled(page, "silence channel 2 of relu_1_1")
    scale = page.get_by_role("spinbutton", name="scale channel 2 by")
    scale.fill("3")
    settled(page, "scale channel 2 of relu_1_1 by 3")
    edited = trace.rerun(lw.edit().scale_channels("relu_1_1", 2, by=3.0))
    greatest = edited["relu_1_1"].array()[0, 2].max()
    expect(page.locator("main > .layer .statistics")).to_contain_text(
        re.compile(rf"greatest\s*{greatest:.4g}")
    )
    bar(page).get_by_role("button", name="undo").click()
    settled(page, "silence channel 2 of relu_1_1")
    bar(page).get_by_role("button", name="redo").click()
    settled(page, "scale channel 2 of relu_1_1 by 3")
    bar(page).get_by_role("button", name="take back: scale").click()
    expect(page.locator("main > .layer .statistics")).to_contain_text(
        re.compile(rf"greatest\s*{re.escape(before['greatest'])}")
    )
    assert statistics(page) == before
    page.go_back()
    settled(page, "scale channel 2 of relu_1_1 by 3")


def test_another_activation_and_another_stride(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key, "op=relu_1_1")
    drawn(page, "relu_1_1")
    choice = page.locator("main > .layer").get_by_role("combobox", name="as", exact=True)
    choice.select_option("tanh")
    settled(page, "tanh in place of relu_1_1")
    page.get_by_role("button", name="clear").click()
    expect(choice).to_have_value("relu")
    go(page, key, "max_pool_1")
    field = page.get_by_role("spinbutton", name="padding")
    field.fill("1")
    settled(page, "max_pool_1 with padding 1")
    edited = trace.rerun(lw.edit().change_window("max_pool_1", padding=1))
    height, width = edited["max_pool_1"].shape[-2:]
    expect(page.locator("main > .layer .facts")).to_contain_text(
        "\N{MULTIPLICATION SIGN}".join(map(str, (10, height, width)))
    )


def test_an_edit_that_does_not_fit_is_told(
    open_page: Opened, walks: Walks, complaints: Complaints
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(key, "op=conv_2_2")
    drawn(page, "conv_2_2")
    shown = page.locator("main > .layer .facts p").inner_text()
    field = page.get_by_role("spinbutton", name="stride")
    field.fill("2")
    expect(bar(page).get_by_role("alert")).to_contain_text("output")
    expect(bar(page).get_by_role("listitem")).to_have_text(re.compile("conv_2_2 with stride 2"))
    # What fitted stays, and nothing that was typed is lost.
    assert page.locator("main > .layer .facts p").inner_text() == shown
    expect(page.locator("main > .layer").get_by_text("scores")).to_have_count(0)
    page.keyboard.press("Escape")
    bar(page).get_by_role("button", name="undo").click()
    expect(bar(page).get_by_role("alert")).to_have_count(0)
    complaints.clear()  # the browser writes down that it was refused


def test_parts_of_the_photo_are_hidden(open_page: Opened, walks: Walks) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    page.get_by_role("button", name="hide parts").click()
    area = page.get_by_role("application", name="Brush")
    box = area.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=6)
    page.mouse.up()
    settled(page, "hide ")
    (stroke,) = in_address(page)
    assert stroke["do"] == "hide_patches"
    assert len(stroke["patches"]) > 3
    words = str(lw.Edits.of([stroke])[0])
    expect(bar(page).get_by_role("listitem")).to_contain_text(words)
    area.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Enter")
    expect(bar(page).get_by_role("listitem")).to_have_count(2)
    expect(bar(page)).to_have_attribute("aria-busy", "false")
    edits = lw.Edits.of(in_address(page))
    assert [edit.plain()["do"] for edit in edits] == ["hide_patches", "hide"]
    edited = trace.rerun(edits)
    assert edited.photo is not None
    pixels = np.empty(0, np.uint8)
    for _ in tries():
        drawn_photo = page.evaluate(
            "[...document.querySelector('.photo canvas').getContext('2d')"
            ".getImageData(0, 0, 64, 64).data]"
        )
        pixels = np.array(drawn_photo, np.uint8).reshape(64, 64, 4)[..., :3]
        if np.array_equal(pixels, edited.photo.pixels):
            break
        page.wait_for_timeout(50)
    np.testing.assert_array_equal(pixels, edited.photo.pixels)
    page.get_by_role("slider", name="noise").fill("0.2")
    expect(bar(page)).to_contain_text("add noise of deviation 0.2, seed 0")
    # A stroke is taken back whole, and undone whole.
    bar(page).get_by_role("button", name=f"take back: {words}").click()
    expect(bar(page).get_by_role("listitem")).to_have_count(2)
    for count in (3, 2, 1, 0):
        page.keyboard.press("Control+z")
        expect(bar(page).get_by_role("listitem")).to_have_count(count)
