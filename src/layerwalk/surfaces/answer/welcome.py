"""Who answers, and which traces are open."""

from __future__ import annotations

import importlib.util

import layerwalk
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskClose, AskTraces, AskWelcome, TraceCard, Welcome

__all__ = ["close", "traces", "welcome"]


def welcome(library: Library, _ask: AskWelcome) -> Welcome:
    """What can be asked here. Without PyTorch, saved walks can be looked at and none made."""
    walks = importlib.util.find_spec("torch") is not None
    return Welcome(
        version=layerwalk.__version__,
        walks=walks,
        reports=True,
        upload_limit=library.upload_limit,
        edits=walks,
        lacking=_lacking() if walks else None,
        data=library.data.cards(),
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


def _lacking() -> str | None:
    """Whose networks cannot be named here; no package is imported to find that out."""
    zoos = ("torchvision", "timm")
    if all(importlib.util.find_spec(name) for name in zoos):
        return None  # the usual case, and PyTorch need not be loaded to say so
    from layerwalk.models.package import LostPackageError, has_package, tell_lost

    lost = [LostPackageError(name) for name in zoos if not has_package(name)]
    if not lost:
        return None
    what, mend = tell_lost(lost)
    return f"{what}: {mend} for {'its' if len(lost) == 1 else 'their'} networks."
