from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Array, Trace
from layerwalk.surfaces.summary import summarise
from store.traces import Builder, trace_of


def trace_with(array: Array) -> Trace:
    return trace_of({"made": array})


def test_the_numbers_are_those_that_numpy_counts(lite0: Trace) -> None:
    summaries = list(summarise(lite0))
    assert [summary.op.index for summary in summaries] == list(range(149))
    for summary in summaries:
        array = summary.op.array()
        assert summary.values == array.size
        assert summary.low == array.min()
        assert summary.high == array.max()
        assert summary.zeros == (array == 0).sum()
        assert summary.zero_share == pytest.approx(float((array == 0).mean()), rel=1e-12)
        assert not summary.flawed
    assert sum(summary.parameters for summary in summaries) == 4_652_008


def test_nan_and_infinity_are_counted_and_left_out_of_the_range() -> None:
    array = np.array([[np.nan, -np.inf, 0.0, 3.5], [np.inf, -2.0, 0.0, np.nan]], np.float32)
    (summary,) = summarise(trace_with(array))
    assert (summary.low, summary.high) == (-2.0, 3.5)
    assert (summary.nan, summary.infinite, summary.zeros) == (2, 2, 2)
    assert summary.zero_share == 2 / 8
    assert summary.flawed


def test_an_op_without_a_finite_value_has_no_range() -> None:
    (summary,) = summarise(trace_with(np.full((2, 2), np.nan)))
    assert math.isnan(summary.low)
    assert math.isnan(summary.high)
    assert summary.nan == 4


@pytest.mark.parametrize(
    ("array", "low", "high", "zeros"),
    [
        (np.array([True, False, True]), 0.0, 1.0, 1),
        (np.array([-3, 0, 7], np.int64), -3.0, 7.0, 1),
        (np.array([3 + 4j, 0j]), 0.0, 5.0, 1),
        (np.array([0.5, -1.5], np.float16), -1.5, 0.5, 0),
        (np.array([-0.0, 1.0]), 0.0, 1.0, 1),
    ],
    ids=["bool", "whole", "complex", "half", "minus zero"],
)
def test_every_type_of_number(array: Array, low: float, high: float, zeros: int) -> None:
    (summary,) = summarise(trace_with(array))
    assert (summary.low, summary.high, summary.zeros) == (low, high, zeros)


def test_an_empty_value_has_no_share() -> None:
    (summary,) = summarise(trace_with(np.zeros((0, 4), np.float32)))
    assert summary.values == 0
    assert math.isnan(summary.zero_share)
    assert math.isnan(summary.low)


def test_several_outputs_count_together_and_none_counts_nothing() -> None:
    build = Builder()
    given = build.value("input", "input", np.zeros(2))
    first = build.value("one", "result", np.array([1.0, 0.0]))
    second = build.value("two", "result", np.array([-5.0, 0.0, 0.0]))
    build.op("chunk", "chunk", (given,), (first, second))
    build.op("_foreach", "_foreach_add_", (given,), ())
    chunk, nothing = summarise(build.trace((given,), (first,)))
    assert (chunk.values, chunk.low, chunk.high, chunk.zeros) == (5, -5.0, 1.0, 3)
    assert (nothing.values, nothing.zeros, nothing.parameters) == (0, 0, 0)


class Shared(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(4, 4)
        self.other = nn.Linear(4, 4, bias=False)
        self.other.weight = self.linear.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.other(self.linear(self.linear(x)))
        return result


def test_shared_weights_count_once() -> None:
    trace = lw.trace(Shared(), torch.ones(1, 4))
    assert [summary.parameters for summary in summarise(trace)] == [20, 0, 0]


def test_buffers_are_no_parameters() -> None:
    trace = lw.trace(nn.BatchNorm1d(3).eval(), torch.ones(2, 3))
    assert [summary.parameters for summary in summarise(trace)] == [6]
