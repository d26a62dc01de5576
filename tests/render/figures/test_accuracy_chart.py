from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures import Curve, accuracy_chart

LooksLike = Callable[[Figure, str], None]

SIZES = [1e3, 1e4, 1e5]


def test_places_are_even_on_a_logarithmic_scale() -> None:
    curves = [Curve("a", SIZES, [0.6, 0.8, 1.0]), Curve("b", SIZES, [0.5, 0.5, 0.5], colour=1)]
    (axes,) = accuracy_chart(curves, title="t", along="parameters", logarithmic=True).axes
    x, y = (np.asarray(part, float) for part in axes.lines[0].get_data())
    assert np.diff(x)[0] == pytest.approx(np.diff(x)[1])
    assert np.diff(y)[0] == pytest.approx(np.diff(y)[1])
    assert y[0] > y[2]  # counted downwards
    assert len(set(np.asarray(axes.lines[1].get_ydata(), float))) == 1


def test_numbers_names_and_notes(texts: Callable[[Figure], list[str]]) -> None:
    curves = [Curve("mlp", [-4, 0, 4], [0.2, 0.97, 0.25]),
              Curve("net", [-4, 0, 4], [0.3, 0.98, 0.26], colour=1, dashed=True)]  # fmt: skip
    words = texts(accuracy_chart(curves, title="Moved", along="pixels", notes=["one", "two"]))
    assert {"Moved", "pixels", "one  ·  two", "mlp", "net", "100 %", "20 %", "4", "0"} <= set(words)
    assert "\N{MINUS SIGN}4" in words


def test_one_place_is_ringed() -> None:
    curves = [Curve("a", SIZES, [0.9, 0.95, 0.96], marked=1e4)]
    (axes,) = accuracy_chart(curves, title="t", along="x", logarithmic=True).axes
    line, ring = axes.lines
    assert float(np.asarray(ring.get_xdata()).item()) == np.asarray(line.get_xdata(), float)[1]


def test_names_do_not_lie_on_each_other() -> None:
    curves = [Curve(f"net {at}", [0, 1], [0.5, 0.9], colour=at) for at in range(4)]
    figure = accuracy_chart(curves, title="t", along="x")
    places = [text.get_position()[1] for text in figure.texts if text.get_text().startswith("net")]
    assert np.diff(np.sort(places)).min() * figure.get_figheight() * 200 > 25


@pytest.mark.parametrize("at", [[0.0], []])
def test_what_has_no_place(at: list[float]) -> None:
    with pytest.raises(LayerwalkError):
        accuracy_chart([Curve("a", at, [0.5] * len(at))], title="t", along="x", logarithmic=True)


def test_it_looks_as_before(looks_like: LooksLike) -> None:
    curves = [
        Curve("mlp", SIZES, [0.62, 0.9, 0.965], marked=1e5),
        Curve("lenet5", SIZES, [0.81, 0.962, 0.978], colour=1, dashed=True),
    ]
    figure = accuracy_chart(
        curves, title="Accuracy by size", along="parameters", logarithmic=True, notes=["2,000"]
    )
    looks_like(figure, "versus-accuracy")
