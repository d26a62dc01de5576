"""What the page is told that edits can be made of."""

from __future__ import annotations

import layerwalk as lw
from layerwalk.filters import filters, find_filter
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskEditing, EditingSheet


def _sheet() -> EditingSheet:
    found = answer(Library(), AskEditing())
    assert isinstance(found, EditingSheet)
    return found


def test_every_filter_with_its_numbers() -> None:
    found = {one.name: one for one in _sheet().filters}
    assert list(found) == [one.name for one in filters()]
    assert found["sobel-x"].matrix == ((-1.0, 0.0, 1.0), (-2.0, 0.0, 2.0), (-1.0, 0.0, 1.0))
    assert found["emboss"].about == find_filter("emboss").about


def test_every_activation_can_take_the_place_of_one(edges: Trace) -> None:
    found = _sheet()
    assert edges["relu"].kind in found.pointwise
    assert "conv2d" not in found.pointwise
    for name in found.activations:
        edited = edges.rerun(lw.edit().swap_activation("relu", name))
        assert edited["relu"].kind in found.pointwise
