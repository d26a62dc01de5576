"""Every op has the name its author would give it, and no two have the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from capture.networks import Net, kinds, names, photo
from layerwalk.capture import record
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace


def walk(body: Callable[..., Any], *, x: Tensor | None = None, **parts: nn.Module) -> Trace:
    return record(Net(body, **parts).eval(), (photo() if x is None else x,))


def test_a_module_with_one_op_gives_it_its_path() -> None:
    inner = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    trace = walk(lambda self, x: self.stem(x), stem=inner)
    assert names(trace) == ["stem.0", "stem.1"]
    assert [op.module for op in trace] == names(trace)
    assert [op.module_type for op in trace] == ["Conv2d", "ReLU"]
    assert trace.modules == {"": "Net", "stem": "Sequential", "stem.0": "Conv2d", "stem.1": "ReLU"}


def test_several_ops_of_one_module_are_told_apart_by_kind() -> None:
    block = Net(lambda _self, x: x.relu() + x.relu() + 1)
    trace = walk(lambda self, x: self.block(x), block=block)
    assert names(trace) == ["block.relu", "block.relu:2", "block.add", "block.add:2"]
    assert {op.module for op in trace} == {"block"}


def test_ops_of_the_network_itself_have_no_path() -> None:
    trace = walk(lambda _self, x: x.mean((2, 3)).softmax(1))
    assert names(trace) == ["mean", "softmax"]
    assert {op.module for op in trace} == {""}
    assert {op.module_type for op in trace} == {"Net"}


def test_a_function_between_modules_belongs_to_who_called_it() -> None:
    block = Net(lambda self, x: F.relu(self.conv(x)) + x, conv=nn.Conv2d(3, 3, 1))
    net = nn.Sequential(block, block)
    assert names(record(net, (photo(),))) == [
        "0.conv",
        "0.relu",
        "0.add",
        "0.conv:2",
        "0.relu:2",
        "0.add:2",
    ]


def test_the_op_with_the_modules_own_weights_is_called_as_the_module() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.ones(3, 1, 1))

        def forward(self, x: Tensor) -> Tensor:
            return (x.abs() * self.weight).relu()

    assert names(walk(lambda self, x: self.scale(x), scale=Scaled())) == [
        "scale.abs",
        "scale",
        "scale.relu",
    ]


def test_two_ops_with_own_weights_are_told_apart() -> None:
    class Affine(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight, self.bias = (nn.Parameter(torch.ones(3, 1, 1)) for _ in range(2))

        def forward(self, x: Tensor) -> Tensor:
            return x * self.weight + self.bias

    assert names(walk(lambda self, x: self.a(x), a=Affine())) == ["a.mul", "a.add"]


def test_calls_of_a_shared_module_are_numbered() -> None:
    trace = walk(lambda self, x: self.act(self.act(x)) + self.act(x), act=nn.ReLU())
    assert names(trace) == ["act", "act:2", "act:3", "add"]
    assert [op.module_call for op in trace] == [1, 2, 3, 1]


def test_one_module_under_two_names_has_the_first() -> None:
    act = nn.ReLU()
    trace = walk(lambda self, x: self.two(self.one(x)), one=act, two=act)
    assert names(trace) == ["one", "one:2"]


def test_a_module_made_on_the_fly_is_named_by_its_class() -> None:
    block = Net(lambda _self, x: nn.Softmax(1)(nn.MaxPool2d(2)(x)))
    trace = walk(lambda self, x: nn.ReLU()(self.block(x)), block=block)
    assert names(trace) == ["block.MaxPool2d", "block.Softmax", "ReLU"]
    assert trace["ReLU"].module_type == "ReLU"
    assert [op.module_call for op in trace] == [1, 1, 1]


def test_modules_made_on_the_fly_again_and_again_are_numbered() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        for _ in range(3):
            x = nn.ReLU()(x)
        return x

    trace = walk(body)
    assert names(trace) == ["ReLU", "ReLU:2", "ReLU:3"]
    # Each is a new module in its first call, though torch may give it the last one's memory.
    assert [op.module_call for op in trace] == [1, 1, 1]


def test_values_are_called_as_what_made_them() -> None:
    trace = walk(lambda self, x: torch.cat(self.conv(x).chunk(2, 1)), conv=nn.Conv2d(3, 4, 1))
    assert [value.name for value in trace["chunk"].outputs] == ["chunk[0]", "chunk[1]"]
    assert [value.name for value in trace["cat"].inputs] == ["chunk[0]", "chunk[1]"]
    given = [value.name for value in trace.values if value.role != "result"]
    assert sorted(given) == ["conv.bias", "conv.weight", "input"]
    made = [value.name for value in trace.values if value.role == "result"]
    assert made == ["conv", "chunk[0]", "chunk[1]", "cat"]


def test_weights_buffers_and_constants_have_roles() -> None:
    class Parts(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gain = nn.Parameter(torch.ones(1))
            self.tied = self.gain
            self.several = nn.ParameterList([torch.ones(1), torch.ones(1)])
            self.offset = nn.Buffer(torch.zeros(1))
            self.plain = torch.full((1,), 3.0)

        def forward(self, x: Tensor) -> Tensor:
            y: Tensor = x * self.gain * self.tied * self.several[1]
            return y + self.offset * self.plain

    trace = walk(lambda self, x: self.parts(x), parts=Parts())
    found = {value.name: value.role for value in trace.values if value.role != "result"}
    assert found == {
        "input": "input",
        "parts.gain": "parameter",
        "parts.several.1": "parameter",
        "parts.offset": "buffer",
        "constant": "constant",
    }
    assert [value.name for op in trace for value in op.parameters] == [
        "parts.gain",
        "parts.gain",
        "parts.several.1",
    ]


def test_two_constants_are_numbered() -> None:
    one, two = torch.ones(1), torch.full((1,), 2.0)
    trace = walk(lambda _self, x: x * one + two * one)
    constants = [value.name for value in trace.values if value.role == "constant"]
    assert constants == ["constant", "constant:2"]


def test_names_are_never_given_twice() -> None:
    # Modules called as ops and values are called by themselves.
    def body(self: Any, x: Tensor) -> Tensor:
        y = self.relu(x).relu() + self.input(x)
        return torch.as_tensor(self.add(y) + 1)

    trace = walk(body, relu=nn.ReLU(), input=nn.Conv2d(3, 3, 1), add=nn.Tanh())
    given = [value.name for value in trace.values]
    assert len(set(given)) == len(given)
    assert len(set(names(trace))) == len(trace)
    assert {op.name.split(":")[0] for op in trace} == {"relu", "input", "add"}
    # By its path a module is still found.
    assert trace["input"].kind == "conv2d"


def test_an_op_is_found_by_name_path_and_index() -> None:
    block = Net(lambda self, x: self.conv(x).relu(), conv=nn.Conv2d(3, 3, 1))
    trace = walk(lambda self, x: self.block(x) + 1, block=block)
    assert trace["block.conv"] is trace[0] is trace[-3]
    assert trace["block"] is trace["block.relu"]
    with pytest.raises(
        NotFoundError, match=r"there is no op 'block\.con'; did you mean block.conv"
    ):
        trace["block.con"]
    with pytest.raises(NotFoundError, match="there is no op 3; it has 3 ops"):
        trace[3]


def test_a_weight_that_is_computed_keeps_the_module_findable() -> None:
    conv = torch.nn.utils.parametrizations.weight_norm(nn.Conv2d(3, 4, 3))
    trace = walk(lambda self, x: self.conv(x), conv=conv)
    assert trace["conv"].kind == "conv2d"
    assert kinds(trace)[-1] == "conv2d"
    assert all(op.module.startswith("conv") for op in trace)


def test_what_a_hook_of_the_user_computes_is_recorded() -> None:
    conv = nn.Conv2d(3, 4, 3)
    handle = conv.register_forward_hook(lambda _module, _args, result: result * 2)
    x = photo()
    trace = walk(lambda self, x: self.conv(x).relu(), conv=conv, x=x)
    handle.remove()
    assert kinds(trace) == ["conv2d", "mul", "relu"]
    assert [value.name for value in trace["relu"].inputs] == [trace[1].name]
    assert (trace[1].array() == trace[0].array() * 2).all()
