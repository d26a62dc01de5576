from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import BboxImage

from layerwalk.errors import LayerwalkError
from layerwalk.record import Photo
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures import HeatMap, attribution_figure, channel_bars
from layerwalk.render.figures.attributions import overlay, stretched
from layerwalk.render.numerals import tell, tell_shape

Texts = Callable[[Figure], list[str]]
Looks = Callable[[Figure, str], None]


def snap(height: int = 20, width: int = 30, channels: int = 3) -> Photo:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, channels), np.uint8)
    return Photo(pixels, "cat.jpg", (0, 0, width, height), (width, height))


def pictures(figure: Figure) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    return [np.asarray(image.get_array()) for image in figure.artists if isinstance(image, BboxImage)]  # fmt: skip # noqa: E501


def test_one_map_beside_the_photo(texts: Texts) -> None:
    heat = np.array([[1.0, -2.0], [0.0, 0.5]])
    one = HeatMap("grad cam", heat, facts="layer4", said="sum 1")
    figure = attribution_figure(snap(), [one], title="What mattered", facts=("score 3",))
    said = texts(figure)
    assert said[:2] == ["What mattered", "score 3"]
    assert {
        "cat.jpg",
        tell_shape((20, 30)),
        "grad cam",
        tell_shape((2, 2)) + "  ·  layer4",
        "sum 1",
    } <= set(said)
    assert {tell(-2), "2", "0"} <= set(said)
    blocks = colourise(heat, Scale(-2, 2, "bluered")).repeat(10 * 21, 0).repeat(15 * 21, 1)
    assert any(np.array_equal(drawn, blocks) for drawn in pictures(figure))


def test_many_maps_stand_in_rows(texts: Texts) -> None:
    maps = [HeatMap(f"method {k}", np.eye(20, 30), signed=k > 0) for k in range(4)]
    figure = attribution_figure(snap(channels=1), maps, title="All")
    said = texts(figure)
    assert [word for word in said if word.startswith("method")] == [f"method {k}" for k in range(4)]
    alone = attribution_figure(None, maps[:2], title="All")
    assert "cat.jpg" not in texts(alone)
    assert alone.get_figwidth() < figure.get_figwidth()


def test_the_scale_keeps_zero_and_says_what_lies_beyond() -> None:
    heat = np.ones((100, 100))
    heat[0, :2] = -7, 5
    found = HeatMap("a", heat)
    assert (found.scale.low, found.scale.high) == (-1, 1)
    assert found.beyond == f"2 beyond, to {tell(-7)}"
    assert HeatMap("a", heat[:5, :5]).scale.high == 7
    assert HeatMap("a", heat[:5, :5]).beyond == ""
    sparse = np.zeros((100, 100))
    sparse[3, 3] = 4
    assert HeatMap("a", sparse, signed=False).scale == Scale(0, 4, "viridis", "fixed")
    assert HeatMap("a", sparse * 0).scale.high == 0


def test_zero_leaves_the_photo_alone() -> None:
    seen = snap(1, 3).pixels
    laid = overlay(seen, np.array([[-1.0, 0.0, 1.0]]), Scale(-1, 1, "bluered"))
    assert np.ptp(laid[0, 1].astype(int)) == 0
    assert int(laid[0, 0, 2]) > int(laid[0, 0, 0])
    assert int(laid[0, 2, 0]) > int(laid[0, 2, 2])
    bare = overlay(seen, np.full((1, 3), np.nan), Scale(0, 0, "bluered"))
    assert np.ptp(bare.astype(int), axis=2).max() == 0


def test_both_colours_are_told_from_the_photo_below() -> None:
    # Of a black, a grey and a white place: the weakest colour that is to be seen stands out.
    greys = np.array([[0, 128, 255]], np.uint8)[..., None].repeat(3, 2)
    bare = overlay(greys, np.zeros((1, 3)), Scale(-1, 1, "bluered")).astype(int)
    assert bare.min() >= 180
    for sign, channel in ((1, 0), (-1, 2)):
        laid = overlay(greys, np.full((1, 3), sign * 0.5), Scale(-1, 1, "bluered")).astype(int)
        others = laid[..., [k for k in range(3) if k != channel]].max(2)
        assert (laid[..., channel] - laid.min(2) > 40).all()
        assert (laid[..., channel] - others > 15).all()


@pytest.mark.parametrize(("maps", "columns"), [(1, 2), (2, 3), (3, 2), (5, 2), (10, 3)])
def test_no_place_is_left_empty_that_need_not_be(maps: int, columns: int, texts: Texts) -> None:
    cards = [HeatMap(f"map {k}", np.eye(20, 30)) for k in range(maps)]
    figure = attribution_figure(snap(), cards, title="All")
    lefts = {
        round(text.get_position()[0], 3)
        for text in figure.texts
        if text.get_text().startswith(("map ", "cat.jpg"))
    }
    assert len(lefts) == columns
    # Beside the photo lies what zero leaves of it, so that its place is full, too.
    assert ("as it lies below the maps" in texts(figure)) == (maps > 1)


def test_what_red_means_is_said(texts: Texts) -> None:
    signed, size = HeatMap("a", np.eye(3)), HeatMap("b", np.eye(3), signed=False)
    for maps, said in (
        ([signed], "red speaks"),
        ([size], "on a scale from 0 red is only how much"),
    ):
        assert any(
            line.startswith(said) for line in texts(attribution_figure(snap(), maps, title="x"))
        )
    assert not any(
        "red speaks" in line for line in texts(attribution_figure(snap(), [size], title="x"))
    )


def test_cells_share_the_picture() -> None:
    assert stretched(np.arange(3)[None], (1, 7)).tolist() == [[0, 0, 0, 1, 1, 2, 2]]


def test_a_large_photo_is_thinned(texts: Texts) -> None:
    figure = attribution_figure(snap(900, 1300), [HeatMap("a", np.eye(900, 1300))], title="x")
    assert any("1 of 3 rows and columns drawn" in line for line in texts(figure))


def test_channels_as_bars(texts: Texts) -> None:
    rows = [(f"channel {k}", (-1) ** k * (40.0 - k)) for k in range(40)]
    said = texts(channel_bars(rows, title="Channels", most=5))
    assert [word for word in said if word.startswith("channel ")] == [name for name, _ in rows[:5]]
    assert "the 5 that count most, of 40" in said
    assert "all" in texts(channel_bars(rows[:3], title="Channels"))


@pytest.mark.parametrize(
    "maps", [[], [HeatMap("a", np.zeros(3))], [HeatMap("a", np.zeros((0, 3)))]]
)
def test_what_cannot_be_drawn(maps: list[HeatMap]) -> None:
    with pytest.raises(LayerwalkError, match="there is no map"):
        attribution_figure(None, maps, title="x")


def test_the_pictures(photo: Photo, looks_like: Looks) -> None:
    y, x = np.mgrid[0:21, 0:32]
    disc = np.exp(-((y - 10) ** 2 + (x - 14) ** 2) / 20) - 0.6 * np.exp(
        -((y - 14) ** 2 + (x - 24) ** 2) / 8
    )
    fine = HeatMap("deeplift", disc, said="sum 42, 0 off the scores' difference")
    coarse = HeatMap("grad cam", np.clip(disc[3::7, 4::8], 0, None), signed=False, facts="conv")
    named: dict[str, Any] = {"title": "What mattered to disc", "facts": ("edges", "score 42")}
    looks_like(attribution_figure(photo, [fine], **named), "attribution")
    looks_like(attribution_figure(photo, [fine, coarse], **named), "attributions")
    rows = [(f"channel {k}", (5.0 - k) * (-1) ** (k // 2)) for k in range(5)]
    looks_like(channel_bars(rows, title="Channels of conv", facts=("edges",)), "channel-bars")
