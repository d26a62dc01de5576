"""A sample of the zoo of docs/coverage.md: whole networks, every promise at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from capture.judge import tensor_of
from capture.zoo_check import awaken, check, photo
from layerwalk.capture import record
from layerwalk.record import Value

TORCHVISION = [
    "resnet18",
    "mobilenet_v3_small",
    "densenet121",
    "shufflenet_v2_x0_5",
    "squeezenet1_1",
    "googlenet",
    "efficientnet_b0",
    "regnet_y_400mf",
    "swin_t",
    "convnext_tiny",
]
TIMM = ["vit_tiny_patch16_224", "levit_128s", "ghostnet_050", "hrnet_w18_small", "convit_tiny"]


def torchvision_net(name: str) -> nn.Module:
    torchvision = pytest.importorskip("torchvision")
    options = {"init_weights": False} if name == "googlenet" else {}
    net: nn.Module = torchvision.models.get_model(name, weights=None, **options)
    return net


def timm_net(name: str) -> nn.Module:
    net: nn.Module = pytest.importorskip("timm").create_model(name)
    return net


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
@pytest.mark.parametrize(
    ("make", "name"),
    [(torchvision_net, name) for name in TORCHVISION] + [(timm_net, name) for name in TIMM],
)
def test_a_whole_network(make: Callable[[str], nn.Module], name: str) -> None:
    torch.manual_seed(0)
    outcome = check(awaken(make(name)), photo((1, 3, 224, 224)))
    assert outcome.passed, outcome
    # Nothing hidden, and nothing left unchecked.
    assert outcome.opaque == 0
    assert outcome.replayed == outcome.ops
    assert outcome.ops > 30
    assert not any("constant" in note or "finite" in note for note in outcome.notes)


# -- the check itself can fail --------------------------------------------------------------


def small() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True), nn.Flatten(), nn.Linear(144, 2))


def test_a_small_network_passes() -> None:
    outcome = check(awaken(small()), photo((1, 3, 8, 8)))
    assert outcome.passed, outcome
    assert (outcome.ops, outcome.replayed, outcome.shape) == (4, 4, (1, 3, 8, 8))
    assert outcome.parameters == sum(p.numel() for p in small().parameters())


class Shifting(nn.Module):
    """Gives another output each time, and says so to nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def forward(self, x: Tensor) -> Tensor:
        self.calls += 1
        return x * self.calls


def test_another_output_is_noticed() -> None:
    outcome = check(Shifting(), photo((1, 3)))
    assert not outcome.output
    assert not outcome.passed
    assert outcome.replay
    assert any(note.startswith("output differs by") for note in outcome.notes)


class Unconnected(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.ones(2) + float(x.sum())


def test_an_output_without_a_way_back_is_noticed() -> None:
    outcome = check(Unconnected(), photo((1, 3)))
    assert outcome.output
    assert not outcome.reachable
    assert not outcome.passed
    assert "no way from the output back to the input" in outcome.notes


def tampered(what: Callable[[nn.Module, Any], object]) -> Callable[..., Any]:
    """A recorder that does one wrong thing after an honest recording."""

    def wrong(net: nn.Module, args: Any) -> Any:
        trace = record(net, args)
        what(net, trace)
        return trace

    return wrong


def _write_weight(net: nn.Module, _trace: Any) -> None:
    with torch.no_grad():
        next(net.parameters()).add_(1)


def _bend(value: Value) -> None:
    """Change a recorded value behind torch's back."""
    array = tensor_of(value).detach().numpy()
    array += 1


@pytest.mark.parametrize(
    ("what", "broken", "note"),
    [
        (_write_weight, "untouched", "changed: 0.weight"),
        (lambda net, _: net.train(), "untouched", "training flags were changed"),
        (
            lambda net, _: net[0].register_forward_hook(lambda *_: None),
            "untouched",
            "modules have other hooks",
        ),
        (lambda _net, _: torch.rand(1), "untouched", "the random state was changed"),
        (
            lambda net, _: setattr(net[3].bias, "requires_grad", False),
            "untouched",
            "changed: 3.bias",
        ),
        (lambda _net, trace: _bend(trace[0].made[0]), "replay", "replay: 0: "),
        (lambda _net, trace: _bend(trace[-1].made[0]), "output", "output differs by 1"),
    ],
)
def test_what_a_bad_recorder_does_is_noticed(
    monkeypatch: pytest.MonkeyPatch, what: Any, broken: str, note: str
) -> None:
    monkeypatch.setattr("capture.zoo_check.record", tampered(what))
    outcome = check(small().eval(), photo((1, 3, 8, 8)))
    assert not getattr(outcome, broken)
    assert not outcome.passed
    assert any(said.startswith(note) for said in outcome.notes), outcome.notes


def test_silent_branches_are_awakened() -> None:
    net = nn.BatchNorm2d(3)
    nn.init.zeros_(net.weight)
    awaken(net)
    assert len(set(net.weight.tolist())) == 3
    assert not net.training
    # What is uneven already stays as it is.
    assert torch.equal(next(awaken(small()).parameters()), next(small().parameters()))
