"""A whole trace checked by its recipes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from capture.networks import Net
from layerwalk.capture import record
from layerwalk.errors import LayerwalkError
from layerwalk.recipes.verify import Verification, verify
from layerwalk.record import Array, Op, Region, Trace


class Changed:
    """Data that reads as another array than was recorded."""

    def __init__(self, array: Array) -> None:
        self.array = array
        self.strides = tuple(step // array.itemsize for step in array.strides)

    def read(self, region: Region = ()) -> Array:
        return self.array[region]


def walk(net: nn.Module | None = None) -> Trace:
    layers = (nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.ReLU())
    generator = torch.Generator().manual_seed(0)
    return record(net or nn.Sequential(*layers), (torch.randn(1, 3, 8, 8, generator=generator),))


def with_output(trace: Trace, index: int, change: Callable[[Array], Array]) -> Trace:
    op = trace.ops[index]
    value = replace(op.made[0], data=Changed(change(op.made[0].array().copy())))
    wrong: Op = replace(op, made=(value, *op.made[1:]))
    return replace(trace, ops=(*trace.ops[:index], wrong, *trace.ops[index + 1 :]))


def test_a_true_trace() -> None:
    report = verify(walk(), samples=400)
    assert isinstance(report, Verification)
    assert report
    assert report.checked == 400
    assert (report.failures, report.skipped, report.without_recipe) == ((), (), ())
    assert 0 < report.worst_relative < 1e-6
    assert 0 < report.worst < 1e-5
    assert report.worst_op == "0"


def test_the_same_seed_asks_the_same_values() -> None:
    trace = walk()
    assert verify(trace, seed=3) == trace.verify(seed=3)
    assert verify(trace, 8, seed=3).worst != verify(trace, 8, seed=4).worst


def test_every_op_is_asked_at_least_once() -> None:
    assert verify(walk(), samples=1).checked == 4


@pytest.mark.parametrize("index", range(4))
def test_a_wrong_value_is_found(index: int) -> None:
    def shift(array: Array) -> Array:
        return array + np.float32(1e-3)

    report = verify(with_output(walk(), index, shift))
    assert not report
    assert report.failures[0].op == str(index)
    assert "off by" in report.failures[0].message


def test_a_move_must_be_exact() -> None:
    def last_bit(array: Array) -> Array:
        return np.nextafter(array, np.float32(np.inf))

    assert verify(with_output(walk(), 0, last_bit))  # a sum may miss by that
    assert not verify(with_output(walk(), 2, last_bit))  # a largest value may not


def test_not_a_number_is_no_match_for_a_number() -> None:
    def spoil(array: Array) -> Array:
        array[:] = np.nan
        return array

    report = verify(with_output(walk(), 0, spoil))
    assert [failure.op for failure in report.failures] == ["0"]
    assert report.worst == np.inf


def test_ops_without_a_recipe_are_named_and_counted() -> None:
    net = nn.Sequential(nn.ReLU(), nn.GRU(3, 4))
    report = verify(record(net, (torch.randn(2, 1, 3),)))
    assert report.without_recipe == (("gru", 1),)
    assert [item.reason for item in report.skipped] == ["no recipe for gru"] * 2
    assert report


def test_values_that_were_left_out_are_named(tmp_path: Path) -> None:
    opened = lw.open(walk().save(tmp_path / "a.safetensors", weights=False))
    report = verify(opened)
    assert [item.op for item in report.skipped] == ["0"]
    assert "0.weight" in report.skipped[0].reason
    assert report.checked > 0


def test_empty_values_and_single_ones() -> None:
    def body(_self: Any, x: torch.Tensor) -> Any:
        return torch.relu(x[:0]), torch.relu(x.flatten()[0])

    report = verify(walk(Net(body)))
    assert report
    assert "it is empty" in {item.reason for item in report.skipped}


def test_no_samples_are_refused() -> None:
    with pytest.raises(LayerwalkError, match="0 samples check nothing"):
        verify(walk(), samples=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions(dtype: torch.dtype) -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).to(dtype)
    report = verify(record(net, (torch.randn(1, 3, 8, 8).to(dtype),)))
    assert report, report.failures
    assert report.checked > 0
