"""A call without its tensors."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from layerwalk.capture.binding import Binding, bind
from layerwalk.capture.frames import Frame
from layerwalk.capture.recorder import Call
from layerwalk.capture.signature import signature
from layerwalk.record import Ref

aten = torch.ops.aten


def bound(func: Any, *args: Any, **kwargs: Any) -> tuple[Binding, list[torch.Tensor]]:
    return bind(Call(signature(func), args, kwargs, Frame(nn.ReLU(), None, 1)))


def test_tensors_stand_apart_in_the_order_of_the_arguments() -> None:
    x, w, b = torch.zeros(1, 2, 4, 4), torch.zeros(3, 2, 3, 3), torch.zeros(3)
    binding, tensors = bound(aten.conv2d.default, x, w, b, [2, 2])
    assert [id(t) for t in tensors] == [id(x), id(w), id(b)]
    arguments = dict(binding.arguments)
    assert (arguments["input"], arguments["weight"], arguments["bias"]) == (Ref(0), Ref(1), Ref(2))
    assert binding.settings["stride"] == (2, 2)
    assert binding.settings["kernel_size"] == (3, 3)
    first, second = torch.zeros(1), torch.zeros(2)
    binding, tensors = bound(aten.cat.default, [first, second], 0)
    assert dict(binding.arguments)["tensors"] == (Ref(0), Ref(1))
    assert [id(t) for t in tensors] == [id(first), id(second)]


def test_the_same_call_is_worked_out_once() -> None:
    x, y = torch.zeros(2), torch.zeros(3)
    assert bound(aten.relu.default, x)[0] is bound(aten.relu.default, y)[0]
    assert bound(aten.relu.default, x)[0] is not bound(aten.sigmoid.default, x)[0]


def test_equal_numbers_of_other_kinds_are_told_apart() -> None:
    x = torch.zeros(2)
    spelled = [repr(bound(aten.add.Scalar, x, other)[0].settings["other"])
               for other in (1, 1.0, True, 0.0, -0.0)]  # fmt: skip
    assert spelled == ["1", "1.0", "True", "0.0", "-0.0"]
    assert math.isnan(float(str(bound(aten.add.Scalar, x, math.nan)[0].settings["other"])))


def test_a_kernel_of_another_size_is_another_setting() -> None:
    x = torch.zeros(1, 1, 5, 5)
    sizes = [bound(aten.conv2d.default, x, torch.zeros(1, 1, n, n))[0].settings["kernel_size"]
             for n in (1, 3)]  # fmt: skip
    assert sizes == [(1, 1), (3, 3)]


def test_keywords_are_arguments_too() -> None:
    x = torch.zeros(2)
    binding, _ = bound(aten.add.Tensor, x, x, alpha=3)
    assert binding.settings["alpha"] == 3
