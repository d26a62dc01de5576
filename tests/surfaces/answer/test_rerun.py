"""A trace computed again with edits, as the page is told it."""

from __future__ import annotations

import json

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.errors import EditError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import DroppedError, RequestError
from layerwalk.surfaces.wire import AskRerun, EditedSheet

EDITS = lw.edit().silence("relu", 2).scale_channels("pool", 0, by=2.0)


def asked(library: Library, key: str, edits: lw.Edits = EDITS) -> EditedSheet:
    found = answer(library, AskRerun(key, json.dumps(edits.plain())))
    assert isinstance(found, EditedSheet)
    return found


def test_the_edited_form_of_a_trace(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    found = asked(library, key)
    edited = edges.rerun(EDITS)
    opened = library.opened(found.sheet.id)
    assert found.base == key
    assert found.sheet == sheet_of(edited, found.sheet.id)
    assert found.edits == ("silence channel 2 of relu", "scale channel 0 of pool by 2")
    for op, other in zip(opened.trace, edited, strict=True):
        np.testing.assert_array_equal(op.array(), other.array())
    assert set(found.changed) == {op.made[0].id for op in edges if op.kind != "conv2d"}
    # It is in no list, and goes with its trace.
    assert [card.id for card in library.cards()] == [key]
    library.close(key)
    with pytest.raises(LayerwalkError):
        library.opened(found.sheet.id)


def test_nothing_edited_is_nothing_changed(edges: Trace) -> None:
    library = Library()
    found = asked(library, library.add(edges), lw.edit())
    assert (found.changed, found.edits) == ((), ())


def test_an_edited_form_may_be_edited(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    first = asked(library, key, lw.edit().silence("relu", 2))
    second = asked(library, first.sheet.id, lw.edit().silence("relu", 1))
    assert second.base == first.sheet.id
    trace = library.opened(second.sheet.id).trace
    assert [bool(plane.any()) for plane in trace["relu"].array()[0]] == [True, False, False, True]


def test_only_the_last_few_are_kept(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    ids = [asked(library, key).sheet.id for _ in range(8)]
    assert library.opened(ids[-1]).id == ids[-1]
    with pytest.raises(DroppedError, match="these edits were dropped for newer ones; make them"):
        library.opened(ids[0])


def test_the_numbers_that_are_shared_take_no_room_twice(lite0: Trace) -> None:
    library = Library()
    key = library.add(lite0)
    asked(library, key, lw.edit().silence(lite0[-1].name, 2))
    before = library.cards()
    for channel in range(4):
        asked(library, key, lw.edit().silence(lite0[-1].name, channel))
    assert library.cards() == before
    assert all(card.open for card in before)


@pytest.mark.parametrize("text", ["", "{}", "1", "["])
def test_what_is_no_list(edges: Trace, text: str) -> None:
    library = Library()
    with pytest.raises(RequestError, match="edits: the edits are no JSON list"):
        answer(library, AskRerun(library.add(edges), text))


def test_an_edit_that_does_not_fit(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    with pytest.raises(EditError, match="relu: there is no channel 9"):
        asked(library, key, lw.edit().silence("relu", 9))
    assert [card.id for card in library.cards()] == [key]
