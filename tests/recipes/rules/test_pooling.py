"""Pooling of any settings: against the framework, and terms against nested loops."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.recipes.book import has_recipe
from layerwalk.recipes.explain import explain
from layerwalk.record import Trace
from recipes.judged import judged, places_of, traced

MAX: dict[int, Any] = {1: F.max_pool1d, 2: F.max_pool2d, 3: F.max_pool3d}
AVERAGE: dict[int, Any] = {1: F.avg_pool1d, 2: F.avg_pool2d, 3: F.avg_pool3d}
ADAPTIVE_MAX: dict[int, Any] = {
    1: F.adaptive_max_pool1d, 2: F.adaptive_max_pool2d, 3: F.adaptive_max_pool3d
}  # fmt: skip
ADAPTIVE_AVERAGE: dict[int, Any] = {
    1: F.adaptive_avg_pool1d, 2: F.adaptive_avg_pool2d, 3: F.adaptive_avg_pool3d
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    rank: int
    shape: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...] | None
    padding: tuple[int, ...]
    dilation: tuple[int, ...]
    ceil: bool
    counted: bool
    divisor: int | None

    @property
    def steps(self) -> tuple[int, ...]:
        return self.stride or self.kernel

    def input(self) -> torch.Tensor:
        torch.manual_seed(0)
        return torch.randn(self.shape)


@st.composite
def _settings(draw: st.DrawFn, *, dilated: bool) -> Setting:
    rank = draw(st.integers(1, 3))

    def each(low: int, high: int) -> tuple[int, ...]:
        return draw(st.tuples(*[st.integers(low, high)] * rank))

    kernel = each(1, 3)
    dilation = each(1, 2) if dilated else (1,) * rank
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    size = tuple(
        d * (k - 1) + 1 + extra for d, k, extra in zip(dilation, kernel, each(0, 5), strict=True)
    )
    lead = draw(st.sampled_from([(2,), (1, 3), (2, 2)]))
    return Setting(
        rank, (*lead, *size), kernel, draw(st.none() | st.tuples(*[st.integers(1, 3)] * rank)),
        padding, dilation, draw(st.booleans()), draw(st.booleans()),
        draw(st.none() | st.integers(1, 7)) if rank > 1 else None,
    )  # fmt: skip


def _pooled(s: Setting, **judging: Any) -> Trace:
    return judged(
        lambda x: MAX[s.rank](
            x, s.kernel, s.stride, s.padding, s.dilation, s.ceil, return_indices=True
        ),
        s.input(), kind=f"max_pool{s.rank}d", **judging,
    )  # fmt: skip


def _averaged(s: Setting, **judging: Any) -> Trace:
    more = (s.divisor,) if s.rank > 1 else ()
    return judged(
        lambda x: AVERAGE[s.rank](x, s.kernel, s.stride, s.padding, s.ceil, s.counted, *more),
        s.input(), kind=f"avg_pool{s.rank}d", **judging,
    )  # fmt: skip


@given(_settings(dilated=True))
@settings(max_examples=100)
def test_max_pooling_with_its_winners(setting: Setting) -> None:
    trace = _pooled(setting, samples=80)
    assert has_recipe(trace[0])
    assert trace[0].made[1].dtype == "int64"


@given(_settings(dilated=False))
@settings(max_examples=100)
def test_average_pooling(setting: Setting) -> None:
    _averaged(setting, samples=80)


@given(_settings(dilated=True), st.data())
@settings(max_examples=60)
def test_max_terms_are_those_of_nested_loops(setting: Setting, data: st.DataObject) -> None:
    s, trace = setting, _pooled(setting, samples=1)
    index = tuple(data.draw(st.sampled_from(places_of(trace[0].shape, 50).tolist())))
    lead = index[: -s.rank]
    wanted = []
    for at in itertools.product(*map(range, s.kernel)):
        place = tuple(
            index[k - s.rank] * s.steps[k] + at[k] * s.dilation[k] - s.padding[k]
            for k in range(s.rank)
        )
        if all(0 <= p < n for p, n in zip(place, s.shape[-s.rank :], strict=True)):
            wanted.append((*lead, *place))
    found = explain(trace, 0, index)
    assert [term.factors[0].index for term in found.terms] == wanted
    assert found.recorded == max(trace[0].inputs[0].array()[place] for place in wanted)
    assert (found.combine, found.residue) == ("max", 0)


@given(_settings(dilated=False), st.data())
@settings(max_examples=60)
def test_mean_terms_are_those_of_nested_loops(setting: Setting, data: st.DataObject) -> None:
    s, trace = setting, _averaged(setting, samples=1)
    index = tuple(data.draw(st.sampled_from(places_of(trace[0].shape, 50).tolist())))
    wanted, counted = [], 0
    for at in itertools.product(*map(range, s.kernel)):
        place = tuple(index[k - s.rank] * s.steps[k] + at[k] - s.padding[k] for k in range(s.rank))
        size = s.shape[-s.rank :]
        inside = all(0 <= p < n for p, n in zip(place, size, strict=True))
        padding = not inside and all(
            -pad <= p < n + pad for p, n, pad in zip(place, size, s.padding, strict=True)
        )
        counted += inside or (padding and s.counted)
        if inside or (padding and s.counted):
            wanted.append(((*index[: -s.rank], *place), padding))
    found = explain(trace, 0, index)
    assert [(t.factors[0].index, t.factors[0].padding) for t in found.terms] == wanted
    total = sum(complex(term.result).real for term in found.terms)
    assert complex(found.recorded).real == pytest.approx(
        total / (s.divisor or counted), rel=1e-5, abs=1e-6
    )


@st.composite
def _parts(draw: st.DrawFn) -> tuple[tuple[int, ...], tuple[int, ...]]:
    rank = draw(st.integers(1, 3))
    lead = draw(st.sampled_from([(2,), (1, 3)]))
    size, parts = (draw(st.tuples(*[st.integers(1, 9)] * rank)) for _ in range(2))
    return (*lead, *size), parts


@given(_parts())
@settings(max_examples=60)
def test_adaptive_pooling(setting: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    shape, parts = setting
    rank, x = len(parts), torch.randn(shape)
    judged(
        lambda x: ADAPTIVE_MAX[rank](x, parts, return_indices=True),
        x, kind=f"adaptive_max_pool{rank}d", samples=80,
    )  # fmt: skip
    trace = judged(
        lambda x: ADAPTIVE_AVERAGE[rank](x, parts), x, kind=f"adaptive_avg_pool{rank}d", samples=80
    )
    # The replica: part k of m goes from floor(k n / m) to ceil((k + 1) n / m).
    for place in places_of(trace[0].shape, 5).tolist():
        ranges = [
            range(k * n // m, -(-(k + 1) * n // m))
            for k, n, m in zip(place[-rank:], shape[-rank:], parts, strict=True)
        ]
        wanted = [(*place[:-rank], *at) for at in itertools.product(*ranges)]
        found = explain(trace, 0, place)
        assert [term.factors[0].index for term in found.terms] == wanted


def test_the_worked_example_of_the_tutorial() -> None:
    picture = torch.tensor(
        [[20.0, 45, 80, 90], [140, 85, 40, 50], [235, 215, 150, 45], [230, 240, 250, 200]]
    )
    trace = judged(
        lambda x: F.max_pool2d(x, 2, 2, return_indices=True), picture[None, None],
        kind="max_pool2d", outputs=[0], moves=True,
    )  # fmt: skip
    assert trace[0].array()[0, 0].tolist() == [[140, 90], [240, 250]]
    winners = {
        (y, x): explain(trace, 0, (0, 0, y, x)).terms.largest(2)
        for y, x in itertools.product(range(2), range(2))
    }
    found = {at: [(t.factors[0].index[2:], t.result) for t in best] for at, best in winners.items()}
    assert found == {
        (0, 0): [((1, 0), 140), ((1, 1), 85)],
        (0, 1): [((0, 3), 90), ((0, 2), 80)],
        (1, 0): [((3, 1), 240), ((2, 0), 235)],
        (1, 1): [((3, 2), 250), ((3, 3), 200)],
    }
    places = [explain(trace, 0, (0, 0, y, x), output=1).total for y, x in winners]
    assert places == [4, 3, 13, 14]


def test_equal_values_and_nan_have_the_frameworks_winner() -> None:
    x = torch.tensor(
        [[1.0, 1, 0, 2], [1, 0, 2, 2], [float("nan"), 3, 4, 5], [3, float("nan"), 4, 5]]
    )
    judged(lambda x: F.max_pool2d(x, 2, return_indices=True), x[None, None], kind="max_pool2d")
    judged(
        lambda x: F.adaptive_max_pool2d(x, 2, return_indices=True),
        x[None, None], kind="adaptive_max_pool2d",
    )  # fmt: skip


def test_power_average_pooling_is_made_of_ops_with_recipes() -> None:
    trace = traced(lambda x: F.lp_pool2d(x, 2.0, 3, ceil_mode=True), torch.rand(1, 2, 8, 8))
    assert [op.kind for op in trace][:2] == ["pow", "avg_pool2d"]
    judged(lambda x: F.lp_pool1d(x, 3.0, 2), torch.rand(1, 2, 8), kind="avg_pool1d")


def test_pooling_over_all_positions_needs_no_table() -> None:
    trace = judged(
        lambda x: F.adaptive_avg_pool2d(x, 1), torch.randn(1, 2, 7, 5), kind="adaptive_avg_pool2d"
    )
    assert len(explain(trace, 0, (0, 1, 0, 0)).terms) == 35
