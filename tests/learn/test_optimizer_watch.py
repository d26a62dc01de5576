"""What an optimiser had before a step, and what it made; the arithmetic is tested in runs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from layerwalk.learn.optimizer_watch import OptimizerWatch
from layerwalk.runs.update_record import UpdateRecord
from layerwalk.runs.weight_update import explain_update


def _watched(
    net: nn.Module, optimizer: torch.optim.Optimizer, wanted: Callable[[], int | None]
) -> tuple[OptimizerWatch, list[tuple[UpdateRecord, dict[str, float]]]]:
    found: list[tuple[UpdateRecord, dict[str, float]]] = []
    named = dict(net.named_parameters())
    watch = OptimizerWatch(
        optimizer, named, None, wanted, lambda record, norms: found.append((record, dict(norms)))
    )
    return watch, found


def test_a_closure_works_the_gradient_out_within_the_step() -> None:
    net = nn.Linear(3, 2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    watch, found = _watched(net, optimizer, lambda: 5)

    def closure() -> float:
        optimizer.zero_grad()
        loss = net(torch.ones(1, 3)).pow(2).sum()
        loss.backward()
        return float(loss.item())

    optimizer.step(closure)
    watch.close()
    optimizer.step(closure)
    ((record, norms),) = found
    assert record.step == 5
    for name in ("weight", "bias"):
        told = explain_update(record, name, (1, 2)[: 2 if name == "weight" else 1])
        assert told.gradient != 0
        assert told.residue == pytest.approx(0, abs=1e-7)
    gradient = record.parameters["weight"].gradient
    assert norms["gradient/weight"] == pytest.approx(float(np.linalg.norm(gradient)))


def test_only_what_is_wanted_and_has_a_gradient_is_kept() -> None:
    net = nn.ModuleDict({"used": nn.Linear(2, 1), "idle": nn.Linear(2, 1)})
    frozen = nn.Parameter(torch.zeros(2), requires_grad=False)
    foreign = nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([*net.parameters(), frozen, foreign], lr=0.1)
    wanted = iter([None, 1, None])
    watch, found = _watched(net, optimizer, lambda: next(wanted))
    for _ in range(3):
        optimizer.zero_grad()
        (net["used"](torch.ones(1, 2)) * foreign).sum().backward()
        optimizer.step()
    watch.close()
    ((record, _),) = found
    assert set(record.parameters) == {"used.weight", "used.bias"}


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_narrow_floats_are_kept_too(dtype: torch.dtype) -> None:
    net = nn.Linear(3, 2).to(dtype)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.25)
    watch, found = _watched(net, optimizer, lambda: 0)
    total: Tensor = net(torch.ones(1, 3, dtype=dtype)).sum()
    total.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    watch.close()
    told = explain_update(found[0][0], "weight", (0, 0))
    assert told.after == net.weight[0, 0].item()
    assert told.residue == pytest.approx(0, abs=0.01)
