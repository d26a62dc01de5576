"""Answers as HTTP sends them."""

from __future__ import annotations

import contextlib
import gzip
import re
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Final

import anyio.to_thread
from anyio import CapacityLimiter
from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer import Binary, Document, Stream, answer, encoded
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.address import is_loopback
from layerwalk.surfaces.server.byte_range import byte_range
from layerwalk.surfaces.server.threads import Threads

__all__ = ["reply"]

# Numbers of a trace never change, and no other trace will have its id.
_FOREVER: Final = "private, max-age=86400, immutable"
# Asked again each time, so that it is noticed when the trace is gone.
_ASK_AGAIN: Final = "private, no-cache"
_WORTH_PACKING: Final = 4096


async def reply(
    request: Request, ask: wire.Request, *, upload: bytes = b"", tag: str = ""
) -> Response:
    """The answer to a question, made in a thread so that others are answered meanwhile.

    Parameters
    ----------
    request
        The request that it came in.
    ask
        The question.
    upload
        The bytes that came with it.
    tag
        What tells the answer from all others, where it is one that never changes.
    """
    library: Library = request.app.state.library
    threads: Threads = request.app.state.threads
    limiter = threads.limiter(ask)
    headers = dict(request.headers)
    near = request.client is None or is_loopback(request.client.host)

    known = headers.get("if-none-match", "").strip()

    def made() -> Response:
        if isinstance(
            ask,
            wire.AskTensor
            | wire.AskPhoto
            | wire.AskSheet
            | wire.AskDigests
            | wire.AskContributions,
        ):
            library.opened(ask.trace)  # a browser that has it already is still told if it is gone
            if _has(known, tag):
                return _unchanged(ask, tag)
        found = answer(library, ask, upload=upload)
        if known == "*" and tag:  # whatever there is; now it is known that there is something
            return _unchanged(ask, tag)
        if isinstance(found, Binary):
            return _numbers(found, tag, headers)
        if isinstance(found, Document):
            told = {"Cache-Control": "private, max-age=3600"}
            return Response(found.content, headers=told, media_type=found.media_type)
        if isinstance(found, Stream):
            return _file(found, limiter)
        return _json(encoded(found), tag, headers, near=near)

    return await anyio.to_thread.run_sync(made, limiter=limiter)


def _unchanged(ask: wire.Request, tag: str) -> Response:
    kept = _FOREVER if isinstance(ask, wire.AskTensor | wire.AskPhoto) else _ASK_AGAIN
    headers = {"ETag": f'"{tag}"', "Cache-Control": kept}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)


def _numbers(found: Binary, tag: str, headers: Mapping[str, str]) -> Response:
    """Raw numbers, or the bytes of them that were asked for."""
    data, status = found.data, HTTPStatus.OK
    told = {
        "X-Layerwalk-Shape": ",".join(str(length) for length in found.shape),
        "X-Layerwalk-Dtype": found.dtype,
        "X-Layerwalk-Exact": "1" if found.exact else "0",
        "Accept-Ranges": "bytes",
        **(
            {"ETag": f'"{tag}"', "Cache-Control": _FOREVER}
            if tag
            else {"Cache-Control": "no-store"}
        ),
    }
    wanted = byte_range(headers.get("range", ""), len(data))
    if wanted is not None and headers.get("if-range", f'"{tag}"') == f'"{tag}"':
        if not wanted:
            told["Content-Range"] = f"bytes */{len(data)}"
            told["Cache-Control"] = "no-store"
            return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=told)
        told["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{len(data)}"
        data, status = data[wanted.start : wanted.stop], HTTPStatus.PARTIAL_CONTENT
    return Response(data, status, told, "application/octet-stream")


def _file(found: Stream, limiter: CapacityLimiter) -> Response:
    """A file that is sent while it is made; who asked may go away, and it is made no further."""

    async def parts() -> AsyncIterator[bytes]:
        with contextlib.closing(found.parts):
            while part := await anyio.to_thread.run_sync(next, found.parts, b"", limiter=limiter):
                yield part

    told = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{found.name}"',
    }
    return StreamingResponse(parts(), headers=told, media_type=found.media_type)


def _json(text: bytes, tag: str, headers: Mapping[str, str], *, near: bool) -> Response:
    told = {"Cache-Control": _ASK_AGAIN, "ETag": f'"{tag}"'} if tag else {}
    told = told or {"Cache-Control": "no-store"}
    # To another machine a tenth of the bytes is worth some milliseconds; to this one it is not.
    if not near and len(text) > _WORTH_PACKING and "gzip" in headers.get("accept-encoding", ""):
        text = gzip.compress(text, compresslevel=6)
        told |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        told |= {"ETag": f'W/"{tag}"'} if tag else {}
    return Response(text, headers=told, media_type="application/json")


def _has(header: str, tag: str) -> bool:
    """Whether the header ``If-None-Match`` names a tag; tags may hold commas."""
    return tag in re.findall(r'"([^"]*)"', header)
