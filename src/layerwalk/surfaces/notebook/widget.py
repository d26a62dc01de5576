"""The widget: questions of the page come in as messages, and answers go out with buffers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import anywidget
import traitlets

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.answer import Binary, Document, Stream, answer, decoded, encoded
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import problem_of
from layerwalk.surfaces.page_files import page_file

__all__ = ["ExplorerWidget"]


class ExplorerWidget(anywidget.AnyWidget):
    """The explorer of a library's traces, in a cell.

    Parameters
    ----------
    library
        The open traces.
    trace
        The id of the one that the cell shows at first; it may be that of a data set.

    Raises
    ------
    FileError
        The explorer's page has not been built.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    styles = traitlets.Unicode().tag(sync=True)
    trace = traitlets.Unicode().tag(sync=True)
    data = traitlets.Unicode().tag(sync=True)

    def __init__(self, library: Library, trace: str = "") -> None:
        script, styles = page_file("whole.js"), page_file("explorer.css")
        first = {"data" if library.data.has(trace) else "trace": trace}
        super().__init__(_esm=script, styles=styles, **first)
        self._library = library
        self.on_msg(self._heard)

    def _heard(self, _: Any, message: Any, buffers: Sequence[Any]) -> None:
        if not isinstance(message, dict) or "id" not in message:
            return
        try:
            reply, parts = reply_to(self._library, message, buffers)
        except Exception as error:
            # The page waits for an answer; the notebook's log shows the rest.
            self.send({"id": message["id"], "problem": _plain(problem_of(error))})
            raise
        self.send(reply, buffers=parts)


def reply_to(
    library: Library, message: dict[str, Any], buffers: Sequence[Any]
) -> tuple[dict[str, Any], list[memoryview | bytes]]:
    """The message and the buffers that answer a message of the page.

    Parameters
    ----------
    message
        ``{"id", "request"}``, the request as :mod:`layerwalk.surfaces.wire` has it.
    buffers
        The bytes of a picture that is to be walked, where one comes along.
    """
    reply: dict[str, Any] = {"id": message["id"]}
    try:
        upload = bytes(buffers[0]) if buffers else b""
        # Nobody may wait here: the kernel runs the user's cells in this thread.
        found = answer(library, decoded(message.get("request")), upload=upload, patience=0)
    except LayerwalkError as error:
        return {**reply, "problem": _plain(problem_of(error))}, []
    if isinstance(found, Binary):
        reply["tensor"] = {
            "shape": list(found.shape),
            "dtype": found.dtype,
            "exact": found.exact,
        }
        return reply, [found.data]
    if isinstance(found, Document | Stream):
        content = found.content if isinstance(found, Document) else b"".join(found.parts)
        return {**reply, "media": found.media_type}, [content]
    return {**reply, "answer": _plain(found)}, []


def _plain(found: object) -> Any:
    """Dataclasses as the tables and lists that a message is made of."""
    return json.loads(encoded(found))
