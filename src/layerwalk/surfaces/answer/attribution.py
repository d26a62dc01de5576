"""Which pixels mattered to a score: found out while others are answered, then told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from layerwalk.errors import NotFoundError, missing
from layerwalk.render.figures import HeatMap
from layerwalk.surfaces.answer.binary import Binary, binary
from layerwalk.surfaces.answer.contributions import finite
from layerwalk.surfaces.answer.methods import title_of
from layerwalk.surfaces.library import Inquiry, Library, Opened, Tell
from layerwalk.surfaces.target import parse_target
from layerwalk.surfaces.wire import (
    AskAttribution,
    AskHeat,
    AskInquiry,
    AttributionSheet,
    JobSheet,
)

if TYPE_CHECKING:
    from layerwalk.attribution import Attribution

__all__ = ["attribution", "heat", "inquire"]

_Ask: TypeAlias = "AskInquiry | AskAttribution | AskHeat"


def inquire(library: Library, ask: AskInquiry) -> JobSheet:
    """The sheet of an inquiry that is now in its queue; what it finds is kept to be asked for.

    Raises
    ------
    LayerwalkError
        There is no such trace, or too many questions are waiting.
    """
    opened = library.opened(ask.trace)

    def find(tell: Tell) -> None:
        tell.stage(title_of(ask.method))
        _found(opened, ask, tell)

    return library.inquiries.submit(Inquiry(opened.id, opened.trace.name, find))


def attribution(library: Library, ask: AskAttribution) -> AttributionSheet:
    """What was found, but for the map.

    Raises
    ------
    LayerwalkError
        There is no such trace, method, class, op or channel; or the method is not for this
        network, as :func:`layerwalk.attribute` says.
    """
    found = _found(library.opened(ask.trace), ask)
    map_ = HeatMap(found.method, found.heat(), found.signed)
    return AttributionSheet(
        method=found.method,
        target=found.target,
        op=found.op,
        signed=found.signed,
        score=finite(found.score),
        baseline_score=finite(found.baseline_score),
        total=finite(found.total),
        residue=finite(found.residue),
        reach=map_.scale.high,
        beyond=map_.beyond,
    )


def heat(library: Library, ask: AskHeat) -> Binary:
    """The map that was found, every bit of it.

    Raises
    ------
    LayerwalkError
        As :func:`attribution` does.
    """
    return binary(_found(library.opened(ask.trace), ask).heat())


def _found(
    opened: Opened, ask: _Ask, watch: Callable[[int, int], None] | None = None
) -> Attribution:
    """What mattered, found out once; only the last few answers are kept."""
    key = ("attribution", ask.method, ask.target, ask.sample)
    return opened.lately(key, lambda: _find(opened, ask, watch))


def _find(opened: Opened, ask: _Ask, watch: Callable[[int, int], None] | None) -> Attribution:
    try:
        from layerwalk.attribution import attribute
    except ModuleNotFoundError as error:
        raise missing(error) from error
    aim = parse_target(opened.trace, ask.target or None)
    found = attribute(opened.trace, ask.method, aim, sample=ask.sample, watch=watch)
    if found.heat().ndim != 2:
        raise NotFoundError(
            f"its map of shape {found.heat().shape} is no picture",
            where=ask.method,
            mend="ask for its numbers in Python: lw.attribute",
        )
    return found
