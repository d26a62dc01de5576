"""What a report keeps, and what its page makes of that."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Trace
from layerwalk.surfaces.report.plan import plan_report


class Net(nn.Module):
    """Convolution, norm, activation, sum, pooling, product; and a whole number for each pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 5)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(self.conv(x)).relu()
        y = torch.cat([y, y + 1], dim=1)[:, :8]
        y = y * (y > 0.5)
        scores: torch.Tensor = self.fc(y.mean(dim=(2, 3)))
        return scores


@pytest.fixture(scope="module")
def walked() -> Trace:
    torch.manual_seed(0)
    return lw.trace(Net().eval(), torch.rand(1, 3, 6, 6))


def test_convolutions_are_kept_and_what_is_quick_is_made(walked: Trace) -> None:
    plan = plan_report(walked)
    assert {value.op.kind for value in plan.kept if value.op} == {"conv2d", "gt"}
    kinds = {op.kind for op in walked} - {"conv2d", "gt"}
    assert {walked.ops[op].kind for op in _makers(walked, plan.recomputed)} == kinds


def test_every_result_is_kept_or_made(walked: Trace) -> None:
    plan = plan_report(walked)
    results = {value.id for op in walked for value in op.made}
    kept, made = {value.id for value in plan.kept}, {value.id for value in plan.recomputed}
    assert results <= kept | made
    assert not kept & made


def test_what_is_made_needs_nothing_that_was_left_out(walked: Trace) -> None:
    plan = plan_report(walked, "none")
    assert {value.name for value in plan.left_out} == {"conv.weight", "conv.bias"}
    there = {value.id for value in (*plan.kept, *plan.recomputed)}
    for index in _makers(walked, plan.recomputed):
        assert {value.id for value in walked.ops[index].inputs} <= there


def test_all_weights_or_the_smallest(walked: Trace) -> None:
    assert plan_report(walked, "all").left_out == ()
    large = lw.trace(nn.Sequential(nn.Linear(1000, 600), nn.Linear(600, 4)), torch.rand(1, 1000))
    assert [value.name for value in plan_report(large).left_out] == ["0.weight"]


def test_random_ops_and_complex_numbers_are_kept() -> None:
    class Odd(nn.Module):
        def forward(self, x: torch.Tensor) -> torch.Tensor:
            noisy = nn.functional.dropout(x, training=True)
            return torch.view_as_complex(noisy.reshape(-1, 2)).abs()

    plan = plan_report(lw.trace(Odd(), torch.rand(1, 8)))
    kept = {value.op.kind for value in plan.kept if value.op}
    assert {"dropout", "view_as_complex", "abs"} <= kept


def _makers(trace: Trace, values: tuple[lw.Value, ...]) -> set[int]:
    makers = {value.id: op.index for op in trace for value in op.made}
    return {makers[value.id] for value in values}


def test_what_an_edit_changed_afterwards_is_kept(walked: Trace) -> None:
    plan = plan_report(walked)
    op = next(op for op in walked if op.kind == "relu")
    assert op.outputs[0] in plan.recomputed
    edited = plan_report(walked.rerun(lw.edit().silence(op.name, 2)))
    assert op.outputs[0].id in {value.id for value in edited.kept}
