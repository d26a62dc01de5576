"""What a request carries: a picture, or a list of edits."""

from __future__ import annotations

from fastapi import Request
from starlette.requests import ClientDisconnect

from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.server.refusal import TooLargeError

__all__ = ["uploaded"]

_PATIENCE = 4  # times the limit: a browser that is cut off sooner shows no answer


async def uploaded(request: Request, limit: int, what: str = "the picture") -> bytes:
    """The bytes of a request's body, at most ``limit``; no more are ever kept.

    ``what`` they are is told where there are too many.

    Raises
    ------
    TooLargeError
        There are more.
    RequestError
        They did not all come.
    """
    kept: list[bytes] = []
    size = 0
    try:
        async for part in request.stream():
            size += len(part)
            if size <= limit:
                kept.append(part)
            else:
                kept.clear()
            if size > _PATIENCE * limit:
                break
    except ClientDisconnect as error:
        raise RequestError(f"{what} did not come whole", mend="send it again") from error
    if size > limit:
        raise TooLargeError(
            f"{what} has more than the {limit:,} bytes that are allowed",
            mend="save it smaller",
        )
    return b"".join(kept)
