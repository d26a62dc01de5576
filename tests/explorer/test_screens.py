"""The page looks as it did: wide, middling and narrow, on light paper and on dark.

Letters differ from machine to machine, and with them the ends of lines. So screens are compared
shrunk to blocks of 8 pixels, row of blocks by row of blocks, and rows that a longer or shorter text
put in between are passed over; what is counted is the share of blocks of another colour. Stored is
what is compared; where a screen differs it is written beside, as ``-changed.png`` in full size.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from playwright.sync_api import Page, expect

from explorer.conftest import Opened, Walks

Blocks = NDArray[np.int16]

STORED = Path(__file__).parent / "screens"
BLOCK = 8
# Further apart in red, green or blue is another colour: a line of text is not, on its paper.
APART = 40
# Another font comes to at most 0.045, another colour map or a panel less to at least 0.09.
MOST = 0.07
# So many rows may lie between a row and its like.
ASTRAY = 64
# From here on there are two columns, each as long as its own words make it.
TWO_COLUMNS = 900

VIEWS = {
    "edges": "op=conv&at=0,1,120,200",
    "efficientnet_lite0": "op=features.2.depthwise.conv&at=0,54,30,31",
}
SIZES = {390: 844, 1280: 940, 1920: 1080}


def _blocks(picture: Pillow.Image) -> Blocks:
    pixels = np.asarray(picture.convert("RGB"), np.float64)
    high, wide = pixels.shape[0] // BLOCK, pixels.shape[1] // BLOCK
    whole = pixels[: high * BLOCK, : wide * BLOCK].reshape(high, BLOCK, wide, BLOCK, 3)
    return np.asarray(np.rint(whole.mean(axis=(1, 3))), np.int16)


def _unlike(new: Blocks, old: Blocks) -> NDArray[np.float64]:
    """Of each two rows the share of blocks of another colour; a block to the side is forgiven."""
    found = np.ones((len(new), len(old)))
    asides = [np.roll(old, by, axis=1) for by in (-1, 0, 1)]
    for k, row in enumerate(new):
        near = slice(max(0, k - ASTRAY), k + ASTRAY + 1)
        distances = [np.abs(aside[near] - row).max(axis=2) for aside in asides]
        found[k, near] = (np.minimum.reduce(distances) > APART).mean(axis=1)
    return found


def _share(new: Blocks, old: Blocks) -> float:
    """The share of a column that is not as before; a row without its like counts as a whole."""
    unlike = _unlike(new, old)
    passed = np.arange(len(old) + 1, dtype=np.float64)
    least = passed.copy()
    for row in unlike:
        reached = np.append(least[0] + 1, np.minimum(least[:-1] + row, least[1:] + 1))
        least = np.minimum.accumulate(reached - passed) + passed
    return float(least[-1]) / max(len(new), len(old))


def difference(new: Blocks, old: Blocks) -> float:
    """How much of a screen is not as before: of the column of which it is more."""
    if new.shape[1] != old.shape[1]:
        return 1.0
    if new.shape[1] * BLOCK < TWO_COLUMNS:
        return _share(new, old)
    middle = new.shape[1] * 5 // 9
    return max(_share(new[:, :middle], old[:, :middle]), _share(new[:, middle:], old[:, middle:]))


def _screen(page: Page) -> Pillow.Image:
    return Pillow.open(io.BytesIO(page.screenshot(full_page=True)))


def _complete(page: Page) -> None:
    """Everything that is fetched is there, and drawn."""
    expect(page.locator(".card:not(.end):not(:has(canvas))")).to_have_count(0)
    expect(page.locator("main > .layer canvas.waiting")).to_have_count(0)
    expect(page.get_by_role("img", name="Histogram")).to_be_visible()
    expect(page.locator("main > .cell .photo figcaption")).to_contain_text("px")
    expect(page.locator("main > .cell .sums")).to_be_visible()


def _stored(name: str) -> Blocks:
    file = STORED / f"{name}.png"
    if not file.is_file():
        pytest.fail(f"{file} is missing: LAYERWALK_UPDATE_PICTURES=1 makes it")
    return np.asarray(Pillow.open(file).convert("RGB"), np.int16)


def _check(screen: Pillow.Image, name: str) -> None:
    changed = STORED / f"{name}-changed.png"
    changed.unlink(missing_ok=True)
    if os.environ.get("LAYERWALK_UPDATE_PICTURES") == "1":
        STORED.mkdir(exist_ok=True)
        shrunk = Pillow.fromarray(_blocks(screen).astype(np.uint8))
        shrunk.save(STORED / f"{name}.png", optimize=True)
        return
    found = difference(_blocks(screen), _stored(name))
    if found > MOST:
        screen.save(changed)
        pytest.fail(f"{name} does not look as before ({found:.0%} of it): see {changed}")


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("model", VIEWS)
def test_it_looks_as_before(open_page: Opened, walks: Walks, model: str, width: int) -> None:
    _, key = walks(model)
    page = open_page(key, VIEWS[model], viewport={"width": width, "height": SIZES[width]})
    # All of both before one of them is judged: all that changed is written at once.
    screens = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".layerwalk")).to_have_attribute("data-theme", scheme)
        _complete(page)
        screens[scheme] = _screen(page)
    assert difference(*(_blocks(screen) for screen in screens.values())) > 0.5
    for scheme, screen in screens.items():
        _check(screen, f"{model}-{width}-{scheme}")


def test_what_is_wrong_is_noticed_and_another_font_is_not(open_page: Opened, walks: Walks) -> None:
    _, key = walks("efficientnet_lite0")
    view = VIEWS["efficientnet_lite0"]
    for width in (390, 1280):
        page = open_page(key, view, viewport={"width": width, "height": SIZES[width]})
        _complete(page)
        right = _blocks(_screen(page))
        assert difference(right, right) == 0
        for panel in ("walk", "layer", "cell", "prediction"):
            element = page.locator(f"main > .{panel}")
            element.evaluate("panel => { panel.style.display = 'none'; }")
            assert difference(_blocks(_screen(page)), right) > MOST, (width, panel)
            element.evaluate("panel => { panel.style.display = ''; }")
        colours = page.get_by_role("combobox", name="colours")
        for name in ("viridis", "grey"):
            colours.select_option(name)
            _complete(page)
            assert difference(_blocks(_screen(page)), right) > MOST, (width, name)
        colours.select_option("as fits")
        page.locator(".layerwalk").evaluate(
            "page => { page.style.letterSpacing = '0.2px';"
            " page.style.setProperty('--sans', 'serif');"
            " page.style.setProperty('--mono', 'Courier, \"Liberation Mono\", serif'); }"
        )
        _complete(page)
        other = _blocks(_screen(page))
        assert 0 < difference(other, right) <= MOST, width


def test_stored_screens_are_small_and_none_is_left_changed() -> None:
    stored = {file.stem: file for file in STORED.glob("*.png")}
    assert set(stored) == {
        f"{model}-{width}-{scheme}"
        for model in VIEWS
        for width in SIZES
        for scheme in ("light", "dark")
    }
    assert all(file.stat().st_size < 120_000 for file in stored.values())
