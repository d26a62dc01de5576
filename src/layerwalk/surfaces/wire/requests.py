"""What the page may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from layerwalk.surfaces.wire.data import DataRequest
from layerwalk.surfaces.wire.run_requests import RunRequest

__all__ = [
    "AskAttribution",
    "AskCancel",
    "AskClose",
    "AskContributions",
    "AskDigests",
    "AskEditing",
    "AskField",
    "AskHeat",
    "AskInquiry",
    "AskJob",
    "AskMethods",
    "AskModels",
    "AskPhoto",
    "AskReport",
    "AskReportSizes",
    "AskRerun",
    "AskSamplePicture",
    "AskSamples",
    "AskSheet",
    "AskTensor",
    "AskTensors",
    "AskTraces",
    "AskWalk",
    "AskWelcome",
    "Request",
]


@dataclass(frozen=True, slots=True)
class AskWelcome:
    """What can be done here; the answer is a ``Welcome``."""

    ask: Literal["welcome"] = "welcome"


@dataclass(frozen=True, slots=True)
class AskTraces:
    """The open traces, the newest first; the answer is a list of ``TraceCard``."""

    ask: Literal["traces"] = "traces"


@dataclass(frozen=True, slots=True)
class AskSheet:
    """Everything about a trace but its numbers; the answer is a ``TraceSheet``."""

    trace: str
    ask: Literal["sheet"] = "sheet"


@dataclass(frozen=True, slots=True)
class AskTensor:
    """The numbers of a value, raw.

    Attributes
    ----------
    value
        The value's id within its trace.
    region
        Which part: whole numbers and ``first:stop`` by dimension, with commas, ``"0,3:5"``;
        empty for all of it.
    half
        Whether float16 will do (for a picture; never for arithmetic).
    """

    trace: str
    value: int
    region: str = ""
    half: bool = False
    ask: Literal["tensor"] = "tensor"


@dataclass(frozen=True, slots=True)
class AskTensors:
    """The numbers of several values, or parts of them, in one answer.

    ``parts`` is a JSON list of them, each a list of what :class:`AskTensor` calls value, region
    and half. The answer is the length of a head (uint32), the head, and the numbers of each
    part; each begins at a multiple of eight bytes. The head is a JSON list: shape, dtype and
    whether the numbers are exact, of each.
    """

    trace: str
    parts: str
    ask: Literal["tensors"] = "tensors"


@dataclass(frozen=True, slots=True)
class AskPhoto:
    """The pixels of the picture that was walked, uint8 of shape (H, W, channels), raw."""

    trace: str
    ask: Literal["photo"] = "photo"


@dataclass(frozen=True, slots=True)
class AskDigests:
    """What the values of some ops hold, in short; the answer is a list of ``Digest``.

    Attributes
    ----------
    order
        Which channels are the first ones: the strongest, or those that contributed most to the
        score.
    target
        What the score is of, as :class:`AskInquiry` has it.
    """

    trace: str
    ops: tuple[int, ...]
    order: Literal["strength", "attribution"] = "strength"
    target: str = ""
    ask: Literal["digests"] = "digests"


@dataclass(frozen=True, slots=True)
class AskContributions:
    """What the channels of an op contributed to a score; the answer is a ``ContributionSheet``.

    Attributes
    ----------
    op
        Whose channels.
    sample
        Which image of the batch.
    target
        What the score is of, as :class:`AskInquiry` has it.
    """

    trace: str
    op: int
    sample: int = 0
    target: str = ""
    ask: Literal["contributions"] = "contributions"


@dataclass(frozen=True, slots=True)
class AskMethods:
    """By which methods it can be found out what mattered; the answer is a ``MethodsSheet``."""

    ask: Literal["methods"] = "methods"


@dataclass(frozen=True, slots=True)
class AskInquiry:
    """Find out which pixels mattered to a score, and keep it; the answer is a ``JobSheet``.

    Attributes
    ----------
    method
        By which method.
    target
        What the score is of: a class by number or label, an op's channel (``"relu:2"``), or
        empty for the best class.
    sample
        Which image of the batch.
    """

    trace: str
    method: str
    target: str = ""
    sample: int = 0
    ask: Literal["inquiry"] = "inquiry"


@dataclass(frozen=True, slots=True)
class AskAttribution:
    """What mattered to a score, but for the map; the answer is an ``AttributionSheet``.

    What no inquiry has found out is found out now. The fields are those of :class:`AskInquiry`.
    """

    trace: str
    method: str
    target: str = ""
    sample: int = 0
    ask: Literal["attribution"] = "attribution"


@dataclass(frozen=True, slots=True)
class AskHeat:
    """The map of what mattered, raw: float64 of (height, width), on its own grid.

    The fields are those of :class:`AskInquiry`.
    """

    trace: str
    method: str
    target: str = ""
    sample: int = 0
    ask: Literal["heat"] = "heat"


@dataclass(frozen=True, slots=True)
class AskRerun:
    """Compute a trace again with edits; the answer is an ``EditedSheet``.

    ``edits`` is a JSON list of them, as :meth:`layerwalk.Edits.plain` writes it.
    """

    trace: str
    edits: str
    ask: Literal["rerun"] = "rerun"


@dataclass(frozen=True, slots=True)
class AskEditing:
    """What edits can be made of; the answer is an ``EditingSheet``."""

    ask: Literal["editing"] = "editing"


@dataclass(frozen=True, slots=True)
class AskField:
    """The receptive field of one value; the answer is a ``FieldSheet``."""

    trace: str
    op: int
    at: tuple[int, ...]
    output: int = 0
    ask: Literal["field"] = "field"


@dataclass(frozen=True, slots=True)
class AskModels:
    """The networks that can be named; the answer is a list of ``ListedModel``."""

    ask: Literal["models"] = "models"


@dataclass(frozen=True, slots=True)
class AskSamples:
    """The pictures that come with the package; the answer is a list of ``ListedSample``."""

    ask: Literal["samples"] = "samples"


@dataclass(frozen=True, slots=True)
class AskSamplePicture:
    """One of them, small, as a PNG file."""

    name: str
    ask: Literal["sample-picture"] = "sample-picture"


@dataclass(frozen=True, slots=True)
class AskWalk:
    """Walk a picture through a network; the answer is a ``JobSheet``.

    Attributes
    ----------
    model
        What ``load_model`` takes; empty for the network of ``trace``.
    picture
        ``"sample:dog"``, or of a data set ``"data:ID/17"``; empty for the uploaded bytes, or else
        the picture of ``trace``.
    trace
        The trace whose network, or picture, is to be taken again.
    name
        What the uploaded picture is called.
    """

    model: str = ""
    picture: str = ""
    trace: str = ""
    name: str = ""
    ask: Literal["walk"] = "walk"


@dataclass(frozen=True, slots=True)
class AskJob:
    """How a walk, or an inquiry, gets on; the answer is a ``JobSheet``.

    ``seen`` is the ``change`` of the sheet that the page has: the answer waits a while for
    a newer one.
    """

    job: str
    seen: int = -1
    ask: Literal["job"] = "job"


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Stop a walk, or an inquiry, that is queued or running; the answer is a ``JobSheet``."""

    job: str
    ask: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True)
class AskClose:
    """Forget a trace and its numbers; the answer is a list of ``TraceCard``."""

    trace: str
    ask: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class AskReport:
    """The explorer of a trace, or of a run, as one HTML file.

    Attributes
    ----------
    trace
        The trace's id, or that of a run for all of its steps.
    detail
        How exactly numbers are kept: every bit, float16, or 255 levels a channel.
    weights
        Which weights go into it; some are the smallest, half a million numbers in all (of a
        run, at each step).
    steps
        Which of a run's stored steps; empty for all of them.
    """

    trace: str
    detail: Literal["exact", "half", "compact"] = "half"
    weights: Literal["some", "all", "none"] = "some"
    steps: tuple[int, ...] = ()
    ask: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class AskReportSizes:
    """How large each report would be; the answer is a list of ``ReportSize``.

    The fields are those of :class:`AskReport`.
    """

    trace: str
    steps: tuple[int, ...] = ()
    ask: Literal["report-sizes"] = "report-sizes"


Request: TypeAlias = (
    AskWelcome
    | AskTraces
    | AskSheet
    | AskTensor
    | AskTensors
    | AskPhoto
    | AskDigests
    | AskContributions
    | AskMethods
    | AskInquiry
    | AskAttribution
    | AskHeat
    | AskField
    | AskModels
    | AskSamples
    | AskSamplePicture
    | AskWalk
    | AskJob
    | AskCancel
    | AskClose
    | AskReport
    | AskRerun
    | AskEditing
    | AskReportSizes
    | RunRequest
    | DataRequest
)
