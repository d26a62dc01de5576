"""``trace.show()``, ``run.show()`` and ``data.show()``: the explorer, wherever the user is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

from layerwalk.data.sets import DataSet
from layerwalk.errors import LayerwalkError, NotFoundError, missing
from layerwalk.record import Trace
from layerwalk.runs import Run
from layerwalk.surfaces.browser import open_browser
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.notebook import in_notebook, show_in_cell

__all__ = ["Shown", "show", "show_data", "show_run"]


class _Desk:
    """The one library of this program, and its server while something is shown."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.library = Library()
        self.server: Any = None

    def open(self) -> Any:
        """The server, started if it is not running."""
        if self.server is None:
            try:
                from layerwalk.surfaces.server.server import Server
            except ModuleNotFoundError as error:
                raise missing(error) from error
            self.server = Server(self.library).start()
        return self.server

    def close(self) -> None:
        """Stop the server; a library whose walks have ended takes no more."""
        if self.server is not None:
            self.server.stop()
            self.server, self.library = None, Library()


_DESK = _Desk()


class Shown:
    """A trace, a run or a data set in the explorer.

    Attributes
    ----------
    url
        The link that opens it, for as long as this program runs; it lets anybody in.
    """

    def __init__(self, key: str, url: str) -> None:
        self.url = url
        self._id = key

    def __repr__(self) -> str:
        return f"<Explorer at {self.url}>"

    def wait(self) -> None:
        """Keep the program running, and the explorer with it, until Ctrl-C."""
        server = _DESK.server
        if server is None:
            return
        try:
            server.wait()
        except KeyboardInterrupt:
            with _DESK.lock:
                _DESK.close()

    def close(self) -> None:
        """Take it away, and the explorer with the last of them."""
        with _DESK.lock:
            try:
                _DESK.library.close(self._id)
            except NotFoundError:
                return  # the page has closed it, or this was called before
            if not _DESK.library.cards() and not _DESK.library.data.added():
                _DESK.close()


def show(trace: Trace, *, browser: bool = True) -> Any:
    """Open the explorer: in a notebook a widget, elsewhere the browser.

    Parameters
    ----------
    trace
        The trace.
    browser
        Whether to open the browser, too.

    Returns
    -------
    :
        In a notebook the widget, which a cell shows when it ends with it. Elsewhere an object
        with ``url`` and ``close()``; a script that would end ends with its ``wait()``.

    Notes
    -----
    Walks that are started in the page run in a thread of this program, beside whatever else it
    does, and leave its random generators alone. While a network is being loaded for them, the
    generators of torch, numpy and Python are seeded for a moment and then put back: what other
    threads draw just then is not what they would have drawn.

    Examples
    --------
    >>> trace.show().wait()                                 # doctest: +SKIP
    """
    return _shown(lambda library: library.add(trace), browser=browser)


def show_run(
    run: Run, *, beside: Run | None = None, model: Any = None, browser: bool = True
) -> Any:
    """Open the explorer of a recorded training, at its last step so far.

    Parameters
    ----------
    run
        The run; one that is still being written is followed.
    beside
        A second one, which goes step by step with the first. In a notebook, show it in a cell of
        its own.
    model
        Its network, for other pictures: where the run does not say how it is built, or names a
        file (see :meth:`layerwalk.runs.Run.load_model`).
    browser
        Whether to open the browser, too.

    Returns
    -------
    :
        As :func:`show` has it; ``close()`` takes the first of two away.

    Raises
    ------
    LayerwalkError
        Two runs are to be shown in a notebook's cell.

    Examples
    --------
    >>> lw.open_run("runs/first").show().wait()             # doctest: +SKIP
    """
    if beside is not None and in_notebook():
        raise LayerwalkError(
            "two runs stand beside each other in a browser, not in a notebook's cell",
            where="run.show",
            mend="show each in a cell of its own, or run layerwalk replay with both",
        )
    other = None if beside is None else lambda library: library.add_run(beside)
    build = None if model is None else partial(run.load_model, model=model)
    return _shown(lambda library: library.add_run(run, build), other, browser=browser)


def show_data(data: DataSet, *, browser: bool = True) -> Any:
    """Open the explorer at a data set: what is in it, and every picture, which can be walked.

    Parameters
    ----------
    data
        The data set; its pixels are counted while it is looked at.
    browser
        Whether to open the browser, too.

    Returns
    -------
    :
        As :func:`show` has it.

    Examples
    --------
    >>> lw.load_data("mnist").show().wait()                 # doctest: +SKIP
    """
    return _shown(lambda library: library.data.add(data), browser=browser)


def _shown(
    add: Callable[[Library], str],
    beside: Callable[[Library], str] | None = None,
    *,
    browser: bool,
) -> Any:
    """What ``add`` puts into the library, in a cell or in the browser."""
    with _DESK.lock:
        if in_notebook():
            return show_in_cell(_DESK.library, add(_DESK.library))
        server = _DESK.open()
        key = add(_DESK.library)
        other = "" if beside is None else beside(_DESK.library)
    shown = Shown(key, server.link(key, beside=other))
    if browser:
        open_browser(server.link(key, beside=other, once=True))
    return shown
