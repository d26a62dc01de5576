"""The numbers of several values in one answer: what many small pictures need at once."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from typing import Final

from layerwalk.surfaces.answer.binary import Binary, Document
from layerwalk.surfaces.answer.tensor import tensor
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import AskTensor, AskTensors

__all__ = ["packed", "tensors"]

_MOST: Final = 64
_STEP: Final = 8  # bytes: every type of numbers may begin there


def tensors(library: Library, ask: AskTensors) -> Document:
    """The numbers that are asked for, one behind the other.

    Raises
    ------
    LayerwalkError
        There is no such trace, value or region; or what is asked is no list of parts.
    """
    found = [tensor(library, part) for part in _parts(ask)]
    return packed(found)


def packed(found: list[Binary]) -> Document:
    """Numbers one behind the other, as :class:`.AskTensors` says."""
    head = json.dumps([[list(one.shape), one.dtype, one.exact] for one in found]).encode()
    pieces = [struct.pack("<I", len(head)) + head, *(one.data for one in found)]
    content = b"".join(bytes(piece) + b"\0" * (-len(piece) % _STEP) for piece in pieces)
    return Document(content, "application/octet-stream")


def _parts(ask: AskTensors) -> Iterable[AskTensor]:
    try:
        listed = json.loads(ask.parts)
    except ValueError:
        listed = None
    if not isinstance(listed, list) or len(listed) > _MOST:
        raise RequestError(f"the parts are no JSON list of at most {_MOST}", where="parts")
    for part in listed:
        match part:
            case [int(value), str(region), bool(half)]:
                yield AskTensor(ask.trace, value, region, half)
            case _:
                raise RequestError(f"{part!r} is no part"[:200], where="parts")
