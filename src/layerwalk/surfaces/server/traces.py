"""The routes of the open traces."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer.region import parse_indices
from layerwalk.surfaces.server.reply import reply
from layerwalk.surfaces.server.upload import uploaded

__all__ = ["RAW", "Sample", "Target", "TraceId", "traces"]

traces: Final = APIRouter(prefix="/api/traces", tags=["traces"])
"""Their sheets, numbers and pictures."""

TraceId = Annotated[str, Path(max_length=80, description="The trace's id.")]
Sample = Annotated[int, Query(ge=0, description="Which image of the batch.")]
Target = Annotated[
    str,
    Query(
        max_length=400,
        description="What the score is of: a class, an op's channel (`relu:2`), or empty for the "
        "best class.",
    ),
]

Steps = Annotated[
    str,
    Query(
        max_length=20_000,
        description="Of a run: which stored steps go into it, `0,1,100`; empty for all.",
    ),
]

RAW: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The numbers, little-endian and in C order. The headers tell the lengths "
        "of the dimensions, with commas (`X-Layerwalk-Shape`), the type (`X-Layerwalk-Dtype`, "
        "`float32`) and whether they are the trace's own, bit for bit (`X-Layerwalk-Exact`, 1 or "
        "0).",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {"description": "The bytes that the header `Range` named."},
    304: {"description": "The browser has them already."},
    416: {"description": "There are no such bytes."},
}


_BYTES: Final[dict[str, Any]] = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
}
_LONGEST_PARTS: Final = 1 << 16
_PARTS: Final[dict[str, Any]] = {
    "requestBody": {
        "description": "A list of parts: value, region and half of each.",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "array"}}}},
    }
}
_LONGEST_EDITS: Final = 1 << 20
_EDITS: Final[dict[str, Any]] = {
    "requestBody": {
        "description": "The edits, as `lw.Edits.plain()` has them.",
        "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}


@traces.get("", response_model=tuple[wire.TraceCard, ...])
async def list_traces(request: Request) -> Response:
    """The open traces, the newest first."""
    return await reply(request, wire.AskTraces())


@traces.get("/{trace}", response_model=wire.TraceSheet)
async def get_sheet(request: Request, trace: TraceId) -> Response:
    """Everything about a trace but its numbers."""
    return await reply(request, wire.AskSheet(trace), tag=f"{trace}.sheet")


@traces.delete("/{trace}", response_model=tuple[wire.TraceCard, ...])
async def close_trace(request: Request, trace: TraceId) -> Response:
    """Forget a trace; the answer is those that are left."""
    return await reply(request, wire.AskClose(trace))


@traces.get("/{trace}/values/{value}", response_class=Response, responses=RAW)
async def get_tensor(
    request: Request,
    trace: TraceId,
    value: Annotated[int, Path(ge=0, description="The value's id within its trace.")],
    region: Annotated[
        str,
        Query(
            max_length=400,
            description="Which part: positions and `first:stop` by dimension, with commas, "
            "`0,3:5`; empty for all of it.",
        ),
    ] = "",
    half: Annotated[bool, Query(description="Whether float16 will do.")] = False,
) -> Response:
    """The numbers of a value, raw."""
    tag = f"{trace}.{value}.{region}{'.half' if half else ''}"
    return await reply(request, wire.AskTensor(trace, value, region, half), tag=tag)


@traces.get("/{trace}/photo", response_class=Response, responses=RAW)
async def get_photo(request: Request, trace: TraceId) -> Response:
    """The pixels of the picture that was walked, uint8 of shape (H, W, channels), raw."""
    return await reply(request, wire.AskPhoto(trace), tag=f"{trace}.photo")


@traces.get("/{trace}/digests", response_model=tuple[wire.Digest, ...])
async def get_digests(
    request: Request,
    trace: TraceId,
    ops: Annotated[str, Query(max_length=60_000, description="Indices of ops: `0,1,2`.")],
    order: Annotated[
        Literal["strength", "attribution"],
        Query(description="Which channels come first: the strongest, or those that mattered."),
    ] = "strength",
    target: Target = "",
) -> Response:
    """What the first outputs of some ops hold, in short."""
    wanted = parse_indices(ops, "ops")
    ask = wire.AskDigests(trace, wanted, order, target)
    return await reply(request, ask, tag=f"{trace}.digests.{order}.{quote(target)}.{ops}")


@traces.get("/{trace}/ops/{op}/contributions", response_model=wire.ContributionSheet)
async def get_contributions(
    request: Request,
    trace: TraceId,
    op: Annotated[int, Path(ge=0, description="The op's index.")],
    sample: Sample = 0,
    target: Target = "",
) -> Response:
    """What the channels of an op contributed to a score."""
    ask = wire.AskContributions(trace, op, sample, target)
    return await reply(request, ask, tag=f"{trace}.contributions.{op}.{sample}.{quote(target)}")


@traces.post(
    "/{trace}/values",
    response_class=Response,
    openapi_extra=_PARTS,
    responses={200: {"description": "Their numbers, as `AskTensors` says.", **_BYTES}},
)
async def get_values(request: Request, trace: TraceId) -> Response:
    """The numbers of several values, or parts of them, in one answer."""
    text = await uploaded(request, _LONGEST_PARTS, "the list of parts")
    return await reply(request, wire.AskTensors(trace, text.decode(errors="replace")))


@traces.post("/{trace}/edited", response_model=wire.EditedSheet, openapi_extra=_EDITS)
async def make_edited(request: Request, trace: TraceId) -> Response:
    """Compute a trace again with edits."""
    text = await uploaded(request, _LONGEST_EDITS, "the list of edits")
    return await reply(request, wire.AskRerun(trace, text.decode(errors="replace")))


@traces.get("/{trace}/ops/{op}/field", response_model=wire.FieldSheet)
async def get_field(
    request: Request,
    trace: TraceId,
    op: Annotated[int, Path(ge=0, description="The op's index.")],
    at: Annotated[
        str, Query(max_length=400, description="Which number of its output: `0,3,10,12`.")
    ] = "",
    output: Annotated[int, Query(ge=0, description="Which of its outputs.")] = 0,
) -> Response:
    """The receptive field of one number."""
    place = parse_indices(at, "positions")
    return await reply(request, wire.AskField(trace, op, place, output))


@traces.get(
    "/{trace}/report",
    response_class=Response,
    responses={200: {"description": "The HTML file.", "content": {"text/html": {}}}},
)
async def get_report(
    request: Request,
    trace: TraceId,
    detail: Annotated[
        Literal["exact", "half", "compact"], Query(description="How exactly numbers are kept.")
    ] = "half",
    weights: Annotated[
        Literal["some", "all", "none"],
        Query(
            description="Which weights go into it: an op without its weights shows no arithmetic. "
            "Some are the smallest, half a million numbers in all."
        ),
    ] = "some",
    steps: Steps = "",
) -> Response:
    """The explorer of a trace, or of a run, as one file."""
    return await reply(request, wire.AskReport(trace, detail, weights, _numbers(steps)))


@traces.get("/{trace}/report/sizes", response_model=tuple[wire.ReportSize, ...])
async def get_report_sizes(request: Request, trace: TraceId, steps: Steps = "") -> Response:
    """How large each report would be, within a few per cent."""
    return await reply(request, wire.AskReportSizes(trace, _numbers(steps)))


def _numbers(steps: str) -> tuple[int, ...]:
    return parse_indices(steps, "steps")
