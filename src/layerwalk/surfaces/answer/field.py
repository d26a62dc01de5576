"""The receptive field of one value."""

from __future__ import annotations

from layerwalk.recipes.receptive_field import receptive_field
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskField, FieldSheet, FieldSpan

__all__ = ["field"]


def field(library: Library, ask: AskField) -> FieldSheet:
    """The box on the network's first input that a value was made of.

    Raises
    ------
    LayerwalkError
        There is no such trace, op or value; or nothing says what it was made of.
    """
    trace = library.opened(ask.trace).trace
    box = receptive_field(trace, ask.op, ask.at, output=ask.output)
    return FieldSheet(
        tuple(
            FieldSpan(
                name=span.name,
                length=span.length,
                first=span.first,
                stop=span.stop,
                free_first=span.free_first,
                free_stop=span.free_stop,
                stride=span.stride,
            )
            for span in box.spans
        )
    )
