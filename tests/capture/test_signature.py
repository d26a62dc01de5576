"""What a schema says of an op."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from layerwalk.capture.signature import signature

aten = torch.ops.aten


def test_names_and_defaults_come_from_the_schema() -> None:
    sign = signature(aten.conv2d.default)
    x, w = torch.zeros(1, 1, 3, 3), torch.zeros(1, 1, 3, 3)
    bound = sign.bind((x, w), {"groups": 2})
    assert bound.pop("input") is x
    assert bound.pop("weight") is w
    assert bound == {
        "bias": None, "stride": [1, 1], "padding": [0, 0], "dilation": [1, 1], "groups": 2,
    }  # fmt: skip
    assert (sign.target, sign.kind) == ("aten.conv2d.default", "conv2d")


def test_an_op_is_learned_once() -> None:
    assert signature(aten.relu.default) is signature(aten.relu.default)


def test_written_arguments() -> None:
    x, out = torch.zeros(2), torch.zeros(2)
    pair = [torch.zeros(2), torch.zeros(2)]
    assert signature(aten.add.Tensor).writes((x, x), {}) == []
    assert signature(aten.add_.Tensor).writes((x, out), {})[0] is x
    assert signature(aten.add.out).writes((x, x), {"out": out})[0] is out
    found = signature(aten._foreach_add_.Scalar).writes((pair, 1), {})
    assert [id(tensor) for tensor in found] == [id(tensor) for tensor in pair]


def test_statistics_are_written_in_training_only() -> None:
    sign, mean, var = signature(aten.batch_norm.default), torch.zeros(2), torch.ones(2)
    x = torch.zeros(1, 2, 2, 2)

    def written(*, training: bool) -> list[Tensor]:
        return sign.writes((x, None, None, mean, var, training, 0.1, 1e-5, False), {})

    assert written(training=False) == []
    assert [id(tensor) for tensor in written(training=True)] == [id(mean), id(var)]


@pytest.mark.parametrize(
    ("func", "draws"),
    [
        (aten.dropout.default, {"input": None, "p": 0.5, "train": True}),
        (aten.bernoulli.default, {"self": None}),
    ],
)
def test_what_draws_random_numbers(func: object, draws: dict[str, object]) -> None:
    assert signature(func).draws(draws)


def test_what_draws_none() -> None:
    drop = signature(aten.dropout.default)
    assert not drop.draws({"input": None, "p": 0.5, "train": False})
    assert not drop.draws({"input": None, "p": 0, "train": True})
    assert not signature(aten.relu.default).draws({})


def test_what_may_be_its_argument_in_another_shape() -> None:
    assert signature(aten.select.int).is_view
    assert signature(aten.split.Tensor).is_view
    assert not signature(aten.relu.default).is_view
    assert not signature(aten.relu_.default).is_view


@pytest.mark.parametrize(
    "func",
    [aten.conv2d.default, aten.batch_norm.default, aten.relu.default, aten.cat.default,
     aten.hardtanh.default, aten.adaptive_avg_pool2d.default, aten.max_pool2d.default],
)  # fmt: skip
def test_the_quick_way_is_the_same_op(func: torch._ops.OpOverload) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(2, 3, 6, 6, generator=generator)
    weight, mean = torch.randn(4, 3, 3, 3, generator=generator), torch.randn(3)
    given = {
        "conv2d": (x, weight, None, [2, 1], [1, 0], [1, 1], 1),
        "batch_norm": (x, mean, mean, mean, mean.abs(), False, 0.1, 1e-5, False),
        "cat": ([x, x], 1),
        "hardtanh": (x, -0.5, 0.5),
        "adaptive_avg_pool2d": (x, [4, 2]),
        "max_pool2d": (x, [3, 2], [2, 2], [1, 0]),
    }.get(str(func).split(".")[1], (x,))
    sign = signature(func)
    assert sign.run is not func
    assert torch.equal(sign.run(*given), func(*given))


def test_in_place_ops_know_their_other_form() -> None:
    x = torch.tensor([-1.0, 2.0])
    other = signature(aten.relu_.default).functional
    assert other is not None
    assert other(x).tolist() == [0.0, 2.0]
    assert x.tolist() == [-1.0, 2.0]
    for func in (aten.copy_.default, aten.t_.default, aten.dropout_.default, aten.relu.default):
        assert signature(func).functional is None
