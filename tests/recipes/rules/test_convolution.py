"""Convolutions of any settings: against the framework, and terms against nested loops."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.recipes.explain import explain
from layerwalk.record import Trace
from recipes.judged import judged, places_of, recipe_for

CONV: dict[int, Any] = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
TRANSPOSED: dict[int, Any] = {
    1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    rank: int
    batch: int | None
    size: tuple[int, ...]
    kernel: tuple[int, ...]
    stride: tuple[int, ...]
    padding: tuple[int, ...] | str
    dilation: tuple[int, ...]
    more: tuple[int, ...]  # output padding
    groups: int
    into: int  # channels of a group
    out: int
    bias: bool

    def tensors(self, *, transposed: bool) -> tuple[torch.Tensor, torch.Tensor, Any]:
        lead = () if self.batch is None else (self.batch,)
        torch.manual_seed(0)
        ends = (self.groups * self.into, self.out)
        if not transposed:
            ends = (self.groups * self.out, self.into)
        return (
            torch.randn(*lead, self.groups * self.into, *self.size),
            torch.randn(*ends, *self.kernel),
            torch.randn(self.groups * self.out) if self.bias else None,
        )


@st.composite
def _settings(draw: st.DrawFn, *, transposed: bool = False) -> Setting:
    rank = draw(st.integers(1, 3))

    def each(low: int, high: int) -> tuple[int, ...]:
        return draw(st.tuples(*[st.integers(low, high)] * rank))

    kernel, dilation = each(1, 3), each(1, 2)
    stride = each(1, 3)
    reach = tuple(d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    padding: tuple[int, ...] | str = each(0, 2)
    if not transposed and draw(st.booleans()):
        padding = draw(st.sampled_from(["same", "valid"]))
        stride = (1,) * rank if padding == "same" else stride
    size = tuple(r + extra for r, extra in zip(reach, each(0, 4), strict=True))
    more = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    if transposed:  # what is left has to be something
        assert not isinstance(padding, str)
        padding = tuple(min(p, (r - 1) // 2) for p, r in zip(padding, reach, strict=True))
    return Setting(
        rank, draw(st.sampled_from([None, 1, 2])), size, kernel, stride, padding, dilation, more,
        draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3)),
        draw(st.booleans()),
    )  # fmt: skip


def _convolved(s: Setting, **judging: Any) -> Trace:
    x, weight, bias = s.tensors(transposed=False)
    if isinstance(s.padding, str) and s.batch is None and s.rank == 3:
        x = x[None]  # the framework takes no single volume there
    return judged(
        lambda x, w, b: CONV[s.rank](x, w, b, s.stride, s.padding, s.dilation, s.groups),
        x, weight, bias, kind=f"conv{s.rank}d", **judging,
    )  # fmt: skip


def _laid_out(s: Setting, **judging: Any) -> Trace:
    return judged(
        lambda x, w, b: TRANSPOSED[s.rank](
            x, w, b, s.stride, s.padding, s.more, s.groups, s.dilation
        ),
        *s.tensors(transposed=True), kind=f"conv_transpose{s.rank}d", **judging,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@given(_settings())
@settings(max_examples=120)
def test_convolution(setting: Setting) -> None:
    _convolved(setting, samples=60)


@given(_settings(transposed=True))
@settings(max_examples=120)
def test_transposed_convolution(setting: Setting) -> None:
    _laid_out(setting, samples=60)


Terms = dict[tuple[tuple[int, ...], tuple[int, ...]], bool]


def _found(trace: Trace, index: tuple[int, ...]) -> Terms:
    """Input position and weight position of every term, and whether it is padding."""
    explanation = explain(trace, trace[0], index)
    found: Terms = {}
    for term in explanation.terms:
        x, w = term.factors
        assert term.result == pytest.approx(x.number * w.number, rel=1e-12)
        assert w.number == w.value.array()[w.index]
        assert x.number == (0 if x.padding else x.value.array()[x.index])
        assert (x.index, w.index) not in found
        found[x.index, w.index] = x.padding
    return found


def _nested(s: Setting, index: tuple[int, ...], shape: tuple[int, ...]) -> Terms:
    """The terms of a convolution by nested loops."""
    *lead, c = index[: -s.rank]
    group = c // s.out
    found: Terms = {}
    for i in range(s.into):
        for at in itertools.product(*map(range, s.kernel)):
            place = []
            for k in range(s.rank):
                before = 0
                if s.padding == "same":
                    before = s.dilation[k] * (s.kernel[k] - 1) // 2
                elif not isinstance(s.padding, str):
                    before = s.padding[k]
                place.append(index[k - s.rank] * s.stride[k] + at[k] * s.dilation[k] - before)
            inside = all(0 <= p < n for p, n in zip(place, shape[-s.rank :], strict=True))
            found[(*lead, group * s.into + i, *place), (c, i, *at)] = not inside
    return found


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@given(_settings(), st.data())
@settings(max_examples=60)
def test_terms_are_those_of_nested_loops(setting: Setting, data: st.DataObject) -> None:
    trace = _convolved(setting, samples=1)
    at = tuple(data.draw(st.sampled_from(places_of(trace[0].shape, 50).tolist())))
    assert _found(trace, at) == _nested(setting, at, trace[0].inputs[0].shape)


@given(_settings(transposed=True), st.data())
@settings(max_examples=60)
def test_transposed_terms_are_what_the_inputs_lay_down(
    setting: Setting, data: st.DataObject
) -> None:
    """The replica goes the other way: every input puts its kernel onto the output."""
    s, trace = setting, _laid_out(setting, samples=1)
    index = tuple(data.draw(st.sampled_from(places_of(trace[0].shape, 50).tolist())))
    *lead, c = index[: -s.rank]
    group, own = divmod(c, s.out)
    assert not isinstance(s.padding, str)
    wanted: Terms = {}
    for i in range(group * s.into, (group + 1) * s.into):
        for place in itertools.product(*map(range, s.size)):
            for at in itertools.product(*map(range, s.kernel)):
                lands = tuple(
                    p * stride + u * d - before
                    for p, stride, u, d, before in zip(
                        place, s.stride, at, s.dilation, s.padding, strict=True
                    )
                )
                if lands == index[-s.rank :]:
                    wanted[(*lead, i, *place), (i, own, *at)] = False
    assert _found(trace, index) == wanted


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_padding_modes_of_a_layer(mode: Any) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(3, 4, 3, padding=(1, 2), padding_mode=mode)
    trace = judged(layer, torch.randn(2, 3, 6, 7), kind="conv2d")
    assert [op.kind for op in trace] == ["conv2d"] if mode == "zeros" else ["pad", "conv2d"]


@pytest.mark.parametrize("kind", [torch.float64, torch.bfloat16, torch.complex64])
def test_other_types(kind: torch.dtype) -> None:
    torch.manual_seed(0)
    x, w, b = (torch.randn(*shape, dtype=kind) for shape in ((1, 4, 6, 6), (2, 4, 3, 3), (2,)))
    judged(F.conv2d, x, w, b, kind="conv2d")


def test_a_batch_of_images_and_one_image_name_their_dimensions_alike() -> None:
    layer = torch.nn.Conv2d(3, 4, 3)
    whole = judged(layer, torch.randn(1, 3, 6, 7), kind="conv2d")[0]
    single = judged(layer, torch.randn(3, 6, 7), kind="conv2d")[0]
    assert [name for name, _ in recipe_for(whole).axes] == ["n", "c", "y", "x"]
    assert [name for name, _ in recipe_for(single).axes] == ["c", "y", "x"]


def test_the_calls_below_the_functions_are_known_too() -> None:
    x, w, b = torch.randn(1, 4, 6, 6), torch.randn(4, 2, 3, 3), torch.randn(4)
    call = torch.ops.aten.convolution.default
    judged(
        lambda x, w, b: call(x, w, b, [2, 1], [1, 0], [1, 2], False, [0, 0], 2),
        x, w, b, kind="conv2d",
    )  # fmt: skip
    judged(
        lambda x, w, b: call(x, w, b, [2, 1], [1, 0], [1, 1], True, [1, 0], 2),
        x, w, b, kind="conv_transpose2d",
    )  # fmt: skip


def test_a_wrong_padding_is_found() -> None:
    """The judge is not blind: the recipe of one padding does not fit another's values."""
    x, w = torch.randn(1, 2, 6, 6), torch.randn(3, 2, 3, 3)
    trace = judged(lambda x, w: F.conv2d(x, w, padding=1), x, w, kind="conv2d")
    other = F.conv2d(x, w, padding=0)
    found = [explain(trace, 0, (0, 0, *at)).total for at in np.ndindex(4, 4)]
    same = [math.isclose(complex(a).real, b, abs_tol=1e-3) for a, b in
            zip(found, other[0, 0].flatten().tolist(), strict=True)]  # fmt: skip
    assert not any(same)
