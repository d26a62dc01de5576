"""The receptive field of one number."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskField, FieldSheet


def field(trace: Trace, op: int, at: tuple[int, ...], output: int = 0) -> FieldSheet:
    library = Library()
    found = answer(library, AskField(library.add(trace), op, at, output))
    assert isinstance(found, FieldSheet)
    return found


def test_it_is_that_of_the_library(lite0: Trace) -> None:
    op = lite0["features.8.add"]
    box = lw.receptive_field(lite0, op, (0, 0, 7, 7))
    for found, span in zip(field(lite0, op.index, (0, 0, 7, 7)).spans, box.spans, strict=True):
        assert (found.name, found.length, found.stride) == (span.name, span.length, span.stride)
        assert (found.first, found.stop) == (span.first, span.stop)
        assert (found.free_first, found.free_stop) == (span.free_first, span.free_stop)


@pytest.mark.parametrize(
    ("op", "at", "output", "said"),
    [
        (9, (0,), 0, "there is no op 9"),
        (0, (0, 0, 0), 0, "shape"),
        (0, (0, 9, 0, 0), 0, "is outside of shape"),
        (0, (0, 0, 0, 0), 1, "there is no output 1"),
    ],
)
def test_what_is_not_there(
    edges: Trace, op: int, at: tuple[int, ...], output: int, said: str
) -> None:
    with pytest.raises(NotFoundError, match=said):
        field(edges, op, at, output)


def test_what_was_not_made_of_the_input() -> None:
    class Apart(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.ones(2) * 2 + x.sum()

    trace = lw.trace(Apart(), torch.zeros(3))
    with pytest.raises(NotFoundError, match="it does not depend on the network's input"):
        field(trace, trace["mul"].index, (0,))
