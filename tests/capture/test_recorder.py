"""What the recorder promises, on networks as people write them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from capture.judge import bits, judged, tensor_of
from capture.networks import Net, kinds, names, photo
from layerwalk.capture import record, replay
from layerwalk.errors import CaptureError


def test_modules_and_functions_have_one_kind() -> None:
    net = Net(
        lambda self, x: torch.relu_(F.relu(self.act(self.conv(x)).relu()) - 0.5),
        conv=nn.Conv2d(3, 4, 3),
        act=nn.ReLU(),
    ).eval()
    trace = judged(net, photo())
    assert kinds(trace) == ["conv2d", "relu", "relu", "relu", "sub", "relu"]
    assert names(trace) == ["conv", "act", "relu", "relu:2", "sub", "relu:3"]
    assert trace["conv"].module_type == "Conv2d"
    assert [value.name for value in trace["conv"].inputs] == ["input", "conv.weight", "conv.bias"]
    assert [value.role for value in trace["conv"].inputs] == ["input", "parameter", "parameter"]


def test_edges_lead_back_to_the_input() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True)).eval()
    trace = judged(net, photo())
    reached, op = [], trace.outputs[0].op
    while op is not None:
        reached.append(op.name)
        op = op.inputs[0].op
    assert reached == ["2", "1", "0"]
    assert trace[0].inputs[0] == trace.inputs[0]


def test_a_shared_module_is_numbered() -> None:
    net = Net(
        lambda self, x: self.act(self.conv(self.act(self.conv(x)))),
        conv=nn.Conv2d(3, 3, 1),
        act=nn.ReLU(),
    )
    trace = judged(net, photo())
    assert names(trace) == ["conv", "act", "conv:2", "act:2"]
    assert [op.module_call for op in trace] == [1, 1, 2, 2]
    weights = {op.inputs[1].id for op in (trace["conv"], trace["conv:2"])}
    assert len(weights) == 1


def test_residuals_chunks_and_concatenation() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        left, right = y.chunk(2, dim=1)
        z = torch.cat([left + right, right], dim=1)
        z += y
        z = F.pixel_shuffle(z, 2).flatten(1)
        parted: Tensor = z.unflatten(1, (-1, 4))  # type: ignore[no-untyped-call]
        return parted.transpose(1, 2)

    trace = judged(Net(body, conv=nn.Conv2d(3, 4, 1)), photo())
    assert len(trace["chunk"].outputs) == 2
    assert [value.name for value in trace["cat"].inputs] == ["add", "chunk[1]"]
    assert [value.name for value in trace["add:2"].inputs] == ["cat", "conv"]


def test_dropout_in_eval_mode_is_a_step_of_its_own() -> None:
    net = Net(lambda self, x: x + self.drop(x), drop=nn.Dropout(0.3)).eval()
    trace = judged(net, photo())
    assert kinds(trace) == ["dropout", "add"]
    assert [value.name for value in trace["add"].inputs] == ["input", "drop"]
    assert not trace["drop"].random


@dataclasses.dataclass
class Answer:
    logits: Tensor
    hidden: tuple[Tensor, ...]
    note: str = "plain"


def test_nested_dict_and_dataclass_outputs() -> None:
    def body(self: Any, x: Tensor) -> Any:
        y = self.conv(x)
        return {"answer": Answer(y.mean((2, 3)), (y, y.relu())), "all": [x, None, {"deep": y * 2}]}

    trace = judged(Net(body, conv=nn.Conv2d(3, 4, 3)), photo())
    assert trace.output_paths == (
        "answer.logits",
        "answer.hidden.0",
        "answer.hidden.1",
        "all.0",
        "all.2.deep",
    )
    assert trace.outputs[3].role == "input"
    assert trace.outputs[1].op is trace["conv"]


def test_control_flow_that_depends_on_data() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        steps = 0
        while x.abs().max() > 0.5 and steps < 10:
            x = x * 0.5
            steps += 1
        if bool(x.sum() > 0):
            return x + int(x.argmax())
        return x - 1

    trace = judged(Net(body), photo())
    asked = [op for op in trace if not op.outputs]
    assert asked
    assert all("result" in op.settings for op in asked)


def test_scaled_dot_product_attention_with_a_mask() -> None:
    def body(_self: Any, q: Tensor, mask: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(q, q, q, attn_mask=mask)

    trace = judged(Net(body), photo(1, 2, 5, 8), torch.ones(5, 5).tril().bool())
    assert [value.name for value in trace.inputs] == ["input", "input:2"]
    assert len(trace[0].inputs) == 4


# Newer versions of torch say so; networks that use them are about all the same.
_OLD = pytest.mark.filterwarnings(r"ignore:.*torch\.jit:DeprecationWarning")


def _small() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())


@_OLD
def test_scripted_submodule() -> None:
    scripted = torch.jit.script(_small())
    trace = judged(Net(lambda self, x: self.part(x) * 2, part=scripted), photo())
    assert kinds(trace) == ["conv2d", "relu", "mul"]


@_OLD
def test_traced_submodule() -> None:
    traced = torch.jit.trace(_small(), photo())  # type: ignore[no-untyped-call]
    trace = judged(Net(lambda self, x: self.part(x) * 2, part=traced), photo())
    assert kinds(trace)[:1] == ["conv2d"]


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_float_types(dtype: torch.dtype) -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU()).eval().to(dtype)
    trace = judged(net, photo().to(dtype))
    assert trace["0"].outputs[0].dtype == str(dtype).removeprefix("torch.")
    wide = trace["0"].array()
    assert wide.dtype.name == {"bfloat16": "float32"}.get(
        trace["0"].outputs[0].dtype, wide.dtype.name
    )
    assert torch.equal(torch.tensor(wide).to(dtype), tensor_of(trace["0"].outputs[0]))


def test_channels_last() -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2))
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    trace = judged(net, photo().to(memory_format=torch.channels_last))
    assert trace["0"].outputs[0].data.strides == (800, 1, 80, 8)
    # Also the copy made before the in-place ReLU keeps the layout, or replay's bits might not hold.
    assert tensor_of(trace["0"].outputs[0]).is_contiguous(memory_format=torch.channels_last)


def test_several_inputs_and_keywords() -> None:
    def body(self: Any, left: Tensor, right: Tensor, *, scale: Tensor) -> Tensor:
        return torch.as_tensor(self.conv(left) * scale - self.conv(right))

    trace = judged(
        Net(body, conv=nn.Conv2d(3, 2, 1)), photo(), photo() * 2, scale=torch.tensor(3.0)
    )
    assert [value.name for value in trace.inputs] == ["input", "input:2", "input.scale"]


@pytest.mark.parametrize(
    ("layer", "shape", "kind"),
    [
        (nn.Conv1d(3, 4, 3, padding="same", dilation=2), (1, 3, 20), "conv1d"),
        (nn.Conv3d(2, 4, (1, 2, 3), stride=(1, 2, 1)), (1, 2, 5, 6, 7), "conv3d"),
        (nn.ConvTranspose1d(3, 4, 3, stride=2), (1, 3, 9), "conv_transpose1d"),
        (nn.ConvTranspose2d(3, 4, 3, stride=2, output_padding=1), (1, 3, 6, 6), "conv_transpose2d"),
        (nn.ConvTranspose3d(3, 4, 2), (1, 3, 4, 4, 4), "conv_transpose3d"),
        (nn.Conv2d(4, 8, 3, groups=4, padding=1), (1, 4, 6, 6), "conv2d"),
        (nn.MaxPool3d(2), (1, 2, 4, 4, 4), "max_pool3d"),
    ],
)
def test_dimensions_of_convolution(layer: nn.Module, shape: tuple[int, ...], kind: str) -> None:
    trace = judged(Net(lambda self, x: self.layer(x), layer=layer), photo(*shape))
    assert kinds(trace) == [kind]
    assert names(trace) == ["layer"]


def test_a_padding_convolution_keeps_its_name() -> None:
    net = Net(
        lambda self, x: self.conv(x), conv=nn.Conv2d(3, 4, 3, padding=1, padding_mode="reflect")
    )
    trace = judged(net, photo())
    assert [(op.name, op.kind) for op in trace] == [("conv.pad", "pad"), ("conv", "conv2d")]


def test_complex_numbers() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        spectrum = torch.fft.rfft2(x)
        back: Tensor = torch.fft.irfft2(spectrum * spectrum.conj(), s=x.shape[-2:])
        shifted: Tensor = back + spectrum.real.sum()
        return shifted

    trace = judged(Net(body), photo())
    assert trace["fft_rfft2"].outputs[0].dtype == "complex64"
    assert trace["fft_rfft2"].array().dtype.name == "complex64"


@pytest.mark.filterwarnings("ignore")
def test_dynamically_quantised_linear() -> None:
    plain = nn.Sequential(nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3))
    net = torch.ao.quantization.quantize_dynamic(  # type: ignore[no-untyped-call]
        plain, {nn.Linear}, dtype=torch.qint8
    )
    x = photo(4, 8)
    with torch.no_grad():
        wanted = net(x)
    trace = record(net, (x,))
    assert bits(tensor_of(trace.outputs[0])) == bits(wanted)
    report = replay(trace)
    assert (report.checked, report.failures) == (3, ())
    assert kinds(trace) == ["quantized.linear_dynamic", "relu", "quantized.linear_dynamic"]


def test_vmap_is_seen_through() -> None:
    net = Net(lambda _self, x: torch.vmap(lambda row: row.sin().sum())(x) * 2)
    x = photo(3, 4)
    trace = record(net, (x,))
    assert torch.equal(tensor_of(trace.outputs[0]), net(x))
    assert kinds(trace) == ["sin", "sum", "mul"]
    assert not replay(trace).failures


def test_a_result_made_out_of_sight_is_opaque() -> None:
    class Outside(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.from_numpy(x.numpy() * 2)

    net = Net(lambda self, x: self.outside(x) + 1, outside=Outside())
    x = photo()
    trace = record(net, (x,))
    assert kinds(trace) == ["opaque", "add"]
    assert [value.name for value in trace["outside"].inputs] == ["input"]
    assert trace["add"].inputs[0].op is trace["outside"]
    assert torch.equal(tensor_of(trace.outputs[0]), x * 2 + 1)
    assert [item.op for item in replay(trace).skipped] == ["outside"]


def test_a_module_that_returns_a_constant_is_not_opaque() -> None:
    class Positions(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.table = nn.Parameter(torch.ones(1, 3, 1, 1))
            self.fixed = torch.full((1,), 2.0)

        def forward(self, _x: Tensor) -> Any:
            return self.table, self.fixed

    net = Net(lambda self, x: x * self.at(x)[0] * self.at(x)[1], at=Positions())
    trace = judged(net, photo())
    assert kinds(trace) == ["mul", "mul"]
    assert [value.role for value in trace["mul"].inputs] == ["input", "parameter"]
    assert trace["mul:2"].inputs[1].role == "constant"


def test_a_lazy_network_keeps_what_it_made() -> None:
    net = nn.Sequential(nn.LazyConv2d(4, 3), nn.ReLU())
    trace = record(net, (photo(),))
    assert isinstance(net[0], nn.Conv2d)
    assert bits(tensor_of(trace["0"].inputs[1])) == bits(net[0].weight)


def test_recursion_and_a_replaced_forward() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = nn.Conv2d(3, 3, 1)

        def forward(self, x: Tensor, depth: int = 2) -> Tensor:
            y: Tensor = self.conv(x)
            return self(y, depth - 1) if depth else y

    net = Twice()
    assert names(judged(net, photo())) == ["conv", "conv:2", "conv:3"]
    net.forward = lambda x: net.conv(x) + 1  # type: ignore[method-assign, assignment, misc]
    assert names(judged(net, photo())) == ["conv", "add"]


def test_modules_within_vmap_are_seen_through() -> None:
    linear = nn.Linear(4, 3)
    net = Net(lambda self, x: torch.vmap(self.linear)(x), linear=linear)
    trace = record(net, (photo(5, 4),))
    with torch.no_grad():
        assert torch.equal(tensor_of(trace.outputs[0]), linear(photo(5, 4)))
    assert not replay(trace).failures


def test_tensors_without_a_memory_get_one_sentence() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        return torch.nested.nested_tensor([x[0], x[1, :2]]).sin()

    with (
        pytest.warns(UserWarning, match="nested tensors"),
        pytest.raises(CaptureError, match="of a sort that cannot be recorded"),
    ):
        record(Net(body), (photo(2, 3),))
