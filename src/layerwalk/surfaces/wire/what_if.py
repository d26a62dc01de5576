"""What the page is told of what mattered, and of what would be if something were changed."""

from __future__ import annotations

from dataclasses import dataclass

from layerwalk.surfaces.wire.answers import TraceSheet

__all__ = [
    "AttributionSheet",
    "ContributionSheet",
    "EditedSheet",
    "EditingSheet",
    "ListedFilter",
    "ListedMethod",
    "MethodsSheet",
]


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
class ListedMethod:
    """A way to find out which pixels mattered.

    Attributes
    ----------
    name
        What it is asked for by.
    title, about
        What it is called, and what its map shows, in a few words.
    complete
        Whether the map's sum is the score less the baseline's.
    """

    name: str
    title: str
    about: str
    complete: bool


@dataclass(frozen=True, slots=True)
class MethodsSheet:
    """The methods, and the name of that which is used where none is chosen."""

    methods: tuple[ListedMethod, ...]
    usual: str


@dataclass(frozen=True, slots=True)
class AttributionSheet:
    """Which pixels mattered to a score, but for the map itself.

    Attributes
    ----------
    method, target
        How it was found, and what the score is of, in words.
    op
        On whose output's grid the map lies; ``None`` where it is that of the picture.
    signed
        Whether its numbers say for (above zero) and against (below).
    score, baseline_score
        The score, and that of the baseline; ``None`` where there is none, or no finite one.
    total, residue
        The sum of the map, and how far it is off the difference of the scores; ``None`` where
        the method promises nothing.
    reach, beyond
        The number at the end of the colour scale, and what is beyond it, in words.
    """

    method: str
    target: str
    op: str | None
    signed: bool
    score: float | None
    baseline_score: float | None
    total: float | None
    residue: float | None
    reach: float
    beyond: str


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
