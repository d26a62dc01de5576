"""What edits can be made of."""

from __future__ import annotations

import functools

from layerwalk.errors import missing
from layerwalk.filters import filters
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskEditing, EditingSheet, ListedFilter

__all__ = ["editing"]


def editing(_library: Library, _ask: AskEditing) -> EditingSheet:
    """The filters and activations that edits can name.

    Raises
    ------
    LayerwalkError
        torch is not installed.

    Examples
    --------
    >>> made = editing(Library(), AskEditing())
    >>> made.filters[0].name, made.filters[0].matrix[1]
    ('identity', (0.0, 1.0, 0.0))
    """
    return _sheet()


@functools.cache
def _sheet() -> EditingSheet:
    try:
        from layerwalk.edits.calls import ACTIVATIONS, POINTWISE
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return EditingSheet(
        filters=tuple(
            ListedFilter(one.name, tuple(map(tuple, one.matrix.tolist())), one.about)
            for one in filters()
        ),
        activations=tuple(ACTIVATIONS),
        pointwise=tuple(sorted(POINTWISE)),
    )
