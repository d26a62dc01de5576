"""What goes wrong between the page and whoever answers it, and how the page is told."""

from __future__ import annotations

from layerwalk.errors import ImageError, LayerwalkError, NotFoundError
from layerwalk.surfaces.wire import Problem

__all__ = ["BusyError", "DroppedError", "NotAPictureError", "RequestError", "problem_of"]


class RequestError(LayerwalkError):
    """A question that makes no sense, or that is not answered."""


class DroppedError(NotFoundError):
    """A walk whose numbers were dropped for want of memory."""


class NotAPictureError(ImageError):
    """Uploaded bytes that are no picture of a kind that can be read."""


class BusyError(LayerwalkError):
    """Too much is under way already."""


def problem_of(error: BaseException) -> Problem:
    """What the page is told of an error.

    >>> problem_of(LayerwalkError("it is cut short", where="dog.jpg", mend="copy it again"))
    ... # doctest: +NORMALIZE_WHITESPACE
    Problem(what='it is cut short', where='dog.jpg', mend='copy it again',
            sentence='dog.jpg: it is cut short; copy it again.')
    >>> problem_of(ZeroDivisionError("division by zero")).sentence
    'It failed with ZeroDivisionError: division by zero.'
    """
    if isinstance(error, LayerwalkError):
        return Problem(error.what, error.where, error.mend, str(error))
    lines = str(error).strip().splitlines()
    said = f": {lines[0].rstrip('.')}" if lines else ""
    what = f"it failed with {type(error).__name__}{said}"
    return Problem(what, None, None, f"{what[0].upper()}{what[1:]}.")
