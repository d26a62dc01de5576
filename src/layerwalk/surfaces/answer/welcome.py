"""Who answers, and which traces are open."""

from __future__ import annotations

import importlib.util

import layerwalk
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskClose, AskTraces, AskWelcome, TraceCard, Welcome

__all__ = ["close", "traces", "welcome"]


def welcome(library: Library, _ask: AskWelcome) -> Welcome:
    """What can be asked here. Without PyTorch, saved walks can be looked at and none made."""
    return Welcome(
        version=layerwalk.__version__,
        walks=importlib.util.find_spec("torch") is not None,
        reports=True,
        upload_limit=library.upload_limit,
    )


def traces(library: Library, _ask: AskTraces) -> tuple[TraceCard, ...]:
    """The open traces, the newest first, and those that were dropped."""
    return library.cards()


def close(library: Library, ask: AskClose) -> tuple[TraceCard, ...]:
    """Forget a trace; those that are left.

    Raises
    ------
    NotFoundError
        There is no such trace.
    """
    library.close(ask.trace)
    return library.cards()
