"""The routes of the open traces."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer.region import parse_indices
from layerwalk.surfaces.server.reply import reply

__all__ = ["traces"]

traces: Final = APIRouter(prefix="/api/traces", tags=["traces"])
"""Their sheets, numbers and pictures."""

TraceId = Annotated[str, Path(max_length=80, description="The trace's id.")]

_RAW: Final[dict[int | str, dict[str, Any]]] = {
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


@traces.get("/{trace}/values/{value}", response_class=Response, responses=_RAW)
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


@traces.get("/{trace}/photo", response_class=Response, responses=_RAW)
async def get_photo(request: Request, trace: TraceId) -> Response:
    """The pixels of the picture that was walked, uint8 of shape (H, W, channels), raw."""
    return await reply(request, wire.AskPhoto(trace), tag=f"{trace}.photo")


@traces.get("/{trace}/digests", response_model=tuple[wire.Digest, ...])
async def get_digests(
    request: Request,
    trace: TraceId,
    ops: Annotated[str, Query(max_length=60_000, description="Indices of ops: `0,1,2`.")],
) -> Response:
    """What the first outputs of some ops hold, in short."""
    wanted = parse_indices(ops, "ops")
    return await reply(request, wire.AskDigests(trace, wanted), tag=f"{trace}.digests.{ops}")


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
) -> Response:
    """The explorer of a trace as one file."""
    return await reply(request, wire.AskReport(trace, detail))
