"""Values laid over others, and memory that was read again after it was written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.judged import judged, traced

X = torch.randn(2, 3, 6, 8)
LAID: dict[str, tuple[str, Callable[[torch.Tensor], Any]]] = {
    "diagonal": ("diagonal", lambda x: x.diagonal(1, 2, 3)),
    "diagonal below": ("diagonal", lambda x: x.diagonal(-2, -1, 0)),
    "linalg diagonal": ("linalg_diagonal", lambda x: torch.linalg.diagonal(x, offset=2)),
    "diag of a matrix": ("diag", lambda x: x[0, 0].diag(-1)),
    "diag of a row": ("diag", lambda x: x[0, 0, 0].diag(2)),
    "diag_embed": ("diag_embed", lambda x: x.diag_embed(-1, 1, -2)),
    "diag_embed at the end": ("diag_embed", lambda x: x[0, 0].diag_embed()),
    "select_scatter": ("select_scatter", lambda x: torch.select_scatter(x, x[:, 0] + 1, 1, -1)),
    "slice_scatter": (
        "slice_scatter", lambda x: torch.slice_scatter(x, x[:, :2] + 1, 1, 1, 3)
    ),
    "slice_scatter, spread": (
        "slice_scatter", lambda x: torch.slice_scatter(x, x[:, :, :2] + 1, 2, 1, 6, 3)
    ),
    "slice_scatter of nothing": (
        "slice_scatter", lambda x: torch.slice_scatter(x, x[:, :0], 1, 2, 2)
    ),
    "as_strided": ("as_strided", lambda x: x.as_strided((2, 3, 2, 3, 5), (144, 48, 16, 8, 1))),
    "as_strided of windows": (
        "as_strided", lambda x: x.as_strided((2, 3, 4, 6, 3, 3), (144, 48, 8, 1, 8, 1))
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LAID)
def test_laid_values_are_exact(name: str) -> None:
    kind, asked = LAID[name]
    judged(asked, X, kind=kind, moves=True)


def test_windows_by_strides_stay_windows() -> None:
    trace = traced(LAID["as_strided of windows"][1], X)
    factor = explain(trace, "as_strided", (1, 2, 3, 4, 2, 1)).terms[0].factors[0]
    assert factor.index == (1, 2, 5, 5)


@pytest.mark.parametrize(
    "asked",
    [
        lambda x: x.as_strided((2, 3), (1, 2), 3),  # the offset is counted in the memory
        lambda x: x.as_strided((40,), (7,)),  # not along dimensions
        lambda x: x[:, 0].as_strided((2, 40), (144, 2)),  # beyond what the value holds
    ],
)
def test_other_strides_have_no_recipe(asked: Callable[[torch.Tensor], torch.Tensor]) -> None:
    assert why_not(next(op for op in traced(asked, X) if op.kind == "as_strided"))


def _written(view: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], Any]:
    def forward(x: torch.Tensor) -> torch.Tensor:
        y = x + 1
        view(y).mul_(10)
        return y * 2

    return forward


WRITES: dict[str, Callable[[torch.Tensor], torch.Tensor]] = {
    "first image": lambda y: y[0],
    "a channel": lambda y: y[:, 1],
    "channels": lambda y: y[:, :2],
    "every other row": lambda y: y[:, :, ::2],
    "a box": lambda y: y[:, 1:, 2:5, 3:7],
    "a box with steps": lambda y: y[1, :, 1::2, ::3],
    "all of it": lambda y: y.view(6, 48),
    "in another order": lambda y: y.permute(3, 1, 0, 2),
    "flat, from the middle": lambda y: y.view(-1)[100:200],
    "a diagonal": lambda y: y.diagonal(0, 2, 3),
}


@pytest.mark.parametrize("name", WRITES)
def test_memory_that_was_written_is_read_again(name: str) -> None:
    judged(_written(WRITES[name]), X, kind="reread", moves=True, samples=300)


def test_views_of_a_view_that_was_written() -> None:
    def forward(x: torch.Tensor) -> torch.Tensor:
        y = x + 1
        channel, rows, flat = y[:, 1], y[:, :, 2:4], y.view(-1)
        y[:, 0:2, 3].mul_(10)
        flat[17:200].add_(5)
        return torch.cat([channel.flatten(), rows.flatten(), y.flatten()])

    judged(forward, X, kind="reread", moves=True, samples=300)


@given(st.data())
def test_boxes_of_any_bounds_are_read_again(data: st.DataObject) -> None:
    shape = data.draw(st.tuples(*[st.integers(1, 5)] * 3))
    order = data.draw(st.permutations(range(3)))
    boxes = [
        tuple(
            slice(a, b, data.draw(st.integers(1, 3)))
            for a, b in (sorted(data.draw(st.tuples(*[st.integers(0, n)] * 2))) for n in shape)
        )
        for _ in range(2)
    ]

    def forward(x: torch.Tensor) -> torch.Tensor:
        y = (x + 1).permute(order).contiguous().permute(*[order.index(k) for k in range(3)])
        for k, box in enumerate(boxes):
            y[box].mul_(10 + k)
        return y * 2

    trace = traced(forward, torch.randn(shape))
    if any(op.kind == "reread" for op in trace):
        judged(forward, torch.randn(shape), kind="reread", moves=True)


def test_the_terms_say_which_value_was_newest() -> None:
    trace = traced(_written(WRITES["a channel"]), X)
    old, new = trace["reread"].inputs
    for channel, value, index in ((0, old, (1, 0, 2, 3)), (1, new, (1, 2, 3))):
        (factor,) = explain(trace, "reread", (1, channel, 2, 3)).terms[0].factors
        assert factor.value is value
        assert factor.index == index
