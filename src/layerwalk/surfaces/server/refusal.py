"""What went wrong, as HTTP has it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from starlette.exceptions import HTTPException
from starlette.routing import Match

from layerwalk.errors import LayerwalkError, MissingPackageError, NotFoundError
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.library.problem import (
    BusyError,
    DroppedError,
    NotAPictureError,
    RequestError,
    problem_of,
)

__all__ = ["TooLargeError", "refusal", "refuse"]


class TooLargeError(LayerwalkError):
    """More bytes than are taken."""


# The first that fits.
_STATUS: Final[tuple[tuple[type[LayerwalkError], HTTPStatus], ...]] = (
    (DroppedError, HTTPStatus.GONE),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (NotAPictureError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
    (RequestError, HTTPStatus.BAD_REQUEST),
    (BusyError, HTTPStatus.SERVICE_UNAVAILABLE),
    (MissingPackageError, HTTPStatus.SERVICE_UNAVAILABLE),
    (LayerwalkError, HTTPStatus.UNPROCESSABLE_ENTITY),
)


def refusal(path: str, error: BaseException, status: int) -> Response:
    """The answer that says why there is no other: a ``Problem``, or for a person its sentence."""
    problem = problem_of(error)
    headers = {"Cache-Control": "no-store"}
    if status in (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.INTERNAL_SERVER_ERROR):
        # There may be no end of what comes; and uvicorn hangs up after a fault.
        headers["Connection"] = "close"
    if not path.startswith("/api"):
        return PlainTextResponse(f"{problem.sentence}\n", status, headers=headers)
    return Response(encoded(problem), status, headers=headers, media_type="application/json")


async def refuse(request: Request, error: Exception) -> Response:
    """The answer to a request that raised; FastAPI hands over whatever it was."""
    path = request.url.path
    if isinstance(error, LayerwalkError):
        status = next(status for kind, status in _STATUS if isinstance(error, kind))
        return refusal(path, error, status)
    if isinstance(error, RequestValidationError):
        return refusal(path, _misunderstood(error), HTTPStatus.BAD_REQUEST)
    if isinstance(error, HTTPException):
        response = refusal(path, _unknown(request, error), error.status_code)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            response.headers["Allow"] = ", ".join(sorted(_answered(request)))
        return response
    # Starlette raises it again behind this answer, so that it is logged.
    return refusal(path, error, HTTPStatus.INTERNAL_SERVER_ERROR)


def _misunderstood(error: RequestValidationError) -> RequestError:
    first = error.errors()[0]
    name = str(first["loc"][-1])
    return RequestError(str(first["msg"]), where=name, mend="/api/openapi.json says what it takes")


def _answered(request: Request) -> set[str]:
    """The methods that are answered at the request's path."""
    found: set[str] = set()
    for route in request.app.state.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= route.methods
    return found | {"HEAD"} if "GET" in found else found


def _unknown(request: Request, error: HTTPException) -> LayerwalkError:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFoundError(f"there is nothing at {request.url.path[:120]!r}")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return RequestError(f"{request.method} is not answered at {request.url.path[:120]!r}")
    return RequestError(str(error.detail))
