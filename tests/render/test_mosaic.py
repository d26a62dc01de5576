from __future__ import annotations

import numpy as np
import pytest

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array
from layerwalk.render.colour import colourise
from layerwalk.render.mosaic import lay_mosaic, rank
from layerwalk.render.paper import LINE

RANDOM = np.random.default_rng(0)


def test_strength_is_the_mean_absolute_finite_value() -> None:
    array = np.array([[1, -1], [0, 0], [-5, 0], [np.nan, 3], [np.inf, 0.5]], np.float16)
    assert rank(array, "strength") == (3, 2, 0, 4, 1)
    assert rank(array, "strength", 2) == (3, 2)
    assert rank(array) == (0, 1, 2, 3, 4)


def test_strength_of_huge_and_least_values() -> None:
    assert rank(np.array([[1e308] * 9, [1.5e308] * 9]), "strength") == (1, 0)
    assert rank(np.array([[-128], [127]], np.int8), "strength") == (0, 1)


@pytest.mark.parametrize("scope", ["layer", "channel"])
@pytest.mark.parametrize("shape", [(5, 7, 7), (12, 30, 17), (3, 224, 224), (1, 1, 1)])
def test_every_pixel_of_a_tile_is_the_colour_of_its_value(
    shape: tuple[int, int, int], scope: str
) -> None:
    array = RANDOM.normal(size=shape).astype(np.float32)
    mosaic = lay_mosaic(array, scope=scope, order="strength")  # type: ignore[arg-type]
    assert [tile.channel for tile in mosaic.tiles] == list(rank(array, "strength"))
    zoom = mosaic.fit.zoom
    for tile in mosaic.tiles:
        colours = colourise(array[tile.channel], tile.scale)
        high, wide = mosaic.tile
        block = mosaic.pixels[tile.top : tile.top + high, tile.left : tile.left + wide]
        assert block.shape == (shape[1] * zoom, shape[2] * zoom, 3)
        assert np.array_equal(block, colours.repeat(zoom, 0).repeat(zoom, 1))
        assert (mosaic.pixels[tile.top - 1, tile.left : tile.left + wide] == LINE).all()


def test_a_scale_of_each_channel_keeps_the_sign_of_the_layer() -> None:
    array = np.array([[[-4.0, 2.0]], [[1.0, 2.0]]])
    mosaic = lay_mosaic(array, scope="channel")
    assert [(tile.scale.low, tile.scale.high) for tile in mosaic.tiles] == [(-4, 4), (-2, 2)]
    assert [tile.caption for tile in mosaic.tiles] == [("0", "±4"), ("1", "±2")]
    positive = lay_mosaic(np.abs(array), scope="channel")
    assert [tile.caption for tile in positive.tiles] == [("0", "2 to 4"), ("1", "1 to 2")]
    empty = lay_mosaic(np.full((1, 2, 2), np.nan), scope="channel")
    assert empty.tiles[0].caption == ("0", "no finite value")


def test_fixed_limits_win_over_the_scope() -> None:
    mosaic = lay_mosaic(RANDOM.random((2, 3, 3)), scope="channel", limits=(0, 6))
    assert {tile.scale.scope for tile in mosaic.tiles} == {"fixed"}


def test_tiles_do_not_overlap_and_rows_are_balanced() -> None:
    mosaic = lay_mosaic(RANDOM.random((64, 7, 7)))
    columns = len({tile.left for tile in mosaic.tiles})
    assert columns * len({tile.top for tile in mosaic.tiles}) == 64
    places = {(tile.left, tile.top) for tile in mosaic.tiles}
    assert len(places) == 64
    lefts = sorted({tile.left for tile in mosaic.tiles})
    assert min(np.diff(lefts)) > mosaic.tile[1]


def test_a_map_too_large_for_any_screen_is_thinned_and_says_so() -> None:
    mosaic = lay_mosaic(RANDOM.random((1, 5000, 40)).astype(np.float32))
    assert mosaic.fit.note == "1 of 3 rows and columns drawn"
    assert mosaic.tile == (1667, 14)


@pytest.mark.parametrize(
    ("array", "options", "words"),
    [
        (np.zeros((4, 4)), {}, "no maps"),
        (np.zeros((0, 4, 4)), {}, "no maps"),
        (np.zeros((1, 4, 4)), {"order": "size"}, "no order 'size'"),
        (np.zeros((1, 4, 4)), {"limit": 0}, "shows nothing"),
        (np.zeros((1, 4, 4)), {"columns": 0}, "draws nothing"),
        (np.zeros((1, 4, 4)), {"zoom": -1}, "draws nothing"),
    ],
)
def test_bad_input_is_told(array: Array, options: dict[str, object], words: str) -> None:
    with pytest.raises(LayerwalkError, match=words):
        lay_mosaic(array, **options)  # type: ignore[arg-type]
