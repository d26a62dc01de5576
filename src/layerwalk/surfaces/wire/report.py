"""What stands in a report beside its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layerwalk.surfaces.wire.answers import Digest, TraceSheet
from layerwalk.surfaces.wire.what_if import ContributionSheet

__all__ = ["EvenField", "ReportSheet", "ReportSize", "StoredTensor"]


@dataclass(frozen=True, slots=True)
class EvenField:
    """How the receptive field of an op lies along the picture.

    For each side along the picture: ``axes`` is the axis of the op's output that moves it,
    ``offsets`` the middle of the box of index 0, ``strides`` how far it moves with each
    index (0 where the whole map was made of one box), ``sizes`` how long it is without the
    picture's edges.
    """

    axes: tuple[int, ...]
    offsets: tuple[float, ...]
    strides: tuple[float, ...]
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """Numbers that stand in the report, in the script element ``layerwalk-{place}``.

    Attributes
    ----------
    value
        Whose they are; ``None`` for the photo's pixels.
    dtype
        Of the stored numbers.
    channels
        Where they are levels: which axis has the channels, each with a lowest number and a
        step in the element ``layerwalk-{place}-scales``; ``None`` otherwise.
    """

    place: int
    value: int | None
    shape: tuple[int, ...]
    dtype: str
    channels: int | None


@dataclass(frozen=True, slots=True)
class ReportSheet:
    """Everything in a report but its numbers.

    ``fields`` has an entry for each op; ``left_out`` are the values (weights) that are not
    in the file. ``contributions`` has an entry for each op too, or is empty where no score
    could be traced back.
    """

    version: str
    detail: Literal["exact", "half", "compact"]
    sheet: TraceSheet
    digests: tuple[Digest, ...]
    fields: tuple[EvenField | None, ...]
    tensors: tuple[StoredTensor, ...]
    left_out: tuple[int, ...]
    contributions: tuple[ContributionSheet, ...]


@dataclass(frozen=True, slots=True)
class ReportSize:
    """What a report would be like.

    ``bytes`` is its size, within a few per cent; ``left_out`` is how many weight tensors would
    not be in it.
    """

    detail: Literal["exact", "half", "compact"]
    weights: Literal["some", "all", "none"]
    bytes: int
    left_out: int
