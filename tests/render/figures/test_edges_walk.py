from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import BboxImage

from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.render.figures import edges_walk
from layerwalk.render.numerals import tell

Texts = Callable[[Figure], list[str]]
NAMES = ["1-photo.png", "2-filters.png", "3-convolution.png", "4-relu.png", "5-pooling.png"]


def test_the_facts_of_the_walk(edges: Trace) -> None:
    maps, relu, pooled = (edges[name].array()[0] for name in ("conv", "relu", "pool"))
    assert np.array_equal(maps[1], -maps[0])
    assert np.array_equal(maps[3], -maps[2])
    assert np.array_equal(relu[0] - relu[1], maps[0])
    assert maps.shape == (4, 18, 29)
    assert pooled.shape == (4, 9, 14)


def test_the_sequence(edges: Trace) -> None:
    assert [name for name, _ in edges_walk(edges)] == NAMES


@pytest.mark.parametrize(("at", "op"), [(2, "conv"), (3, "relu"), (4, "pool")])
def test_each_output_is_named_and_has_its_own_printed_range(
    edges: Trace, texts: Texts, at: int, op: str
) -> None:
    found = texts(edges_walk(edges)[at][1])
    for number, one in enumerate(edges[op].array()[0], 1):
        place = found.index(f"Output {number} (channel {number - 1})")
        after = found[
            place : found.index(f"Output {number + 1} (channel {number})") if number < 4 else None
        ]
        assert tell(float(one.min())) in after
        assert tell(float(one.max())) in after
    assert "each output its own scale" in found


def test_the_outputs_are_drawn_grey_and_at_the_same_pixels_a_value(
    edges: Trace, images: Any
) -> None:
    figures = dict(edges_walk(edges))
    for name, op in (("3-convolution.png", "conv"), ("5-pooling.png", "pool")):
        high, wide = edges[op].shape[2:]
        drawn = [
            picture for picture in images(figures[name]) if picture.shape == (8 * high, 8 * wide, 3)
        ]
        assert len(drawn) == 4
        for picture, one in zip(drawn, edges[op].array()[0], strict=True):
            greatest = picture[::8, ::8, 0].argmax()
            assert one.reshape(-1)[greatest] >= one.max() - np.ptp(one) / 200


def test_outputs_of_a_large_photo_are_drawn_whole_and_two_by_two(make_trace: Any) -> None:
    maps = np.random.default_rng(0).normal(size=(1, 4, 500, 700)).astype(np.float32)
    steps = [("conv", "conv2d", maps), ("relu", "relu", maps), ("pool", "max_pool2d", maps)]
    trace = make_trace(steps, weights={"conv": np.ones((4, 1, 4, 4))})
    figure = dict(edges_walk(trace))["3-convolution.png"]
    drawn = [
        artist.get_window_extent()
        for artist in figure.artists
        if isinstance(artist, BboxImage) and np.asarray(artist.get_array()).shape[:2] == (500, 700)
    ]
    assert len(drawn) == 4
    assert len({round(place.x0) for place in drawn}) == 2
    assert len({round(place.y0) for place in drawn}) == 2


def test_ticks_number_rows_and_columns_from_relu_on(edges: Trace, texts: Texts) -> None:
    figures = dict(edges_walk(edges))
    assert "10" in texts(figures["5-pooling.png"])
    assert "10" not in texts(figures["3-convolution.png"])


def test_random_filters_are_not_called_edge_filters(edges: Trace, texts: Texts) -> None:
    random = replace(edges, provenance={"weights": "random, seed 0"})
    figures = dict(edges_walk(random))
    assert texts(figures["2-filters.png"])[0] == "Four filters, untrained (random weights)"
    assert texts(figures["3-convolution.png"])[0].endswith("untrained (random weights)")
    assert texts(dict(edges_walk(edges))["2-filters.png"])[0] == "Four filters that look for edges"


def test_another_network_is_refused(make_trace: Any, edges: Trace) -> None:
    with pytest.raises(NotFoundError, match="walk the built-in network 'edges'"):
        edges_walk(make_trace([("relu", "relu", np.zeros((1, 4, 3, 3)))]))
    with pytest.raises(NotFoundError, match="no filters"):
        edges_walk(
            make_trace(
                [(op.name, op.kind, op.array()) for op in edges.ops],
            )
        )


def test_the_pictures(edges: Trace, looks_like: Callable[[Figure, str], None]) -> None:
    for name, figure in edges_walk(edges):
        looks_like(figure, f"edges-{name.removesuffix('.png')}")
