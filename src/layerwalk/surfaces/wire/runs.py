"""What the page is told of a recorded training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from layerwalk.surfaces.wire.answers import Digest, Kept, Prediction
from layerwalk.surfaces.wire.report import ReportSheet, StoredTensor

__all__ = [
    "EvaluationSheet",
    "MistakeSheet",
    "RunPage",
    "RunReportSheet",
    "RunSheet",
    "RunStep",
    "SeriesSheet",
    "UpdateTerm",
    "WhySheet",
]


@dataclass(frozen=True, slots=True)
class RunStep:
    """A stored step.

    Attributes
    ----------
    step
        After how many updates it was stored.
    trace
        What its walk is called: the run's id, ``@``, and the step.
    updated
        Whether it was kept how the update that followed was made.
    """

    step: int
    trace: str
    updated: bool


@dataclass(frozen=True, slots=True)
class RunSheet:
    """A run, as far as it is written.

    Attributes
    ----------
    id, name, model
        What it is called in requests, its folder's name, and the network's.
    change
        Another one, as soon as anything was written.
    state, ending
        Whether it goes on, ended or was stopped, and why. One whose process was killed seems to
        go on.
    quiet
        How many seconds ago something was last written.
    steps, evaluated
        The stored steps, and those after which the network was evaluated, in order.
    classes, probe_labels
        Class names, and the true class of each probe by number, where they are known.
    optimizer
        Its class, where it is known.
    parameters
        The shape of each by its name.
    settings
        How it was trained, in plain words.
    """

    id: str
    name: str
    model: str
    change: str
    state: Literal["running", "finished", "stopped"]
    ending: str
    quiet: float
    steps: tuple[RunStep, ...]
    evaluated: tuple[int, ...]
    classes: tuple[str, ...] | None
    probe_labels: tuple[int, ...] | None
    optimizer: str | None
    parameters: Mapping[str, tuple[int, ...]]
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SeriesSheet:
    """How one quantity went.

    Attributes
    ----------
    name
        ``loss``, ``validation/accuracy``, ``gradient/c1.weight`` and so on.
    steps, values
        Points that were measured, in order; ``None`` for what is not a finite number.
    count
        How many were measured: where that is more, these are those that show in a drawing.
    """

    name: str
    steps: tuple[int, ...]
    values: tuple[float | None, ...]
    count: int


@dataclass(frozen=True, slots=True)
class MistakeSheet:
    """An example that was taken for something else.

    ``index`` is its place in the data set, ``label`` the truth, ``predicted`` what it was taken
    for; then the probabilities of both.
    """

    index: int
    label: int
    predicted: int
    probability: float
    truth: float


@dataclass(frozen=True, slots=True)
class EvaluationSheet:
    """What the network got right and wrong after ``step`` updates.

    Attributes
    ----------
    confusion
        How many of the row's class were taken for the column's.
    loss, accuracy
        The mean cross-entropy in nats, and the share that was right.
    count
        Of how many examples.
    worst
        The mistakes that it was surest of.
    """

    step: int
    confusion: tuple[tuple[int, ...], ...]
    loss: float | None
    accuracy: float | None
    count: int
    worst: tuple[MistakeSheet, ...]


@dataclass(frozen=True, slots=True)
class UpdateTerm:
    """One line of the arithmetic: ``name = formula = value``."""

    name: str
    formula: str
    value: float | None


@dataclass(frozen=True, slots=True)
class WhySheet:
    """How one weight was changed by the update that followed ``step`` updates.

    Attributes
    ----------
    parameter, index
        Which number of which parameter.
    before, gradient, after
        The weight, the loss's derivative with respect to it, and what the optimiser made of it.
    terms
        The arithmetic line by line; empty where the optimiser's rule is not known.
    computed, residue
        What the terms give, and that less ``after``; ``None`` without a rule.
    """

    parameter: str
    index: tuple[int, ...]
    step: int
    optimizer: str
    before: float | None
    gradient: float | None
    terms: tuple[UpdateTerm, ...]
    computed: float | None
    after: float | None
    residue: float | None


@dataclass(frozen=True, slots=True)
class RunPage:
    """What a step has of its own in a report; the rest is the first step's.

    The fields are those of :class:`ReportSheet` and :class:`TraceSheet`.
    """

    trace: str
    prediction: Prediction | None
    inexact: tuple[Kept, ...]
    digests: tuple[Digest, ...]
    tensors: tuple[StoredTensor, ...]


@dataclass(frozen=True, slots=True)
class RunReportSheet:
    """Everything in the report of a run but its numbers.

    Attributes
    ----------
    run
        With the steps that are in the report.
    first
        The first step's report; its numbers are those that ``pages`` names.
    pages
        One for each step.
    series
        Thinned for drawings whose steps lie evenly, and by their logarithm.
    evaluations
        All of them.
    mistakes
        Their pictures, one tensor for each evaluation.
    """

    run: RunSheet
    first: ReportSheet
    pages: tuple[RunPage, ...]
    series: tuple[SeriesSheet, ...]
    evaluations: tuple[EvaluationSheet, ...]
    mistakes: tuple[StoredTensor, ...]
