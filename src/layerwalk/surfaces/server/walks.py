"""The routes of the walks: asked for, watched, stopped."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.reply import reply
from layerwalk.surfaces.server.upload import uploaded

__all__ = ["walks"]

walks: Final = APIRouter(prefix="/api/walks", tags=["walks"])
"""They make new traces."""

JobId = Annotated[str, Path(max_length=80, description="The walk's id.")]

_PICTURE: Final[dict[str, Any]] = {
    "requestBody": {
        "description": "The bytes of the picture's file; empty where it is named.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@walks.post(
    "",
    response_model=wire.JobSheet,
    status_code=HTTPStatus.ACCEPTED,
    openapi_extra=_PICTURE,
)
async def start_walk(
    request: Request,
    model: Annotated[
        str, Query(max_length=400, description="What `load_model` takes; or that of `trace`.")
    ] = "",
    picture: Annotated[
        str, Query(max_length=400, description="`sample:dog`; or the body; or that of `trace`.")
    ] = "",
    trace: Annotated[
        str, Query(max_length=80, description="Whose network, or picture, is taken again.")
    ] = "",
    name: Annotated[
        str, Query(max_length=400, description="What the uploaded picture is called.")
    ] = "",
) -> Response:
    """Walk a picture through a network."""
    library: Library = request.app.state.library
    upload = await uploaded(request, library.upload_limit)
    response = await reply(request, wire.AskWalk(model, picture, trace, name), upload=upload)
    response.status_code = HTTPStatus.ACCEPTED
    return response


@walks.get("/{job}", response_model=wire.JobSheet)
async def get_walk(
    request: Request,
    job: JobId,
    seen: Annotated[
        int, Query(description="The `change` that is known: the answer waits for another.")
    ] = -1,
) -> Response:
    """How a walk gets on."""
    return await reply(request, wire.AskJob(job, seen))


@walks.delete("/{job}", response_model=wire.JobSheet)
async def cancel_walk(request: Request, job: JobId) -> Response:
    """Stop a walk that is queued or running."""
    return await reply(request, wire.AskCancel(job))
