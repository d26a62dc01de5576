"""Questions out of JSON, and answers into it."""

from __future__ import annotations

import functools
import json
import re
from typing import Annotated, Any

from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import Request

__all__ = ["decoded", "encoded"]


def encoded(message: object) -> bytes:
    """An answer of dataclasses and tuples as JSON.

    >>> from layerwalk.surfaces.wire import FailureSheet
    >>> encoded((FailureSheet("conv1", "no"),))
    b'[{"where":"conv1","message":"no"}]'
    """
    from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python

    try:
        return to_json(message, inf_nan_mode="null")
    except PydanticSerializationError:
        # Bytes of a file's name that are no UTF-8 are lone surrogates in Python's texts.
        plain = to_jsonable_python(message, inf_nan_mode="null")
        text = json.dumps(plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return re.sub("[\ud800-\udfff]", "\N{REPLACEMENT CHARACTER}", text).encode()


def decoded(message: object) -> Request:
    """The question that a message means, a table as JSON has it: ``{"ask": "traces"}``.

    >>> decoded({"ask": "tensor", "trace": "dog-1", "value": 3})
    AskTensor(trace='dog-1', value=3, region='', half=False, ask='tensor')

    Raises
    ------
    RequestError
        It is no question.
    """
    from pydantic import ValidationError

    try:
        request: Request = _reader().validate_python(message)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or None
        raise RequestError(f"this is no question ({first['msg']})", where=where) from error
    return request


@functools.cache
def _reader() -> Any:
    from pydantic import Discriminator, TypeAdapter

    return TypeAdapter(Annotated[Request, Discriminator("ask")])
