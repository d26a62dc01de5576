"""A trace computed again with edits."""

from __future__ import annotations

import json

from layerwalk.errors import missing
from layerwalk.record import Trace
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import AskRerun, EditedSheet

__all__ = ["rerun"]


def rerun(library: Library, ask: AskRerun) -> EditedSheet:
    """The edited form of a trace, open from now on.

    Raises
    ------
    RequestError
        The edits are no JSON list.
    LayerwalkError
        There is no such trace, an edit does not fit it, or torch is not installed.
    """
    try:
        from layerwalk.edits import Edits
    except ModuleNotFoundError as error:
        raise missing(error) from error
    base = library.opened(ask.trace)
    edits = Edits.of(_listed(ask.edits))
    edited = base.trace.rerun(edits)
    key = library.add_edited(base.id, edited)
    opened = library.opened(key)
    book = None
    if _made_alike(base.trace, edited):
        book = base.once("sheet", lambda: sheet_of(base.trace, base.id)).book
    return EditedSheet(
        base=base.id,
        sheet=opened.once("sheet", lambda: sheet_of(edited, key, book=book)),
        changed=_changed(base.trace, edited),
        edits=tuple(str(step) for step in edits),
    )


def _listed(text: str) -> list[object]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise RequestError("the edits are no JSON list", where="edits")
    return found


def _made_alike(base: Trace, edited: Trace) -> bool:
    """Whether every op works as it did, so that its recipe is the same; the numbers may differ."""
    return all(
        one is other
        or (
            (one.kind, one.arguments) == (other.kind, other.arguments)
            and [value.shape for value in (*one.inputs, *one.made)]
            == [value.shape for value in (*other.inputs, *other.made)]
        )
        for one, other in zip(base, edited, strict=True)
    )


def _changed(base: Trace, edited: Trace) -> tuple[int, ...]:
    old = {value.id: value.data for value in base.values}
    return tuple(value.id for value in edited.values if old.get(value.id) is not value.data)
