from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from layerwalk.errors import LayerwalkError
from layerwalk.record import Array, Trace
from layerwalk.render.figures import filters

Texts = Callable[[Figure], list[str]]
RANDOM = np.random.default_rng(0)


def test_numbers_and_names_of_the_edge_filters(edges: Trace, texts: Texts) -> None:
    found = texts(filters(edges.ops[0].parameters[0].array(), first=1))
    assert [text for text in found if text.startswith("Filter ")] == [
        "Filter 1 (channel 0)",
        "Filter 2 (channel 1)",
        "Filter 3 (channel 2)",
        "Filter 4 (channel 3)",
    ]
    assert found.count("1") == 8 * 4 + 1
    assert found.count("−1") == 8 * 4 + 1  # noqa: RUF001 - the one more is the colour bar's
    assert "same scale for all filters" in found


def test_what_is_left_out_is_told(texts: Texts) -> None:
    found = texts(filters(RANDOM.normal(size=(32, 12, 3, 3)), limit=4, inputs=2))
    assert any("4 of 32 filters shown  ·  2 of 12 input channels shown" in text for text in found)
    weights = RANDOM.normal(size=(32, 12, 3, 3))
    printed = texts(filters(weights, limit=4, inputs=2))
    assert f"{weights[3, 1, 2, 2]:.2f}".replace("-", "−") in printed  # noqa: RUF001


def test_numbers_are_left_away_where_there_are_too_many(texts: Texts) -> None:
    weights = RANDOM.normal(size=(16, 3, 11, 11))
    few, many = texts(filters(weights)), texts(filters(weights[:4], numbers=True))
    assert len(few) < 30
    assert len(many) > 4 * 3 * 121


@pytest.mark.parametrize(
    ("weights", "shape"),
    [
        (np.ones((3, 3)), "1 × 1 × 3 × 3"),  # noqa: RUF001
        ([np.ones((3, 3)), np.zeros((3, 3))], "2 × 1 × 3 × 3"),  # noqa: RUF001
        (np.ones((5, 2, 7)), "5 × 2 × 1 × 7"),  # noqa: RUF001
    ],
)
def test_other_shapes_of_weights(texts: Texts, weights: Array | list[Array], shape: str) -> None:
    assert any(text.startswith(shape) for text in texts(filters(weights)))


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones((2, 2, 3, 3, 3)), "not the filters of"),
        (np.ones((0, 2, 3, 3)), "not the filters of"),
        ([np.ones((3, 3)), np.ones((2, 2))], "different shapes"),
        ([], "not the filters of"),
    ],
)
def test_other_arrays_are_refused(weights: Array | list[Array], words: str) -> None:
    with pytest.raises(LayerwalkError, match=words):
        filters(weights)


def test_the_picture(looks_like: Callable[[Figure, str], None]) -> None:
    y, x = np.mgrid[-1:2, -1:2]
    weights = np.stack([np.stack([x * a, y * a, (x - y) * a]) for a in (0.25, -0.5)])
    looks_like(filters(weights, title="conv1"), "filters")


def test_the_header_names_the_input_channels() -> None:
    weights = np.ones((2, 3, 3, 3), dtype=np.float32)
    named = filters(weights, channels=("red", "green", "blue"))
    said = " ".join(text.get_text() for text in named.texts)
    assert "grids: red, green, blue" in said
    plain = " ".join(text.get_text() for text in filters(weights).texts)
    assert "grids" not in plain
