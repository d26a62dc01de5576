from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from layerwalk.errors import LayerwalkError
from layerwalk.render.figures import class_balance
from layerwalk.render.paper import ACCENT, hexadecimal

Texts = Callable[[Figure], list[str]]


def test_the_figure(looks_like: Any) -> None:
    counts = [1001, 1127, 991, 0, 3]
    looks_like(class_balance(counts, ["zero", "one", "two", "three", "four"]), "data-balance")


def bars(figure: Figure) -> list[float]:
    """Lengths of the bars, in shares of the longest."""
    found = [
        one.get_width()
        for one in figure.findobj(Rectangle)
        if to_hex(one.get_facecolor()) == hexadecimal(ACCENT)
    ]
    return [length / max(found) for length in found]


def test_bars_are_as_long_as_the_counts() -> None:
    assert bars(class_balance([10, 40, 20], ["a", "b", "c"])) == pytest.approx([0.25, 1, 0.5])
    # What is there is seen; what is not has no bar.
    assert len(bars(class_balance([0, 100_000, 1], ["a", "b", "c"]))) == 2


def test_what_is_said(texts: Texts) -> None:
    said = texts(class_balance([10, 30], ["ant", "bee"]))
    assert "40 pictures  ·  2 classes  ·  the mark: 20 each" in said
    assert {"ant", "bee", "10", "25.0 %", "30", "75.0 %"} <= set(said)


def test_of_many_classes_the_largest_and_the_smallest(texts: Texts) -> None:
    said = texts(class_balance(list(range(1, 101)), [f"c{at}" for at in range(100)], limit=5))
    assert [text for text in said if text.startswith("c")] == ["c99", "c98", "c97", "c1", "c0"]
    assert any(text.endswith("the 3 largest and 2 smallest shown") for text in said)


@pytest.mark.parametrize(("counts", "classes"), [([], []), ([0, 0], ["a", "b"]), ([1], ["a", "b"])])
def test_what_cannot_be_drawn(counts: list[int], classes: list[str]) -> None:
    with pytest.raises(LayerwalkError, match="cannot be drawn; give a count for each class"):
        class_balance(counts, classes)
