"""The sheet of maps as the pointer and the keyboard meet it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, expect

from explorer.conftest import tries

Numbers = NDArray[np.float64]

_PLACE = re.compile(
    r"(?P<title>before, |after, |difference, )?"
    r"(?:channel (?P<c>\d+)(?: \(\w+\))?)?(?:, )?(?:row (?P<y>\d+), column (?P<x>\d+))?"
)
_UNDER = """([x, y]) => {
    const canvas = document.querySelector("main > .layer canvas.picture");
    const box = canvas.getBoundingClientRect();
    const times = canvas.width / box.width;
    const at = [Math.floor((x - box.x) * times), Math.floor((y - box.y) * times)];
    return [...canvas.getContext("2d").getImageData(...at, 1, 1).data].slice(0, 3);
}"""
# In a cell: how many colours, that of its upper left corner, how wide it is.
COLOURS = """cell => {
    const canvas = document.querySelector("main > .layer canvas.picture");
    const [box, own] = [canvas.getBoundingClientRect(), cell.getBoundingClientRect()];
    const times = canvas.width / box.width;
    const [x, y, wide, high] = [own.x - box.x, own.y - box.y, own.width, own.height]
        .map(length => Math.round(length * times));
    const {data} = canvas.getContext("2d").getImageData(x, y, wide, high);
    const found = new Set();
    for (let k = 0; k < data.length; k += 4) found.add(data.slice(k, k + 3).join(" "));
    return [found.size, [...data.slice(0, 3)], wide];
}"""


@dataclass(frozen=True)
class Seen:
    """What the page says is under the pointer, and the colour that it drew there."""

    title: str
    at: tuple[int, int, int]
    number: float
    colour: tuple[int, ...]


def number_of(text: str) -> float:
    """A number as the page spells it."""
    return float(text.replace("\N{MINUS SIGN}", "-").replace(",", ""))


def place_of(text: str) -> tuple[str, tuple[int, int, int]]:
    """Which of two maps, and the place in it, as in ``"before, channel 3, row 5, column 5"``."""
    found = _PLACE.match(text)
    assert found is not None
    channel, y, x = (int(found[name] or 0) for name in ("c", "y", "x"))
    return (found["title"] or "").removesuffix(", "), (channel, y, x)


def go(page: Page, key: str, op: str, view: str = "") -> None:
    """Show an op, and wait until its maps are drawn."""
    page.evaluate(
        "hash => { location.hash = hash; }", f"trace={key}&op={op}{'&' if view else ''}{view}"
    )
    drawn(page, op)


def drawn(page: Page, op: str) -> None:
    """Wait until the maps of an op are drawn."""
    expect(page.locator("main > .layer h2")).to_have_text(op)
    expect(page.get_by_role("grid", name=re.compile(f"^Maps of {re.escape(op)}:"))).to_be_attached()
    expect(page.locator("main > .layer canvas.waiting")).to_have_count(0)


def sheet_box(page: Page) -> dict[str, float]:
    """Where the sheet is on the page."""
    box = page.locator("main > .layer .scroller").bounding_box()
    assert box is not None
    return {"x": box["x"], "y": box["y"], "width": box["width"], "height": box["height"]}


def seen_at(page: Page, x: float, y: float) -> Seen | None:
    """Point at a place of the page; what stands there, if a number does."""
    page.mouse.move(x, y)
    text = page.locator("main > .layer .readout").inner_text()
    if " = " not in text:
        return None
    where, number = text.rsplit(" = ", 1)
    title, at = place_of(where)
    return Seen(title, at, number_of(number), tuple(page.evaluate(_UNDER, [x, y])))


def looks(page: Page, count: int, seed: int = 0) -> Iterator[Seen]:
    """So many numbers, pointed at here and there on the sheet."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    for _ in tries():
        box = sheet_box(page)
        x = box["x"] + draw.uniform(4, box["width"] - 16)
        y = box["y"] + draw.uniform(4, box["height"] - 4)
        seen = seen_at(page, x, y)
        if seen is not None:
            yield seen
            count -= 1
        if count == 0:
            return
    pytest.fail("the pointer found no numbers")


def legend(page: Page) -> list[tuple[str, str]]:
    """The two ends of every scale beneath the maps."""
    numbers = page.locator("main > .layer .legend .legend .number").all_inner_texts()
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def statistics(page: Page) -> dict[str, str]:
    """What stands beside the histogram, by name."""
    page_list = page.locator("main > .layer .statistics dl")
    names, texts = (page_list.locator(tag).all_inner_texts() for tag in ("dt", "dd"))
    return dict(zip(names, texts, strict=True))


def grid_cell(page: Page) -> Locator:
    """The number where the keyboard is."""
    return page.locator("main > .layer [role=gridcell]")


def share_words(share: float) -> str:
    """A share as the page spells it."""
    return f"{100 * share:.1f} %"
