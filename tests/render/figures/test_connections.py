from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError
from layerwalk.render.colour import colourise
from layerwalk.render.figures import Fan, Wiring, connections_figure

LooksLike = Callable[[Figure, str], None]


def wiring(count: int = 4) -> Wiring:
    pixels = np.stack(np.unravel_index(np.arange(count), (28, 28)), axis=1)
    weights = np.linspace(-1, 1, count)
    fans = [Fan(3, 0, pixels, weights), Fan(9, 0, pixels, -weights)]
    return Wiring(
        "net: dense", "12 neurons", np.eye(28), np.arange(12.0)[:, None], fans, "12 of 90"
    )


def lines(figure: Figure) -> list[LineCollection]:
    found = [one for axes in figure.axes for one in axes.collections]
    return [one for one in found if isinstance(one, LineCollection)]


@pytest.mark.parametrize("count", [4, 784])
def test_a_line_for_each_connection_in_the_colour_of_its_weight(count: int) -> None:
    one = wiring(count)
    first, second = lines(connections_figure([one]))
    for drawn, fan in ((first, one.fans[0]), (second, one.fans[1])):
        order = np.argsort(np.abs(fan.weights), kind="stable")
        assert len(drawn.get_segments()) == count
        colours = np.rint(np.asarray(drawn.get_colors())[:, :3] * 255)
        np.testing.assert_array_equal(colours, colourise(fan.weights[order], one.scale))
        ends = {tuple(segment[-1]) for segment in drawn.get_segments()}
        assert len(ends) == 1
    assert first.get_segments()[0][-1][1] < second.get_segments()[0][-1][1]


def test_lines_begin_in_the_middle_of_their_pixels(
    images: Callable[[Figure], list[NDArray[np.uint8]]],
) -> None:
    pixels = np.array([[0, 0], [27, 27]])
    one = Wiring("a", "", np.eye(28), np.zeros((28, 28)), [Fan(0, 27, pixels, np.ones(2))])
    figure = connections_figure([one])
    (drawn,) = lines(figure)
    begins = np.array([segment[0] for segment in drawn.get_segments()])
    np.testing.assert_allclose(begins[1] - begins[0], 27 * 20)
    assert any(picture.shape[:2] == (560, 560) for picture in images(figure))


def test_names_facts_and_ranges_are_told(texts: Callable[[Figure], list[str]]) -> None:
    words = texts(connections_figure([wiring(), wiring()]))
    assert words.count("net: dense") == 2
    assert "12 neurons" in words
    assert any(word.startswith("12 of 90, what they computed") for word in words)
    assert {"\N{MINUS SIGN}1", "1"} <= set(words)


def test_nothing_to_draw() -> None:
    with pytest.raises(LayerwalkError, match="no connection"):
        connections_figure([])


def test_it_looks_as_before(looks_like: LooksLike) -> None:
    window = np.stack(np.unravel_index(np.arange(9), (3, 3)), axis=1) + 10
    maps = np.sin(np.arange(24.0))[:, None].repeat(24, axis=1)
    fans = [Fan(10, 10, window, np.linspace(-1, 1, 9))]
    local = Wiring("net: a window", "24 x 24 neurons", np.eye(28), maps, fans, "9 of 784")
    looks_like(connections_figure([local]), "versus-connections")
