"""The explorer of a trace as one file."""

from __future__ import annotations

from layerwalk.surfaces.answer.binary import Document
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskReport

__all__ = ["report"]


def report(library: Library, ask: AskReport) -> Document:
    """The report of a trace, an HTML file.

    Raises
    ------
    LayerwalkError
        There is no such trace, or the page has not been built.
    """
    # Bound late: a report asks this room for the trace's sheet and digests.
    from layerwalk.surfaces.report import make_report

    opened = library.opened(ask.trace)
    content = make_report(opened.trace, detail=ask.detail).content
    return Document(content, "text/html", f"{opened.id}.html")
