"""The recorded ops as a network: the same bits, and any number of pictures."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import ReplayedNetwork
from layerwalk.capture import record
from layerwalk.capture.again import recorded_tensor
from layerwalk.capture.bits import same_bits
from layerwalk.errors import CaptureError, NotFoundError
from layerwalk.record import Trace


def given(trace: Trace) -> Tensor:
    return recorded_tensor(trace.inputs[0]).detach().clone()


def check_same_bits(trace: Trace) -> None:
    network = ReplayedNetwork(trace)
    made = network(given(trace).requires_grad_())
    assert made.requires_grad
    assert same_bits(made.detach(), recorded_tensor(trace.outputs[0]))


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("edges", "sample:cat"),
        ("tiny_vgg", "sample:cat"),
        ("lenet5", "sample:digits/3"),
        ("efficientnet_lite0", "sample:cat"),
    ],
)
def test_the_recorded_bits(name: str, image: str) -> None:
    check_same_bits(lw.trace(lw.load_model(name), image))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["resnet18", "densenet121", "googlenet", "shufflenet_v2_x0_5"])
def test_the_recorded_bits_of_well_known_networks(name: str) -> None:
    pytest.importorskip("torchvision")
    trace = lw.trace(lw.load_model(name, weights=None), "sample:cat")
    check_same_bits(trace)
    network, x = ReplayedNetwork(trace), given(trace)
    with torch.no_grad():
        both = network(torch.cat([x, x.flip(3)]))
        apart = [network(x), network(x.flip(3))]
    torch.testing.assert_close(both, torch.cat(apart), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("now", [1, 2, 6])
def test_another_number_of_pictures(count: int, now: int) -> None:
    model = untidy()
    network = ReplayedNetwork(record(model, (picture(count),)))
    other = picture(7)[-now:]
    with torch.no_grad():
        torch.testing.assert_close(network(other), model(other))


def test_views_expansions_and_tokens_grow_with_the_batch() -> None:
    class Shuffled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.token = nn.Parameter(torch.randn(1, 1, 16))

        def forward(self, x: Tensor) -> Tensor:
            n, c, h, w = x.shape
            x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
            rows = x.reshape(n * c, h, w).mean(2).reshape(n, c, h)
            rows = torch.cat([rows, rows], 2)
            rows = torch.cat([self.token.expand(n, -1, -1), rows], 1)
            return rows.unsqueeze(2).expand(n, c + 1, 3, 16).flatten(1) + torch.zeros(n, 1)

    torch.manual_seed(1)
    model, x = Shuffled(), torch.randn(4, 4, 8, 8)
    network = ReplayedNetwork(record(model, (x[:1],)))
    with torch.no_grad():
        assert torch.equal(network(x), model(x))


def test_a_sum_over_the_batch_is_refused() -> None:
    class Summed(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x + x.sum(0)

    network = ReplayedNetwork(record(Summed(), (picture(2),)))
    with pytest.raises(CaptureError, match=r"sum: its output does not grow.*one picture at a time"):
        network(picture(4))


def test_a_window_that_mixes_the_pictures_is_refused() -> None:
    class Mixed(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.transpose(0, 1).reshape(6, -1)

    network = ReplayedNetwork(record(Mixed(), (picture(2),)))
    with pytest.raises(CaptureError, match=r"reshape: .*mixes the pictures"):
        network(picture(4))


def test_ops_are_the_modules_that_torch_has_for_them() -> None:
    class Functions(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            x = F.elu_(F.leaky_relu(torch.relu_(x * 1), 0.2))
            x = F.softplus(torch.tanh(torch.sigmoid(x)), beta=2, threshold=9)
            x = F.max_pool2d(x, 3, stride=2, padding=1, ceil_mode=True)
            x = F.hardtanh(x.clamp(min=0).clamp_min(0), 0, 1).clamp(0.5, 2)
            return F.softmax(F.selu(F.relu6(F.threshold(x, 0, 0))).flatten(1), 1)

    trace = record(Functions(), (picture(),))
    check_same_bits(trace)
    network = ReplayedNetwork(trace)
    kinds = [type(module) for module in network.ops]
    torchs = {nn.ReLU, nn.LeakyReLU, nn.ELU, nn.Sigmoid, nn.Tanh, nn.Softplus, nn.MaxPool2d}
    assert torchs | {nn.Softmax} <= set(kinds)
    rectifiers = [op.kind for (op, _), module in zip(network.steps, network.ops, strict=True)
                  if isinstance(module, nn.ReLU)]  # fmt: skip
    assert rectifiers == ["relu", "clamp", "clamp_min", "hardtanh", "threshold", "relu6"]
    assert not list(network.parameters())


def test_the_pictures_own_size_is_asked_for() -> None:
    network = ReplayedNetwork(record(untidy(), (picture(),)))
    with pytest.raises(CaptureError, match=r"it takes \(1, 3, 8, 8\) and was given \(1, 3, 9, 8\)"):
        network(torch.zeros(1, 3, 9, 8))


def test_only_what_lies_between_is_in_it() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    network = ReplayedNetwork(trace, trace["relu"].outputs[0])
    assert [op.name for op, _ in network.steps] == ["conv", "relu"]
    assert trace["relu"] in network
    assert trace["pool"] not in network
    with pytest.raises(CaptureError, match="pool: relu does not depend on it"):
        network.module_of(trace["pool"])


def test_what_every_way_leads_through() -> None:
    trace = record(untidy(), (picture(),))
    network = ReplayedNetwork(trace)
    through = {op.name for op, _ in network.steps if network.all_through(op)}
    assert {"first", "norm", "last"} <= through
    assert "second" not in through


def test_other_weights() -> None:
    model = untidy()
    trace = record(model, (picture(),))
    weight = model.last.weight
    value = next(value for value in trace.values if value.name == "last.weight")
    network = ReplayedNetwork(trace, weights={value.id: torch.zeros_like(weight)})
    assert torch.equal(network(picture())[0], model.last.bias)
    assert weight.any()


def test_an_op_that_cannot_be_run_again() -> None:
    class Drawn(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.dropout(x, training=True).flatten(1)

    trace = record(Drawn(), (picture(),))
    with pytest.raises(CaptureError, match=r"dropout: it drew random numbers.*evaluation mode"):
        ReplayedNetwork(trace)


def test_the_network_looks_at_a_number() -> None:
    class Looks(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x.flatten(1) * (2 if x.max() > 1 else 1)

    trace = record(Looks(), (picture(),))
    network = ReplayedNetwork(trace)
    assert torch.equal(network(picture()), recorded_tensor(trace.outputs[0]))
    with pytest.raises(CaptureError, match="looks at this number itself"):
        network(picture() / 100)


def test_nothing_depends_on_the_input() -> None:
    class Still(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.arange(6.0).reshape(2, 3) + 0

    class Whole(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x + 1

    class Silent(nn.Module):
        def forward(self, x: Tensor) -> None:
            x + 1

    with pytest.raises(CaptureError, match="it does not depend on the input"):
        ReplayedNetwork(record(Still(), (picture(),)))
    with pytest.raises(CaptureError, match="no input is of a floating type"):
        ReplayedNetwork(record(Whole(), (torch.ones(2, 3, dtype=torch.int64),)))
    with pytest.raises(NotFoundError, match="returned no tensor"):
        ReplayedNetwork(record(Silent(), (picture(),)))


def test_a_saved_walk_runs_too(tmp_path: Any) -> None:
    model = untidy()
    record(model, (picture(),)).save(tmp_path / "a.safetensors")
    network = ReplayedNetwork(lw.open(tmp_path / "a.safetensors"))
    with torch.no_grad():
        assert torch.equal(network(picture()), model(picture()))
