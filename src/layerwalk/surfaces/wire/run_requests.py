"""What the page may ask of a recorded training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "AskEvaluation",
    "AskMistakes",
    "AskRun",
    "AskSeries",
    "AskThrough",
    "AskWhy",
    "RunRequest",
]


@dataclass(frozen=True, slots=True)
class AskRun:
    """What there is of a run by now; the answer is a ``RunSheet``."""

    run: str
    ask: Literal["run"] = "run"


@dataclass(frozen=True, slots=True)
class AskSeries:
    """How everything that was measured went; the answer is a list of ``SeriesSheet``.

    Attributes
    ----------
    scale
        How the drawing lays the steps along its width: evenly, or by their logarithm.
    most
        Into so many parts of equal width it is divided: of each part that has more points, the
        first, the lowest, the highest and the last are told.
    """

    run: str
    scale: Literal["log", "linear"] = "log"
    most: int = 400
    ask: Literal["series"] = "series"


@dataclass(frozen=True, slots=True)
class AskEvaluation:
    """What the network got right and wrong; the answer is an ``EvaluationSheet``.

    ``step`` is one of the run's ``evaluated``.
    """

    run: str
    step: int
    ask: Literal["evaluation"] = "evaluation"


@dataclass(frozen=True, slots=True)
class AskMistakes:
    """The pictures of the worst mistakes, raw: uint8 of (count, height, width, channels)."""

    run: str
    step: int
    ask: Literal["mistakes"] = "mistakes"


@dataclass(frozen=True, slots=True)
class AskThrough:
    """The numbers of a value, or of a part of it, at every stored step, raw.

    Attributes
    ----------
    value, region
        As :class:`AskTensor` has them; the numbers are those of the part, with the steps as a
        first axis.
    until
        The last step that is wanted.
    """

    run: str
    value: int
    region: str = ""
    until: int = 0
    ask: Literal["through"] = "through"


@dataclass(frozen=True, slots=True)
class AskWhy:
    """How the optimiser changed one weight; the answer is a ``WhySheet``.

    Attributes
    ----------
    parameter, index
        Which number of which parameter.
    step
        A stored step: the update that followed it is told.
    """

    run: str
    parameter: str
    index: tuple[int, ...]
    step: int
    ask: Literal["why"] = "why"


RunRequest: TypeAlias = AskRun | AskSeries | AskEvaluation | AskMistakes | AskThrough | AskWhy
