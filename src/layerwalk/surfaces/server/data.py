"""The routes of data sets."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer.region import parse_indices
from layerwalk.surfaces.server.reply import reply
from layerwalk.surfaces.server.traces import RAW

__all__ = ["data"]

data: Final = APIRouter(prefix="/api/data", tags=["data"])
"""What is in them, and their pictures."""

DataId = Annotated[
    str, Path(max_length=80, description="The data set's id; or `mnist`, which is always there.")
]
First = Annotated[int, Query(ge=0, description="The first one.")]
Side = Annotated[int, Query(ge=0, description="Pixels along a side at most; 0 for all of them.")]

_PACKED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Their levels, as `AskPictures` says.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@data.get("/{data}", response_model=wire.DataSheet)
async def get_data(request: Request, data: DataId) -> Response:
    """A data set, counted as far as it is."""
    return await reply(request, wire.AskData(data))


@data.get("/{data}/examples", response_model=wire.ExamplesSheet)
async def get_examples(
    request: Request,
    data: DataId,
    *,
    first: First = 0,
    count: Annotated[int, Query(description="How many.")] = 64,
    label: Annotated[int | None, Query(description="Of which class only.")] = None,
    seed: Annotated[int | None, Query(ge=0, description="Shuffled by which seed.")] = None,
    find: Annotated[
        int | None, Query(description="The number of a picture whose place is wanted.")
    ] = None,
) -> Response:
    """Which pictures stand in a part of an order."""
    return await reply(request, wire.AskExamples(data, first, count, label, seed, find))


@data.get("/{data}/pictures", response_class=Response, responses=_PACKED)
async def get_pictures(
    request: Request,
    data: DataId,
    indices: Annotated[str, Query(max_length=4000, description="Their numbers: `3,1,4`.")],
    side: Side = 0,
) -> Response:
    """The levels of some pictures."""
    numbers = parse_indices(indices, "indices")
    return await reply(request, wire.AskPictures(data, numbers, side))


@data.get("/{data}/means", response_class=Response, responses=RAW)
async def get_means(
    request: Request,
    data: DataId,
    first: First = 0,
    count: Annotated[int, Query(ge=0, description="How many classes.")] = 40,
    side: Side = 0,
) -> Response:
    """The mean pictures of some classes, raw."""
    return await reply(request, wire.AskMeans(data, first, count, side))
