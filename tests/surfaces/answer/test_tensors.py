"""The numbers of several values in one answer."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import Document, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import AskTensors


def test_several_parts(edges: Trace) -> None:
    library = Library()
    key = library.add(edges)
    conv, relu = edges["conv"].outputs[0], edges["relu"].outputs[0]
    parts = [[conv.id, "", False], [relu.id, "0,2,0:3,1:4", True], [conv.id, "0,0,0:1", False]]
    found = answer(library, AskTensors(key, json.dumps(parts)))
    assert isinstance(found, Document)
    (length,) = struct.unpack_from("<I", found.content)
    head = json.loads(found.content[4 : 4 + length])
    wanted = [conv.array(), relu.array()[0, 2, 0:3, 1:4], conv.array()[0, 0, 0:1]]
    at = 4 + length
    for (shape, dtype, exact), array in zip(head, wanted, strict=True):
        at += -at % 8
        numbers = np.frombuffer(found.content, dtype, array.size, at).reshape(shape)
        at += numbers.nbytes
        np.testing.assert_array_equal(numbers, array.astype(dtype))
        assert exact == (dtype == "float32")
    assert [dtype for _, dtype, _ in head] == ["float32", "float16", "float32"]
    assert at + -at % 8 == len(found.content)


@pytest.mark.parametrize("parts", ["", "{}", "[1]", '[[1, "0"]]', '[["1", "", false]]', "[" * 9])
def test_what_is_no_list_of_parts(edges: Trace, parts: str) -> None:
    library = Library()
    with pytest.raises(RequestError, match="part"):
        answer(library, AskTensors(library.add(edges), parts))


def test_a_value_that_is_not_there(edges: Trace) -> None:
    library = Library()
    with pytest.raises(NotFoundError):
        answer(library, AskTensors(library.add(edges), '[[999, "", false]]'))
