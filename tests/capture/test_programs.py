"""Programs that nobody would write: every way to share memory and to write into it, at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from capture.judge import judged

FIRST = torch.tensor([0])


def _write_column(t: Tensor, u: Tensor) -> None:
    t[..., 0] = u.sum()


def _write_where(t: Tensor, _u: Tensor) -> None:
    t[t > 0] = 0.5


STEPS: dict[str, Callable[[Tensor, Tensor], Any]] = {
    # views
    "t[0]": lambda t, _: t[0],
    "t[1:]": lambda t, _: t[1:],
    "t[..., ::2]": lambda t, _: t[..., ::2],
    "t.t()": lambda t, _: t.t(),
    "t.detach()": lambda t, _: t.detach(),
    "t.unsqueeze(0)": lambda t, _: t.unsqueeze(0),
    "t.reshape(-1)": lambda t, _: t.reshape(-1),
    "t.view(int32)": lambda t, _: t.view(torch.int32).view(torch.float32),
    "t.chunk(2)[1]": lambda t, _: t.chunk(2)[-1],
    "t.unbind()[0]": lambda t, _: t.unbind()[0],
    # new values
    "t + 1": lambda t, _: t + 1,
    "t.relu()": lambda t, _: t.relu(),
    "t.sum()": lambda t, _: t.sum(),
    "t.clone()": lambda t, _: t.clone(),
    "cat": lambda t, u: torch.cat([t.reshape(-1), u.reshape(-1)]),
    "t + u.sum()": lambda t, u: t + u.sum(),
    "t.flip(0)": lambda t, _: t.flip(0),
    # writes
    "t.add_(1)": lambda t, _: t.add_(1),
    "t.relu_()": lambda t, _: t.relu_(),
    "t.zero_()": lambda t, _: t.zero_(),
    "t[..., 0] =": _write_column,
    "t[t > 0] =": _write_where,
    "t.copy_(u[:1])": lambda t, u: t.copy_(u.reshape(-1)[:1].clone()),
    "add(out=t)": lambda t, _: torch.add(t.clone(), 1, out=t),
    "t += u": lambda t, u: t.__iadd__(u),
    "_foreach_add_([t])": lambda t, _: torch._foreach_add_([t], 1.0),
    "t.data.mul_(0.9)": lambda t, _: t.data.mul_(0.9),
    "t.index_fill_": lambda t, _: t.index_fill_(0, FIRST, 0.7),
    "t.lerp_(u)": lambda t, u: t.lerp_(u, 0.5),
}
NEW = list(STEPS)[: list(STEPS).index("t.add_(1)")]


class Program(nn.Module):
    """Runs steps on a growing list of tensors, its input, weight and buffer among them."""

    def __init__(self, steps: list[tuple[str, int, int]]) -> None:
        super().__init__()
        self.steps = steps
        self.weight = nn.Parameter(torch.linspace(-1, 1, 24).reshape(4, 6))
        self.total = nn.Buffer(torch.linspace(2, -2, 24).reshape(4, 6))

    def forward(self, x: Tensor) -> list[Tensor]:
        known = [x, self.total, self.weight, self.weight * 1]
        for name, one, other in self.steps:
            target, source = known[one % len(known)], known[other % len(known)]
            try:
                made = STEPS[name](target, source)
            except (RuntimeError, IndexError):
                continue  # shapes that do not fit: the network goes on, and so must the record
            if name in NEW:
                known.append(made)
        return known


PLACES = st.integers(0, 30)
PROGRAMS = st.lists(st.tuples(st.sampled_from(sorted(STEPS)), PLACES, PLACES), max_size=14)


@pytest.mark.slow
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(PROGRAMS)
def test_any_program_is_recorded_truly(steps: list[tuple[str, int, int]]) -> None:
    judged(Program(steps), torch.linspace(-3, 3, 24).reshape(4, 6))


# What such programs have found, one by one.
FOUND = {
    "a foreach on one tensor": [("_foreach_add_([t])", 3, 0)],
    "a view of the input, returned, after the input was written": [
        ("t[0]", 0, 0),
        ("t.add_(1)", 0, 0),
    ],
    "a view of a buffer, read after a write that failed and one that did not": [
        ("t.chunk(2)[1]", 1, 0),
        ("t += u", 1, 4),
        ("t.add_(1)", 4, 0),
        ("t.clone()", 1, 0),
    ],
    "a single number between others": [
        ("t[..., ::2]", 3, 0),
        ("t.copy_(u[:1])", 3, 4),
    ],
}


@pytest.mark.parametrize("name", FOUND)
def test_programs_that_once_were_recorded_wrongly(name: str) -> None:
    judged(Program(FOUND[name]), torch.linspace(-3, 3, 24).reshape(4, 6))
