"""What the page is told of what mattered, and of what would be if something were changed."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.surfaces.wire.answers import TraceSheet

__all__ = ["ContributionSheet", "EditedSheet", "EditingSheet", "ListedFilter"]


@dataclass(frozen=True, slots=True)
class ContributionSheet:
    """What the channels of an op contributed to a score, to first order.

    Attributes
    ----------
    target
        What the score is of, in words: a class label.
    score
        The score itself; ``None`` where it is not a finite number.
    channels
        For each channel of the op's first output; ``None`` where it is not a finite number.
        Empty where the score does not depend on the op.
    """

    op: int
    target: str
    score: float | None
    channels: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class EditedSheet:
    """A trace computed again with edits.

    Attributes
    ----------
    base
        The trace that was edited.
    sheet
        The edited one's own sheet.
    changed
        The values whose numbers are others; the rest is the base's, under the same number.
    edits
        Each edit in words.
    """

    base: str
    sheet: TraceSheet
    changed: tuple[int, ...]
    edits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedFilter:
    """A filter that has a name: its rows, and what it does, in a few words."""

    name: str
    matrix: tuple[tuple[float, ...], ...]
    about: str


@dataclass(frozen=True, slots=True)
class EditingSheet:
    """What edits can be made of.

    Attributes
    ----------
    filters
        Those that can take a kernel's place by their names.
    activations
        Those that can take another's place.
    pointwise
        Kinds of ops whose place they can take.
    """

    filters: tuple[ListedFilter, ...]
    activations: tuple[str, ...]
    pointwise: tuple[str, ...]
