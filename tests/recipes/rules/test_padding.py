"""Padding of every mode: exact, and the positions against numpy's own padding."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.recipes.explain import explain
from recipes.judged import judged, places_of

MODES = ("constant", "reflect", "replicate", "circular")
NUMPY: Any = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@st.composite
def _settings(draw: st.DrawFn) -> tuple[str, tuple[int, ...], list[int]]:
    """A mode, a shape and a padding that the mode allows, some of it negative."""
    mode, rank = draw(st.sampled_from(MODES)), draw(st.integers(1, 3))
    size = draw(st.tuples(*[st.integers(1, 6)] * rank))
    pads: list[int] = []
    for n in reversed(size):
        most = {"reflect": n - 1, "circular": n, "replicate": 4, "constant": 4}[mode]
        before = draw(st.integers(-((n - 1) // 2), most))
        left = n + min(before, 0)
        behind = draw(st.integers(-((left - 1) // 2), min(most, left if mode == "circular" else 9)))
        if mode == "circular" and before > left + min(behind, 0):
            before = 0
        pads += [before, behind]
    return mode, (2, 3, *size), pads


@given(_settings(), st.sampled_from([None, 0.0, 2.3, float("-inf")]))
@settings(max_examples=150)
def test_padding(setting: tuple[str, tuple[int, ...], list[int]], value: float | None) -> None:
    mode, shape, pads = setting
    given_value = value if mode == "constant" else None
    trace = judged(
        lambda x: F.pad(x, pads, mode, given_value),
        torch.randn(shape), kind="pad", moves=True, samples=100,
    )  # fmt: skip
    # The replica: numpy pads the positions themselves.
    positions = np.arange(np.prod(shape)).reshape(shape)
    both = [*[(0, 0)] * (len(shape) - len(pads) // 2),
            *zip(pads[-2::-2], pads[::-2], strict=True)]  # fmt: skip
    cut = tuple(
        slice(max(-before, 0), n - max(-behind, 0))
        for n, (before, behind) in zip(shape, both, strict=True)
    )
    more = [(max(before, 0), max(behind, 0)) for before, behind in both]
    fill: Any = {"constant_values": -1} if mode == "constant" else {}
    if mode == "reflect":  # mirrored in what was there before anything was taken away
        padded = np.pad(positions, more, "reflect")
        padded = padded[
            tuple(slice(c.start, c.stop + a + b) for c, (a, b) in zip(cut, more, strict=True))
        ]
    else:
        padded = np.pad(positions[cut], more, NUMPY[mode], **fill)
    assert padded.shape == trace[0].shape
    for place in places_of(padded.shape, 5).tolist():
        (factor,) = explain(trace, 0, place).terms[0].factors
        if factor.padding:
            assert padded[tuple(place)] == -1
            assert factor.number == np.float32(value or 0)
        else:
            assert padded[tuple(place)] == positions[factor.index]


@pytest.mark.parametrize(
    ("kind", "call"),
    [
        ("constant_pad_nd", lambda x: torch.constant_pad_nd(x, (1, 2, 0, 3), 1.5)),
        ("reflection_pad2d", lambda x: torch.ops.aten.reflection_pad2d(x, (1, 2, 3, 0))),
        ("replication_pad2d", lambda x: torch.ops.aten.replication_pad2d(x, (1, 2, 3, 0))),
        ("_pad_circular", lambda x: torch.ops.aten._pad_circular(x, (1, 2, 3, 0))),
        ("_pad_enum", lambda x: torch.ops.aten._pad_enum(x, (1, 2, 3, 0), 0)),
    ],
)
def test_the_calls_below_the_function_are_known_too(kind: str, call: Any) -> None:
    judged(call, torch.randn(2, 3, 5, 6), kind=kind, moves=True)


def test_numbers_that_the_type_rounds() -> None:
    for kind in (torch.bfloat16, torch.float16, torch.float64, torch.int32):
        x = torch.ones(2, 3).to(kind)
        judged(lambda x: F.pad(x, (1, 1), value=3.0 if x.dtype == torch.int32 else 2.3), x,
               kind="pad", moves=True)  # fmt: skip


def test_padding_of_an_empty_dimension() -> None:
    judged(lambda x: F.pad(x, (1, 1), value=7.0), torch.empty(2, 0), kind="pad", moves=True)
