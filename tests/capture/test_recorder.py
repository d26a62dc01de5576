"""What the recorder promises, on networks as people write them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from capture.judge import bits, judged, tensor_of
from torch import Tensor, nn

from layerwalk.capture import record, replay


class Net(nn.Module):
    """A network from one function of ``(self, x, ...)`` and named parts."""

    def __init__(self, body: Callable[..., Any], **parts: nn.Module) -> None:
        super().__init__()
        self.body = body
        for name, part in parts.items():
            self.add_module(name, part)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        return self.body(self, *args, **kwargs)


def photo(*shape: int) -> Tensor:
    return torch.randn(*(shape or (1, 3, 12, 12)), generator=torch.Generator().manual_seed(1))


def kinds(trace: Any) -> list[str]:
    return [op.kind for op in trace]


def names(trace: Any) -> list[str]:
    return [op.name for op in trace]


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


def test_an_in_place_activation_leaves_the_value_before_it() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True))
    trace = judged(net, photo())
    before, after = trace["0"].array(), trace["1"].array()
    assert before.min() < 0
    assert after.min() == 0
    assert (after == before.clip(0)).all()
    assert trace["1"].writes == (0,)


def test_an_in_place_op_on_the_input_leaves_the_input() -> None:
    x = photo()
    kept = x.clone()
    trace = judged(nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(3, 2, 1)), x)
    assert torch.equal(x, kept)
    assert (trace.inputs[0].array() == kept.numpy()).all()


def test_writes_into_views_and_slices() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        y = self.conv(x)
        first = y[:, 0]
        first.mul_(2)
        y[:, ::2] = 7.0
        y[..., 0] += x[:, :1, 2:, 2]
        return y.sum(1) + first

    trace = judged(Net(body, conv=nn.Conv2d(3, 4, 3)), photo())
    # `first` is read after its memory was written through `y`, and `y` after writes by views.
    assert kinds(trace).count("reread") >= 2
    assert trace["conv"].array().max() < 7.0


def test_a_buffer_filled_row_by_row() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        rows = torch.zeros(4, x.shape[-1])
        for k in range(4):
            rows[k] = x[0, 0, k] * k
        return rows.cumsum(0)

    trace = judged(Net(body), photo())
    assert trace.outputs[0].shape == (4, 12)


def test_out_arguments_and_foreach() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        total = torch.zeros_like(x)
        torch.add(x, 1, out=total)
        pair = [x * 2, x * 3]
        torch._foreach_add_(pair, 1.0)
        torch._foreach_mul_(pair, pair[::-1])
        return total, pair

    trace = judged(Net(body), photo())
    added = next(op for op in trace if op.kind == "_foreach_add")
    assert len(added.outputs) == 2
    assert added.writes == (0, 1)
    assert trace.output_paths == ("0", "1.0", "1.1")


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
        y = self.conv(x)
        left, right = y.chunk(2, dim=1)
        z = torch.cat([left + right, right], dim=1)
        z += y
        return F.pixel_shuffle(z, 2).flatten(1).unflatten(1, (-1, 4)).transpose(1, 2)

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


@pytest.fixture
def slow_path() -> Iterator[None]:
    """The path that is recorded: the fused one of attention has other last bits."""
    torch.backends.mha.set_fastpath_enabled(False)
    yield
    torch.backends.mha.set_fastpath_enabled(True)


@pytest.mark.usefixtures("slow_path")
def test_attention_is_seen_whole() -> None:
    attention = nn.MultiheadAttention(8, 2, batch_first=True).eval()
    x = photo(2, 5, 8)
    trace = judged(Net(lambda self, x: self.a(x, x, x, need_weights=False)[0], a=attention), x)
    assert "scaled_dot_product_attention" in kinds(trace)
    assert judged(Net(lambda self, x: self.a(x, x, x), a=attention), x).output_paths == ("0", "1")


def test_the_fast_path_of_transformers_is_off_and_put_back() -> None:
    layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    x = photo(2, 5, 8)
    assert torch.backends.mha.get_fastpath_enabled()
    trace = record(layer, (x,))
    assert torch.backends.mha.get_fastpath_enabled()
    assert not any("transformer_encoder" in op.target for op in trace)


@pytest.mark.usefixtures("slow_path")
def test_a_linear_on_a_strided_input_is_exact() -> None:
    # torch takes another path within `linear` when its weight, seen as a view, asks for gradients.
    judged(nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval(), photo(2, 5, 8))


def test_scaled_dot_product_attention_with_a_mask() -> None:
    def body(_self: Any, q: Tensor, mask: Tensor) -> Tensor:
        return F.scaled_dot_product_attention(q, q, q, attn_mask=mask)

    trace = judged(Net(body), photo(1, 2, 5, 8), torch.ones(5, 5).tril().bool())
    assert [value.name for value in trace.inputs] == ["input", "input:2"]
    assert len(trace[0].inputs) == 4


def test_scripted_submodule() -> None:
    with pytest.warns(DeprecationWarning):
        scripted = torch.jit.script(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()))
    trace = judged(Net(lambda self, x: self.part(x) * 2, part=scripted), photo())
    assert kinds(trace) == ["conv2d", "relu", "mul"]


def test_traced_submodule() -> None:
    with pytest.warns(DeprecationWarning):
        traced = torch.jit.trace(nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()), photo())
    trace = judged(Net(lambda self, x: self.part(x) * 2, part=traced), photo())
    assert kinds(trace)[:1] == ["conv2d"]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_compiled_submodule_runs_eagerly_while_recording() -> None:
    part = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU()).eval()
    net = Net(lambda self, x: self.part(x) * 2, part=torch.compile(part, backend="eager"))
    x = photo()
    with torch.no_grad():
        plain = net(x)
    trace = record(net, (x,))
    assert names(trace) == ["part.0", "part.1", "mul"]
    assert bits(tensor_of(trace.outputs[0])) == bits(plain)
    assert not replay(trace).failures


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


def test_autocast_inside_and_outside() -> None:
    def body(self: Any, x: Tensor) -> Any:
        y = self.conv(x)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            # einsum is made of other ops, and it is those that autocast casts.
            z = torch.einsum("bcij,bcjk->bcik", self.line(y), y)
        with torch.autocast("cpu", enabled=False):
            return z.softmax(-1), torch.einsum("bcij,bcjk->bcik", y, y)

    net = Net(body, conv=nn.Conv2d(3, 4, 3), line=nn.Linear(10, 10))
    trace = judged(net, photo())
    assert trace["einsum"].outputs[0].dtype == "bfloat16"
    assert "autocast" in trace["einsum"].settings
    assert "autocast" not in trace["einsum:2"].settings
    with torch.autocast("cpu", dtype=torch.bfloat16):
        outside = judged(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Softmax(1)), photo())
    assert outside["0"].outputs[0].dtype == "bfloat16"


def test_channels_last() -> None:
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2))
    net = net.to(memory_format=torch.channels_last)
    trace = judged(net, photo().to(memory_format=torch.channels_last))
    assert trace["0"].outputs[0].data.strides == (800, 1, 80, 8)
    # Also the copy made before the in-place ReLU keeps the layout, or replay's bits might not hold.
    assert tensor_of(trace["0"].outputs[0]).is_contiguous(memory_format=torch.channels_last)


def test_train_mode_leaves_statistics_flags_and_randomness() -> None:
    net = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(True), nn.Dropout(0.5)
    ).train()
    trace = judged(net, photo(2, 3, 8, 8))
    norm = trace["1"]
    assert norm.kind == "batch_norm"
    assert norm.settings["training"] is True
    assert [value.shape for value in norm.outputs] == [(2, 4, 6, 6), (4,), (4,)]
    assert norm.writes == (None, 3, 4)
    # What the op wrote is in the trace, though the network has its old statistics back.
    assert (norm.outputs[1].array() != norm.inputs[3].array()).all()
    assert trace["3"].random
    assert [item.op for item in replay(trace).skipped] == ["3"]


def test_instance_norm_statistics() -> None:
    judged(nn.InstanceNorm2d(3, affine=True, track_running_stats=True).train(), photo())


def test_stochastic_depth_and_random_ops() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        keep = torch.empty(x.shape[0], 1, 1, 1).bernoulli_(0.8)
        return x + self.conv(x) * keep / 0.8 + torch.rand(1) * 0

    trace = judged(Net(body, conv=nn.Conv2d(3, 3, 1)).train(), photo(4, 3, 6, 6))
    assert {op.kind for op in trace if op.random} == {"empty", "bernoulli", "rand"}


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
        return torch.fft.irfft2(spectrum * spectrum.conj(), s=x.shape[-2:]) + spectrum.real.sum()

    trace = judged(Net(body), photo())
    assert trace["fft_rfft2"].outputs[0].dtype == "complex64"
    assert trace["fft_rfft2"].array().dtype.name == "complex64"


@pytest.mark.filterwarnings("ignore")
def test_dynamically_quantised_linear() -> None:
    plain = nn.Sequential(nn.Linear(8, 6), nn.ReLU(), nn.Linear(6, 3))
    net = torch.ao.quantization.quantize_dynamic(plain, {nn.Linear}, dtype=torch.qint8)
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


def test_an_op_that_changes_only_the_shape_in_place() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x[0, 0] * 2
        total = y.sum(0)
        y.t_()
        y.unsqueeze_(0)
        return y + total[:, None]

    trace = judged(Net(body), photo(1, 1, 3, 5))
    assert trace["mul"].array().shape == (3, 5)


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
    net.forward = lambda x: net.conv(x) + 1  # type: ignore[method-assign]
    assert names(judged(net, photo())) == ["conv", "add"]
