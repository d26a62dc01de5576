"""What channels contributed to a score, against gradients taken by hand and against silencing."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from layerwalk.attribution import Contributions, contributions
from layerwalk.capture import record
from layerwalk.errors import CaptureError, NotFoundError


class Untidy(nn.Module):
    """Functional activations, in-place ops, a skip connection and writes to a slice."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.second = nn.Conv2d(4, 4, 3, padding=1)
        self.last = nn.Linear(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu_(self.norm(self.first(x)))
        y = self.second(x)
        y += x
        y[:, 0] *= 2
        y = torch.clamp_(y, min=-1)
        return self.last(y.mean((2, 3)))  # type: ignore[no-any-return]


def untidy() -> nn.Module:
    torch.manual_seed(5)
    return Untidy().eval()


def picture(count: int = 1) -> Tensor:
    return torch.randn(count, 3, 8, 8, generator=torch.Generator().manual_seed(1))


def shares(found: Contributions, op: int) -> NDArray[np.float64]:
    channels = found.channels[op]
    assert channels is not None
    return channels


def by_hand(model: nn.Module, x: Tensor, channel: int, sample: int) -> tuple[Any, Any]:
    """Activation times gradient at the first convolution, by a hook that makes a copy of it."""
    kept: list[Tensor] = []

    def keep(_module: nn.Module, _given: Any, made: Tensor) -> Tensor:
        made.retain_grad()
        kept.append(made)
        return made.clone()

    handle = model.get_submodule("first").register_forward_hook(keep)
    score = model(x.clone().requires_grad_())[sample, channel]
    handle.remove()
    score.backward()
    gradient = kept[0].grad
    assert gradient is not None
    product = (kept[0].detach()[sample].double() * gradient[sample].double()).sum((1, 2))
    return product.numpy(), float(score.detach())


@pytest.mark.parametrize("sample", [0, 1])
def test_in_place_and_functional_ops_are_no_obstacle(sample: int) -> None:
    model, x = untidy(), picture(2)
    found = contributions(record(model, (x,)), 3, sample)
    expected, score = by_hand(copy.deepcopy(model), x, 3, sample)
    np.testing.assert_allclose(shares(found, 0), expected, rtol=1e-5, atol=1e-7)
    assert found.target == "class 3"
    assert found.score == pytest.approx(score, rel=1e-6)


def test_behind_the_last_nonlinearity_it_is_what_silencing_takes_away() -> None:
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    last = trace.outputs[0].op
    assert last is not None
    assert last.kind == "linear"
    before = last.inputs[0].op
    assert before is not None
    found = contributions(trace)
    weight, bias = (value.array().astype(float) for value in last.inputs[1:])
    features = before.array().astype(float)[0]
    best = int(trace.outputs[0].array()[0].argmax())
    assert trace.labels is not None
    assert found.target == trace.labels[best]
    for channel in range(0, len(features), 7):
        silenced = features.copy()
        silenced[channel] = 0
        score = silenced @ weight[best] + bias[best]
        assert shares(found, before.index)[channel] == pytest.approx(found.score - score, abs=1e-5)


def test_ranked_by_magnitude() -> None:
    trace = record(untidy(), (picture(),))
    found = contributions(trace, 0)
    order = found.ranked(trace[0])
    assert sorted(order) == [0, 1, 2, 3]
    sizes = np.abs(shares(found, 0))
    assert list(sizes[order]) == sorted(sizes, reverse=True)
    assert found.ranked(0) == order


def test_a_channel_of_any_op_can_be_the_target() -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    found = contributions(trace, ("relu", 2))
    assert found.target == "relu channel 2"
    assert found.score == pytest.approx(float(trace["relu"].array()[0, 2].astype(float).sum()))
    # Only its own channel goes into it, and all that the rectifier let through.
    assert [share != 0 for share in shares(found, 0)] == [False, False, True, False]
    assert shares(found, 0)[2] == pytest.approx(found.score, rel=1e-6)
    assert found.channels[trace["pool"].index] is None
    assert found.ranked(trace["pool"]) == []


def test_a_score_that_depends_on_no_input() -> None:
    class Still(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.arange(6.0).reshape(2, 3) + 0

    trace = record(Still(), (picture(),))
    found = contributions(trace, 2, 1)
    assert found.score == 5.0
    assert set(found.channels) == {None}


def test_a_branch_that_leads_nowhere() -> None:
    class Forked(nn.Module):
        def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
            return x.mean((2, 3)), x * 2

    trace = record(Forked(), (picture(),))
    found = contributions(trace, 0)
    assert found.channels[0] is not None
    assert found.channels[1] is None


def test_weights_are_left_as_they_are() -> None:
    model = untidy()
    trace = record(model, (picture(),))
    contributions(trace, 1)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert trace.replay()


def test_an_op_without_a_way_back() -> None:
    class Noisy(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.dropout(x, 0.5, training=True).mean((2, 3))

    trace = record(Noisy(), (picture(),))
    with pytest.raises(CaptureError, match="dropout: no gradient flows through it: it drew random"):
        contributions(trace, 0)


@pytest.mark.parametrize(
    ("aim", "sample", "message"),
    [
        (10, 0, "there is no class 10; it has 10, from 0"),
        ("eleven", 0, "there is no class 'eleven'"),
        (None, 1, "output: there is no sample 1; it has 1, from 0"),
        (("conv9", 0), 0, "there is no op 'conv9'"),
        (("c1", 6), 0, "c1: there is no channel 6; it has 6, from 0"),
        (("c1", 0), 1, "c1: there is no sample 1; it has 1, from 0"),
    ],
)
def test_aims_that_hit_nothing(aim: Any, sample: int, message: str) -> None:
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    with pytest.raises(NotFoundError, match=message):
        contributions(trace, aim, sample)


def test_a_class_by_its_label() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:cat")
    assert trace.labels is not None
    label = trace.labels[281]
    assert contributions(trace, label.upper()).target == label
    assert contributions(trace, "281").target == label
    with pytest.raises(NotFoundError, match="did you mean"):
        contributions(trace, label[:-1])


def test_a_picture_cut_into_windows() -> None:
    class Windows(nn.Module):
        """Four windows of each picture lie along the batch, as in a Swin transformer."""

        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(3, 4, 3, padding=1)

        def forward(self, x: Tensor) -> Tensor:
            n = len(x)
            cut = x.reshape(n, 3, 2, 4, 2, 4).permute(0, 2, 4, 1, 3, 5).reshape(4 * n, 3, 4, 4)
            return torch.relu(self.first(cut)).reshape(n, 4, 4, -1).sum((1, 3))

    torch.manual_seed(4)
    model, x = Windows().eval(), picture(2)
    for sample in (0, 1):
        trace = record(model, (x,))
        found = contributions(trace, 2, sample)
        # All that the rectifiers let through is summed up, so the shares are what they gave.
        windows = trace["relu"].array().astype(float).reshape(2, 4, 4, -1)[sample]
        assert found.score == pytest.approx(windows[:, 2].sum(), rel=1e-6)
        assert shares(found, trace["relu"].index) == pytest.approx(
            [0, 0, windows[:, 2].sum(), 0], rel=1e-6
        )


def test_weights_that_were_edited() -> None:
    trace = lw.trace(lw.load_model("lenet5"), "sample:digits/3")
    # Weights are data like any other: their edits are part of the score.
    doubled = trace.rerun(lw.edit().scale_weight("c1.weight", 2.0))
    assert contributions(doubled, 3).score == pytest.approx(doubled.outputs[0].array()[0, 3])
