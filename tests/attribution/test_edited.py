"""What mattered to an edited network, against the same network edited by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import METHODS, ReplayedNetwork, contributions
from layerwalk.capture import record
from layerwalk.capture.again import recorded_tensor
from layerwalk.edits import Edits, edit
from layerwalk.record import Trace

CLASS = 3
# The maps of the network that its edits are tried on, by the names that the walk gives them.
PLACES = {
    "first": 4, "norm": 4, "relu": 4, "second": 4, "add": 4, "squash": 4, "sigmoid": 4,
    "mul:2": 4, "max_pool2d": 4, "sub": 4, "squash:2": 4, "view": 64,
}  # fmt: skip
Change = Callable[[Tensor], Tensor]


class ByHand(nn.Module):
    """The untidy network, written out so that each of its maps can be changed on the way."""

    def __init__(self, changes: Mapping[str, Change]) -> None:
        super().__init__()
        self.net, self.changes = untidy(), changes
        self.seen: dict[str, Tensor] = {}

    def see(self, name: str, maps: Tensor) -> Tensor:
        self.seen[name] = self.changes.get(name, torch.Tensor)(maps)
        return self.seen[name]

    def forward(self, x: Tensor) -> Tensor:
        net = self.net
        x = self.see("norm", net.norm(self.see("first", net.first(x))))
        x = self.see("relu", F.relu(x))
        y = self.see("add", self.see("second", net.second(x)) + x)
        y = torch.cat([y[:, :1] * 2, y[:, 1:]], 1)
        y = self.see("squash", F.relu6(y))
        y = self.see("mul:2", y * self.see("sigmoid", torch.sigmoid(y.mean((2, 3), keepdim=True))))
        y = self.see("max_pool2d", F.max_pool2d(y, 3, 2, 1))
        y = self.see("squash:2", F.relu6(self.see("sub", y - 0.1)))
        return net.last(self.see("view", y.flatten(1)))  # type: ignore[no-any-return]


def by_hand(changes: Mapping[str, Change]) -> tuple[ByHand, Tensor, float]:
    """The network, the picture's gradient and the score."""
    model = ByHand(changes).eval()
    x = picture().requires_grad_()
    score = model(x)[0, CLASS]
    for maps in model.seen.values():
        maps.retain_grad()
    score.backward()
    assert x.grad is not None
    return model, x.grad[0], float(score.detach().double())


def chosen(maps: Tensor, channels: tuple[int, ...]) -> Tensor:
    picked = torch.zeros(maps.shape[1], dtype=torch.bool)
    picked[list(channels)] = True
    return picked.reshape(-1, *(1,) * (maps.ndim - 2))


def scaled(channels: tuple[int, ...], by: float) -> Change:
    return lambda maps: torch.where(chosen(maps, channels), maps * by, maps)


def fixed(channels: tuple[int, ...], to: float) -> Change:
    return lambda maps: torch.where(chosen(maps, channels), torch.tensor(to), maps)


def both(one: Change, other: Change) -> Change:
    return lambda maps: other(one(maps))


def edited(edits: Edits) -> Trace:
    return record(untidy(), (picture(),)).rerun(edits)


CASES: list[tuple[Edits, dict[str, Change]]] = [
    (edit().silence("first", 1), {"first": fixed((1,), 0)}),
    (edit().silence("relu", 0, 2), {"relu": fixed((0, 2), 0)}),
    (edit().scale_channels("add", 3, by=-2.0), {"add": scaled((3,), -2)}),
    (edit().scale_channels("squash", by=0.5), {"squash": scaled((0, 1, 2, 3), 0.5)}),
    (edit().fix_channels("sigmoid", 1, to=0.75), {"sigmoid": fixed((1,), 0.75)}),
    (edit().fix_channels("max_pool2d", 0, 2, to=1.5), {"max_pool2d": fixed((0, 2), 1.5)}),
    (edit().fix_channels("sub", to=1.0), {"sub": fixed((0, 1, 2, 3), 1)}),
    (edit().scale_channels("max_pool2d", 1, by=-0.5), {"max_pool2d": scaled((1,), -0.5)}),
    (
        edit().silence("norm", 3).scale_channels("norm", 0, 3, by=4.0).fix_channels("sub", 1, to=2),
        {"norm": both(fixed((3,), 0), scaled((0,), 4)), "sub": fixed((1,), 2)},
    ),
]  # fmt: skip
cases = pytest.mark.parametrize(
    ("edits", "changes"), CASES, ids=[str(edits).replace("\n", ", ") for edits, _ in CASES]
)


@cases
def test_gradients_are_those_of_the_edited_network(
    edits: Edits, changes: dict[str, Change]
) -> None:
    trace = edited(edits)
    _, gradient, score = by_hand(changes)
    found = lw.attribute(trace, "saliency", CLASS)
    assert found.score == score == float(trace.outputs[0].array()[0, CLASS])
    np.testing.assert_allclose(found.map, gradient.abs().double(), rtol=1e-6, atol=1e-9)


@cases
def test_contributions_are_those_of_the_edited_network(
    edits: Edits, changes: dict[str, Change]
) -> None:
    trace = edited(edits)
    model, _, score = by_hand(changes)
    found = contributions(trace, CLASS)
    assert found.score == score
    check_contributions(trace, model)


def check_contributions(trace: Trace, model: ByHand) -> None:
    found = contributions(trace, CLASS)
    for name, maps in model.seen.items():
        assert maps.grad is not None
        product = (maps.detach().double() * maps.grad)[0]
        channels = found.channels[trace[name].index]
        expected = product.reshape(len(product), -1).sum(1).numpy()
        # Behind maps that an edit made one number there is nothing left to depend on.
        held = np.zeros(len(product)) if channels is None else channels
        np.testing.assert_allclose(held, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("method", sorted(METHODS))
@pytest.mark.parametrize("case", [1, -2, -1], ids=["functional", "pool", "several"])
def test_maps_are_those_of_the_edited_network(case: int, method: str) -> None:
    edits, changes = CASES[case]
    options: dict[str, Any] = {"steps": 12} if "steps" in METHODS[method].takes else {}
    found = lw.attribute(edited(edits), method, CLASS, **options)
    # There the same edits are ops of their own.
    by_ops = record(ByHand(changes).eval(), (picture(),))
    expected = lw.attribute(by_ops, method, CLASS, **options)
    np.testing.assert_allclose(found.map, expected.map, rtol=1e-4, atol=1e-6)
    assert found.score == expected.score
    if method == "deeplift":
        assert found.residue == pytest.approx(0, abs=1e-4)


def test_a_silenced_channel_contributes_nothing_and_nothing_through_it() -> None:
    trace = edited(edit().silence("norm", 1))
    found = contributions(trace, CLASS)
    for name in ("norm", "relu", "first"):
        channels = found.channels[trace[name].index]
        assert channels is not None
        assert [share == 0 for share in channels] == [False, True, False, False]
    ablated = lw.attribute(trace, "feature_ablation", CLASS, op="norm").map
    assert [share == 0 for share in ablated] == [False, True, False, False]
    assert lw.attribute(trace, "saliency", ("norm", 1)).map.max() == 0


def test_an_edited_op_is_looked_at_as_it_is_after_the_edit() -> None:
    trace = edited(edit().scale_channels("norm", 1, by=3.0))
    model, _, score = by_hand({"norm": scaled((1,), 3)})
    maps = model.seen["norm"]
    assert maps.grad is not None
    weighted = (maps.grad.mean((2, 3), keepdim=True) * maps.detach()).sum(1).clamp(min=0)
    found = lw.attribute(trace, "grad_cam", CLASS, op="norm")
    np.testing.assert_allclose(found.map, weighted.numpy(), rtol=1e-5, atol=1e-7)
    flow = lw.attribute(trace, "layer_conductance", CLASS, op="norm", steps=400)
    assert flow.residue == pytest.approx(0, abs=0.01 * abs(score))
    aimed = lw.attribute(trace, "input_x_gradient", ("norm", 1))
    once = lw.attribute(edited(edit()), "input_x_gradient", ("norm", 1))
    np.testing.assert_allclose(aimed.map, 3 * once.map, rtol=1e-5)


_steps = st.lists(
    st.tuples(
        st.sampled_from(sorted(PLACES)),
        st.sampled_from(["silence", "scale", "fix"]),
        st.sets(st.integers(0, 3), min_size=1).map(lambda found: tuple(sorted(found))),
        st.sampled_from([-2.0, -0.5, 0.25, 1.0, 3.0]),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=30, deadline=None)
@given(_steps)
def test_whatever_the_edits(steps: list[tuple[str, str, tuple[int, ...], float]]) -> None:
    trace, changes = record(untidy(), (picture(),)), dict[str, Change]()
    for place, how, channels, number in steps:
        more, change = {
            "scale": (edit().scale_channels(place, *channels, by=number), scaled(channels, number)),
            "fix": (edit().fix_channels(place, *channels, to=number), fixed(channels, number)),
            "silence": (edit().silence(place, *channels), fixed(channels, 0.0)),
        }[how]
        # One after the other: what was edited before is carried along.
        trace = trace.rerun(more)
        changes[place] = both(changes[place], change) if place in changes else change
    assert trace.replay().failures == ()
    assert trace.replay().checked == len(trace)
    model, gradient, score = by_hand(changes)
    found = lw.attribute(trace, "saliency", CLASS)
    assert found.score == score
    np.testing.assert_allclose(found.map, gradient.abs().double(), rtol=1e-5, atol=1e-8)
    check_contributions(trace, model)
    whole = lw.attribute(trace, "deeplift", CLASS)
    assert whole.residue == pytest.approx(0, abs=2e-5 * (1 + np.abs(whole.map).sum()))


def test_weights_activations_and_windows() -> None:
    def change(net: Any) -> Any:
        with torch.no_grad():
            net[0].weight[1] *= 2
        net[0].stride, net[1], net[2].padding = (2, 2), nn.SiLU(), 1
        return net

    torch.manual_seed(6)
    parts = nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 3, 2)
    net = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten()).eval()
    edits = (
        edit().scale_weight("0.weight", 2.0, at=(1,)).change_window("0", stride=2)
        .silence("1", 2).swap_activation("1", "silu").change_window("2", padding=1)
    )  # fmt: skip
    # Swapped after it was silenced, in a second round: silent it stays.
    trace = record(net, (picture(),)).rerun(edits[:3]).rerun(edits[3:])
    fresh = record(change(net), (picture(),)).rerun(edit().silence("1", 2))
    for method in sorted(METHODS.keys() - {"guided_backprop", "guided_grad_cam"}):
        found, expected = (lw.attribute(each, method, 1) for each in (trace, fresh))
        np.testing.assert_array_equal(found.map, expected.map)
    channels = contributions(trace, 1).channels[1]
    assert channels is not None
    assert channels[2] == 0
    assert channels.any()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_one_picture_of_several(method: str) -> None:
    edits = edit().silence("relu", 0).scale_channels("add", 2, by=3.0)
    options: dict[str, Any] = {"steps": 5} if "steps" in METHODS[method].takes else {}
    one = record(untidy(), (picture(3)[1:2],)).rerun(edits)
    three = record(untidy(), (picture(3),)).rerun(edits)
    alone = lw.attribute(one, method, CLASS, **options)
    found = lw.attribute(three, method, CLASS, sample=1, **options)
    np.testing.assert_allclose(found.map, alone.map, rtol=1e-4, atol=1e-6)


def test_the_recorded_bits_and_the_rectifiers_kind() -> None:
    trace = edited(edit().silence("relu", 1).fix_channels("mul:2", 0, to=1.0))
    network = ReplayedNetwork(trace)
    assert torch.equal(network(picture()), recorded_tensor(trace.outputs[0]))
    assert sum(isinstance(module, nn.ReLU) for module in network.ops) == 3
    assert "ChannelChange(how='set', number=0.0" in str(network.module_of(trace["relu"]))


def test_of_a_file(tmp_path: Path) -> None:
    trace = edited(edit().silence("relu", 1).scale_channels("add", by=-1.0))
    trace.save(tmp_path / "edited.safetensors")
    opened = lw.open(tmp_path / "edited.safetensors")
    found, expected = (lw.attribute(each, "deeplift", CLASS) for each in (opened, trace))
    np.testing.assert_array_equal(found.map, expected.map)


def test_the_sanity_of_an_edited_network() -> None:
    trace = edited(edit().silence("relu", 1))
    checked = lw.sanity_check(trace, "deeplift", CLASS, stages=2)
    assert [step.op for step in checked.steps] == ["last", "second", "first"]
