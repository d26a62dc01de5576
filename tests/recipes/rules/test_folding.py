"""Windows as columns, columns laid back, channels in space: exact, and against loops."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.recipes.explain import explain
from recipes.judged import judged, places_of

Pair = tuple[int, int]


@st.composite
def _settings(draw: st.DrawFn) -> tuple[Pair, Pair, Pair, Pair, Pair, tuple[int, ...]]:
    """Size, kernel, dilation, padding, stride, and the dimensions before the map's."""

    def pair(low: int, high: int) -> Pair:
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    kernel, dilation, padding, stride = pair(1, 3), pair(1, 2), pair(0, 2), pair(1, 3)
    more = pair(0, 4)
    height, width = (
        max(d * (k - 1) + 1 - 2 * p, 1) + extra
        for d, k, p, extra in zip(dilation, kernel, padding, more, strict=True)
    )
    return (height, width), kernel, dilation, padding, stride, draw(st.sampled_from([(2,), (2, 3)]))


@given(_settings())
@settings(max_examples=80)
def test_columns_there_and_back(setting: Any) -> None:
    size, kernel, dilation, padding, stride, lead = setting
    trace = judged(
        lambda x: F.unfold(x, kernel, dilation, padding, stride),
        torch.randn(*lead, *size), kind="im2col", moves=True, samples=80,
    )  # fmt: skip
    columns = torch.randn(trace[0].shape)
    trace = judged(
        lambda x: F.fold(x, size, kernel, dilation, padding, stride),
        columns, kind="col2im", samples=80,
    )  # fmt: skip
    # The replica: every column's numbers are put where its window lies.
    across = (size[1] + 2 * padding[1] - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
    for place in places_of(trace[0].shape, 3).tolist():
        *before, c, y, x = place
        wanted = []
        for u, v in itertools.product(*map(range, kernel)):
            for column in range(columns.shape[-1]):
                ly, lx = divmod(column, across)
                lands = (
                    ly * stride[0] + u * dilation[0] - padding[0],
                    lx * stride[1] + v * dilation[1] - padding[1],
                )
                if lands == (y, x):
                    wanted.append((*before, (c * kernel[0] + u) * kernel[1] + v, column))
        assert [t.factors[0].index for t in explain(trace, 0, place).terms] == wanted


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("unfold", lambda x: x.unfold(2, 3, 2)),
        ("unfold", lambda x: x.unfold(-1, 6, 1).unfold(0, 1, 1)),
        ("pixel_shuffle", lambda x: F.pixel_shuffle(x, 3)),
        ("pixel_shuffle", lambda x: F.pixel_shuffle(x[0], 3)),
        ("pixel_unshuffle", lambda x: F.pixel_unshuffle(x, 2)),
        ("pixel_unshuffle", lambda x: F.pixel_unshuffle(x[None], 3)),
        ("channel_shuffle", lambda x: F.channel_shuffle(x, 3)),
        ("channel_shuffle", lambda x: F.channel_shuffle(x, 18)),
        ("native_channel_shuffle", lambda x: torch.native_channel_shuffle(x, 2)),
    ],
)
def test_foldings_are_exact(kind: str, asked: Callable[[torch.Tensor], torch.Tensor]) -> None:
    judged(asked, torch.randn(2, 18, 6, 6), kind=kind, moves=True)


def test_a_shuffle_by_hand() -> None:
    """Six channels in two groups: 0 3 1 4 2 5."""
    trace = judged(lambda x: F.channel_shuffle(x, 2), torch.randn(1, 6, 2, 2),
                   kind="channel_shuffle")  # fmt: skip
    found = [explain(trace, 0, (0, c, 1, 0)).terms[0].factors[0].index for c in range(6)]
    assert found == [(0, c, 1, 0) for c in (0, 3, 1, 4, 2, 5)]


def test_the_channels_of_a_pixel_shuffle() -> None:
    trace = judged(lambda x: F.pixel_shuffle(x, 2), torch.randn(1, 8, 3, 3), kind="pixel_shuffle")
    (factor,) = explain(trace, 0, (0, 1, 3, 4)).terms[0].factors
    assert factor.index == (0, 4 + 2 * 1 + 0, 1, 2)
