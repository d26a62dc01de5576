"""The numbers of a value, and only those that are asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from layerwalk.errors import CaptureError, FileError, NotFoundError
from layerwalk.record import Array, Region, Trace
from layerwalk.surfaces.answer import Binary, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskPhoto, AskTensor


def ask(trace: Trace, value: int, region: str = "", *, half: bool = False) -> Binary:
    library = Library()
    found = answer(library, AskTensor(library.add(trace), value, region, half))
    assert isinstance(found, Binary)
    return found


def test_every_value_of_a_walk(edges: Trace) -> None:
    for value in edges.values:
        found = ask(edges, value.id)
        assert found.exact
        assert np.array_equal(found.array, value.array())


def test_a_region(edges: Trace) -> None:
    value = edges["conv"].outputs[0]
    assert np.array_equal(ask(edges, value.id, "0,1:3,7").array, value.array()[0, 1:3, 7])


def test_only_the_region_is_read(monkeypatch: pytest.MonkeyPatch, edges: Trace) -> None:
    value = edges["conv"].outputs[0]
    kind, asked = type(value.data), []
    real = kind.read

    def read(self: object, region: Region = ()) -> Array:
        asked.append(region)
        return real(value.data, region)

    monkeypatch.setattr(kind, "read", read)
    ask(edges, value.id, "0,2")
    assert asked == [(0, 2)]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float8_e4m3fn])
def test_types_that_numpy_lacks_come_as_float32(dtype: torch.dtype) -> None:
    class Cast(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.to(dtype)

    trace = lw.trace(Cast(), torch.tensor([0.5, 1.0, -3.0]))
    found = ask(trace, trace.outputs[0].id)
    assert (found.dtype, found.exact, found.array.tolist()) == ("float32", True, [0.5, 1, -3])


def test_a_value_that_is_not_there(edges: Trace) -> None:
    with pytest.raises(NotFoundError, match="edges: there is no value 99"):
        ask(edges, 99)


def test_weights_that_were_left_out_of_the_file(edges: Trace, tmp_path: Path) -> None:
    trace = lw.open(edges.save(tmp_path / "a.safetensors", weights=False))
    with pytest.raises(FileError, match="was left out when the trace was saved"):
        ask(trace, trace["conv"].parameters[0].id)


def test_a_weight_that_was_trained_on() -> None:
    net = nn.Linear(2, 2).eval()
    trace = lw.trace(net, torch.zeros(1, 2))
    with torch.no_grad():
        net.weight.add_(1)
    with pytest.raises(CaptureError, match="was changed in place after the trace was recorded"):
        ask(trace, trace[0].parameters[0].id)


def test_the_photo(lite0: Trace) -> None:
    library = Library()
    found = answer(library, AskPhoto(library.add(lite0)))
    assert isinstance(found, Binary)
    assert lite0.photo is not None
    assert (found.dtype, found.shape) == ("uint8", (224, 224, 3))
    assert np.array_equal(found.array, lite0.photo.pixels)


def test_no_photo() -> None:
    library = Library()
    key = library.add(lw.trace(nn.ReLU(), torch.zeros(3)))
    with pytest.raises(NotFoundError, match="no picture was walked, only numbers"):
        answer(library, AskPhoto(key))
