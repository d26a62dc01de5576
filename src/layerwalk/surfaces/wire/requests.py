"""What the page may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = [
    "AskCancel",
    "AskClose",
    "AskContributions",
    "AskDigests",
    "AskEditing",
    "AskField",
    "AskJob",
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

    ``order`` says which channels are the first ones: the strongest, or those that contributed
    most to the score of the best class.
    """

    trace: str
    ops: tuple[int, ...]
    order: Literal["strength", "attribution"] = "strength"
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
    """

    trace: str
    op: int
    sample: int = 0
    ask: Literal["contributions"] = "contributions"


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
        ``"sample:dog"``; empty for the uploaded bytes, or else the picture of ``trace``.
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
    """How a walk gets on; the answer is a ``JobSheet``.

    ``seen`` is the ``change`` of the sheet that the page has: the answer waits a while for
    a newer one.
    """

    job: str
    seen: int = -1
    ask: Literal["job"] = "job"


@dataclass(frozen=True, slots=True)
class AskCancel:
    """Stop a walk that is queued or running; the answer is a ``JobSheet``."""

    job: str
    ask: Literal["cancel"] = "cancel"


@dataclass(frozen=True, slots=True)
class AskClose:
    """Forget a trace and its numbers; the answer is a list of ``TraceCard``."""

    trace: str
    ask: Literal["close"] = "close"


@dataclass(frozen=True, slots=True)
class AskReport:
    """The explorer of a trace as one HTML file.

    Attributes
    ----------
    detail
        How exactly numbers are kept: every bit, float16, or 255 levels a channel.
    weights
        Which weights go into it; some are the smallest, half a million numbers in all.
    """

    trace: str
    detail: Literal["exact", "half", "compact"] = "half"
    weights: Literal["some", "all", "none"] = "some"
    ask: Literal["report"] = "report"


@dataclass(frozen=True, slots=True)
class AskReportSizes:
    """How large each report would be; the answer is a list of ``ReportSize``."""

    trace: str
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
)
