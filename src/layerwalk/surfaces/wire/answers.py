"""What the page is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from layerwalk.surfaces.wire.data import DataCard

__all__ = [
    "ClassChance",
    "Digest",
    "FailureSheet",
    "FieldSheet",
    "FieldSpan",
    "JobSheet",
    "Kept",
    "ListedModel",
    "ListedSample",
    "OpSheet",
    "PhotoSheet",
    "Prediction",
    "Problem",
    "TraceCard",
    "TraceSheet",
    "ValueSheet",
    "Welcome",
]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be done: what was wrong, where, and how to mend it.

    ``sentence`` says all of it in one.
    """

    what: str
    where: str | None
    mend: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who answers, and what can be asked of it.

    Attributes
    ----------
    version
        Layerwalk's version.
    walks
        Whether other pictures and networks can be walked.
    reports
        Whether a report can be written.
    upload_limit
        How many bytes an uploaded picture may have.
    edits
        Whether a walk can be computed again with edits.
    lacking
        Which packages of networks are not installed, and how to get them, in a sentence.
    data
        The data sets that can be looked at; ``None`` where none can be, as in a report.
    """

    version: str
    walks: bool
    reports: bool
    upload_limit: int
    edits: bool
    lacking: str | None = None
    data: tuple[DataCard, ...] | None = None


@dataclass(frozen=True, slots=True)
class TraceCard:
    """An open trace in a list.

    Attributes
    ----------
    id
        What it is called in requests.
    model, picture
        The network's name, and the picture's (``None`` where it walked a plain tensor).
    ops
        How many ops it has.
    bytes
        How much memory its numbers take.
    open
        ``False`` where its numbers were dropped for want of memory: walk it again.
    steps
        How many steps are stored, where it is no walk but a run; ``None`` otherwise.
    """

    id: str
    model: str
    picture: str | None
    ops: int
    bytes: int
    open: bool
    steps: int | None = None


@dataclass(frozen=True, slots=True)
class PhotoSheet:
    """The picture as the network saw it.

    ``box`` is the part of the original that it shows, (left, top, right, bottom) in the
    original's pixels; ``original`` is the original's (width, height).
    """

    name: str
    width: int
    height: int
    channels: int
    box: tuple[float, float, float, float]
    original: tuple[int, int]


@dataclass(frozen=True, slots=True)
class FailureSheet:
    """Where the network raised, and what it said."""

    where: str
    message: str


@dataclass(frozen=True, slots=True)
class ValueSheet:
    """One tensor of the walk; ``op`` made it, if any did."""

    id: int
    name: str
    role: Literal["input", "parameter", "buffer", "constant", "result"]
    shape: tuple[int, ...]
    dtype: str
    op: int | None


@dataclass(frozen=True, slots=True)
class OpSheet:
    """One op of the walk.

    Attributes
    ----------
    index, name, kind, module, module_type, module_call
        As :class:`layerwalk.record.Op` has them.
    settings
        Those that differ from PyTorch's defaults, a few words for each: ``"stride 2"``.
    geometry
        Whole numbers of an op with a window: ``kernel``, ``stride``, ``padding``, ``dilation``
        (a pair each: down, across) and ``groups`` (one); what it does not have is absent.
    inputs, outputs
        Ids of values.
    parameters
        How many learned numbers it read that no op before it had read.
    channel_axis
        Which axis of its first output holds the channels: 1, or -1.
    """

    index: int
    name: str
    kind: str
    module: str
    module_type: str
    module_call: int
    settings: tuple[str, ...]
    geometry: Mapping[str, tuple[int, ...]]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    parameters: int
    channel_axis: int


@dataclass(frozen=True, slots=True)
class ClassChance:
    """One class: its place in the output, its name, its score there and its probability."""

    number: int
    label: str
    score: float
    probability: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """The most probable classes, best first.

    ``made`` says how the scores became probabilities: by a softmax over the classes, by the
    exponential (of log-probabilities), or not at all, being probabilities already.
    """

    value: int
    made: Literal["softmax", "exp", "given"]
    top: tuple[ClassChance, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """How a value is kept in a report, where it is not kept exactly.

    ``worst`` is the largest difference from what was recorded, ``spread`` the largest
    recorded magnitude.
    """

    value: int
    coding: Literal["half", "compact"]
    worst: float
    spread: float


@dataclass(frozen=True, slots=True)
class TraceSheet:
    """Everything about a trace but its numbers.

    Attributes
    ----------
    id, name
        Of the trace, and of the network.
    ops, values
        In order; a value's ``id`` is not its place in the list.
    inputs, outputs
        Ids of what the network was given and returned.
    modules
        Path to class name of every module that ran.
    labels
        Class names, if known.
    book
        How each op makes its numbers, as docs/recipes.md has it.
    inexact
        Which values are not kept exactly: in a report, and in a trace file saved so.
    recomputed
        Which values are not kept at all, and worked out in the page from those that are.
    untrained
        Whether the network's weights are known to be random: nobody trained them.
    """

    id: str
    name: str
    ops: tuple[OpSheet, ...]
    values: tuple[ValueSheet, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    modules: Mapping[str, str]
    labels: tuple[str, ...] | None
    photo: PhotoSheet | None
    failure: FailureSheet | None
    prediction: Prediction | None
    provenance: Mapping[str, str]
    book: Mapping[str, Any]
    inexact: tuple[Kept, ...]
    recomputed: tuple[int, ...]
    untrained: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """What an op's first output holds, in short, over all of its samples.

    Attributes
    ----------
    low, high
        The least and the greatest finite number (of the magnitudes of complex ones);
        ``None`` where there is none.
    zeros, nan, infinite
        How many are exactly zero, are not numbers, are infinite.
    size
        How many there are.
    strongest
        The channels of the first sample with the largest mean magnitude, at most three, the
        strongest first.
    """

    op: int
    low: float | None
    high: float | None
    zeros: int
    nan: int
    infinite: int
    size: int
    strongest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FieldSpan:
    """One side of a receptive field, as :class:`layerwalk.recipes.receptive_field.Span`."""

    name: str
    length: int
    first: int
    stop: int
    free_first: int
    free_stop: int
    stride: float | None


@dataclass(frozen=True, slots=True)
class FieldSheet:
    """The box on the network's input that a value was made of: a side for each dimension."""

    spans: tuple[FieldSpan, ...]


@dataclass(frozen=True, slots=True)
class ListedModel:
    """A network that can be named; ``input_size`` is (channels, height, width)."""

    name: str
    source: str
    parameters: int | None
    input_size: tuple[int, int, int] | None
    note: str


@dataclass(frozen=True, slots=True)
class ListedSample:
    """A picture that comes with the package; ``name`` without its ``sample:``."""

    name: str
    title: str
    licence: str
    author: str
    source: str


@dataclass(frozen=True, slots=True)
class JobSheet:
    """How a walk gets on, or an inquiry what mattered.

    Attributes
    ----------
    change
        Grows with every change of the sheet.
    before
        How many others are waiting or running before it.
    stage, done, of
        What it is at, in words, and how far: ``done`` of ``of`` steps, ``of`` being 0 where
        that is not known.
    trace
        The trace it became, or was asked of.
    notes
        What the user should know of it: traces that were dropped for want of memory.
    problem
        Why it failed.
    """

    id: str
    change: int
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    before: int
    stage: str
    done: int
    of: int
    trace: str | None
    notes: tuple[str, ...]
    problem: Problem | None
