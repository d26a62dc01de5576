"""The explorer's page: the files that ``web/`` was built into."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from layerwalk.errors import FileError, NotFoundError
from layerwalk.surfaces.page_files import STATIC, page_file
from layerwalk.surfaces.server.refusal import refusal

__all__ = ["page"]

_INDEX: Final = "index.html"
_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
}

page: Final = APIRouter(include_in_schema=False)
"""The routes of the page; they are open, since nothing of anybody's is in it."""


@page.get("/")
async def index(request: Request) -> Response:
    """The page itself."""
    try:
        page_file(_INDEX)
    except FileError as error:
        return refusal("/", error, HTTPStatus.SERVICE_UNAVAILABLE)
    return _file(request, _INDEX)


@page.get("/{name}")
async def asset(request: Request, name: str) -> Response:
    """A file that the page asks for."""
    return _file(request, name)


def _file(request: Request, name: str) -> Response:
    path = STATIC / name
    kind = _TYPES.get(path.suffix)
    # Plain names only: no folder above, and nothing hidden.
    if kind is None or not re.fullmatch(r"\w[\w.-]*", name) or not path.is_file():
        raise NotFoundError(f"there is nothing at {request.url.path[:120]!r}")
    content = path.read_bytes()
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, headers=headers, media_type=kind)
