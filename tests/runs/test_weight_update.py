"""The arithmetic of an update against what torch's optimisers make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from layerwalk.errors import NotFoundError
from layerwalk.learn.optimizer_watch import OptimizerWatch
from layerwalk.runs.rules import RULES
from layerwalk.runs.update_record import UpdateRecord
from layerwalk.runs.weight_update import explain_update

_Made = Callable[[Any], torch.optim.Optimizer]

_OPTIMIZERS: dict[str, _Made] = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1),
    "sgd, momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "sgd, all": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.8, dampening=0.3, weight_decay=0.02, maximize=True
    ),
    "sgd, nesterov": lambda p: torch.optim.SGD(
        p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.1
    ),
    "adam": lambda p: torch.optim.Adam(p, lr=0.01),
    "adam, all": lambda p: torch.optim.Adam(
        p, lr=0.01, betas=(0.8, 0.95), eps=1e-5, weight_decay=0.1, amsgrad=True, maximize=True
    ),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.3),
    "adamw, amsgrad": lambda p: torch.optim.AdamW(p, lr=0.01, amsgrad=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01),
    "rmsprop, all": lambda p: torch.optim.RMSprop(
        p, lr=0.01, alpha=0.9, eps=1e-4, weight_decay=0.1, momentum=0.9, centered=True
    ),
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1),
    "adagrad, all": lambda p: torch.optim.Adagrad(
        p, lr=0.1, lr_decay=0.2, weight_decay=0.1, initial_accumulator_value=0.5
    ),
}


def _records(make: _Made, updates: int, most: int | None = None) -> list[UpdateRecord]:
    torch.manual_seed(3)
    net = nn.Linear(4, 6).double()
    optimizer = make(net.parameters())
    found: list[UpdateRecord] = []
    watch = OptimizerWatch(
        optimizer,
        dict(net.named_parameters()),
        most,
        lambda: len(found),
        lambda record, _: found.append(record),
    )
    for _ in range(updates):
        optimizer.zero_grad()
        net(torch.randn(5, 4, dtype=torch.float64)).pow(2).sum().backward()
        optimizer.step()
    watch.close()
    return found


@pytest.mark.parametrize("name", _OPTIMIZERS)
def test_the_terms_give_what_the_optimizer_made(name: str) -> None:
    records = _records(_OPTIMIZERS[name], updates=4)
    for step, record in enumerate(records):
        assert record.step == step
        for row in range(6):
            for parameter, index in (("weight", (row, 2)), ("bias", (row,))):
                told = explain_update(record, parameter, index)
                assert told.computed is not None
                assert told.residue == pytest.approx(0.0, abs=1e-14)
                assert told.computed == told.terms[-1].value
                assert told.change != 0


def test_every_rule_was_tried() -> None:
    tried = {_records(make, updates=1)[0].optimizer for make in _OPTIMIZERS.values()}
    assert tried == set(RULES)


def test_another_rule_is_not_guessed() -> None:
    class Own(torch.optim.SGD):
        pass

    record = _records(lambda p: Own(p, lr=0.1), updates=1)[0]
    told = explain_update(record, "weight", (0, 0))
    assert told.optimizer.endswith("Own")
    assert told.terms == ()
    assert told.computed is None
    assert told.residue is None
    assert "is not known here" in str(told)
    record = _records(lambda p: torch.optim.NAdam(p, lr=0.1), updates=1)[0]
    assert explain_update(record, "weight", (0, 0)).computed is None


def test_it_reads_as_arithmetic() -> None:
    record = _records(_OPTIMIZERS["sgd, momentum"], updates=2)[1]
    told = explain_update(record, "weight", (-1, 0))
    assert told.index == (5, 0)
    lines = str(told).splitlines()
    assert lines[0] == "weight[5, 0], update 2 (SGD)"
    assert [line.split(" = ")[0] for line in lines[3:-1]] == [
        "momentum b",
        "-rate x step",
        "new weight",
    ]
    assert "residue" in lines[-1]


def test_what_is_not_there_is_said() -> None:
    record = _records(_OPTIMIZERS["sgd"], updates=1, most=8)[0]
    assert record.parameters["weight"].rows == (0, 5)
    assert explain_update(record, "weight", (5, 3)).change != 0
    with pytest.raises(NotFoundError, match=r"row 3 was not kept; .* 2 rows are: 0, 5"):
        explain_update(record, "weight", (3, 0))
    with pytest.raises(NotFoundError, match=r"no weight at \[6, 0\]; its shape is \[6, 4\]"):
        explain_update(record, "weight", (6, 0))
    with pytest.raises(NotFoundError, match="no update of 'wieght' was recorded; there are weight"):
        explain_update(record, "wieght", (0, 0))


def test_a_record_is_read_as_it_was_written(tmp_path: Any) -> None:
    record = _records(_OPTIMIZERS["adam, all"], updates=3, most=8)[2]
    record.write(tmp_path / "update.safetensors")
    again = UpdateRecord.read(tmp_path / "update.safetensors")
    for index in ((0, 1), (5, 3)):
        assert explain_update(again, "weight", index) == explain_update(record, "weight", index)
