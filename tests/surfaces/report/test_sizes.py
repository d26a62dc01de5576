"""How large a report will be is told before it is written."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.report import make_report, report_sizes
from layerwalk.surfaces.report import sizes as module
from layerwalk.surfaces.report.coding import code
from layerwalk.surfaces.report.plan import plan_report


def small() -> Trace:
    return lw.trace(lw.load_model("tiny_vgg", weights="none"), "sample:dog")


def large_maps() -> Trace:
    return lw.trace(lw.load_model("edges"), "sample:dog")


def flat() -> Trace:
    return lw.trace(lw.load_model("mlp", weights="none"), "sample:digits/3")


@pytest.mark.parametrize("walk", [small, large_maps, flat])
def test_each_size_is_told_within_a_few_per_cent(walk: Callable[[], Trace]) -> None:
    trace = walk()
    sizes = report_sizes(trace)
    assert len({(size.detail, size.weights) for size in sizes}) == len(sizes) == 9
    for size in sizes:
        made = make_report(trace, detail=size.detail, weights=size.weights)
        assert size.bytes == pytest.approx(len(made.content), rel=0.05), size
        assert size.left_out == len(made.plan.left_out)


def test_what_is_left_out_is_what_the_report_leaves_out() -> None:
    trace = small()
    found = {size.weights: size.left_out for size in report_sizes(trace)}
    assert found == {
        weights: len(plan_report(trace, weights).left_out) for weights in ("some", "all", "none")
    }
    assert found["all"] == 0 < found["none"]


def test_a_trace_without_a_picture() -> None:
    trace = dataclasses.replace(small(), photo=None)
    (size,) = [s for s in report_sizes(trace) if (s.detail, s.weights) == ("half", "all")]
    made = make_report(trace, detail="half", weights="all")
    assert size.bytes == pytest.approx(len(made.content), rel=0.05)


@pytest.mark.parametrize(
    ("shape", "axis"),
    [((1, 64, 40, 40), 1), ((1, 2, 900, 900), 1), ((3000, 500), 1), ((200_000,), 1),
     ((1, 5000, 40), -1), ((1, 1, 300_000), 1), ((3,) * 11, 1)],
)  # fmt: skip
def test_a_part_is_made_of_whole_channels(shape: tuple[int, ...], axis: int) -> None:
    array = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    told = module.packed_length(array, "exact", axis)
    assert told == pytest.approx(len(code(array, "exact").text), rel=0.05)
    axis = axis % array.ndim if array.ndim > 2 else 0
    part = module._part(array, axis)
    assert part.ndim == array.ndim
    assert all(
        mine == whole for side, (mine, whole) in enumerate(zip(part.shape, shape, strict=True))
        if side != axis
    )  # fmt: skip
    assert 1 <= part.shape[axis] <= shape[axis]
