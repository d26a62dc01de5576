"""Every method against a slow calculation of its own, on the user's model itself."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import METHODS
from layerwalk.capture import record
from layerwalk.errors import CaptureError

CLASS = 3


def attributed(method: str, **options: Any) -> lw.Attribution:
    return lw.attribute(record(untidy(), (picture(),)), method, CLASS, **options)


def score(x: Tensor) -> float:
    with torch.no_grad():
        return float(untidy()(x)[0, CLASS].double())


def gradient(x: Tensor, model: nn.Module | None = None) -> NDArray[np.float64]:
    leaf = x.clone().requires_grad_()
    (model or untidy())(leaf)[0, CLASS].backward()
    assert leaf.grad is not None
    return leaf.grad[0].double().numpy()


def close(one: NDArray[Any], other: NDArray[Any]) -> None:
    np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-6)


def test_saliency_is_the_gradients_size() -> None:
    found = attributed("saliency")
    close(found.map, np.abs(gradient(picture())))
    close(found.heat(), np.abs(gradient(picture())).max(0))


def test_input_x_gradient() -> None:
    close(attributed("input_x_gradient").map, gradient(picture()) * picture()[0].double().numpy())


@pytest.mark.parametrize("baseline", [0.0, "mean"])
def test_integrated_gradients_by_a_loop(baseline: Any) -> None:
    x = picture()
    start = x.mean((2, 3), keepdim=True).expand_as(x) if baseline == "mean" else torch.zeros_like(x)
    points, shares = np.polynomial.legendre.leggauss(20)
    sums = sum(
        share / 2 * gradient(start + float((point + 1) / 2) * (x - start))
        for point, share in zip(points, shares, strict=True)
    )
    found = attributed("integrated_gradients", baseline=baseline, steps=20)
    close(found.map, sums * (x - start)[0].double().numpy())


class Guided(torch.autograd.Function):
    """A ReLU through which only gradients above zero come back."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return x.clamp(min=0)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (x,) = ctx.saved_tensors
        back: Tensor = grads[0].clamp(min=0) * (x > 0)
        return back


class Guided6(nn.Module):
    """The same below 6."""

    def forward(self, x: Tensor) -> Tensor:
        capped = torch.where(x < 6, x, 6 + 0 * x)
        made: Tensor = Guided.apply(capped)  # type: ignore[no-untyped-call]
        return made


def guided_gradient() -> NDArray[np.float64]:
    model = untidy(Guided.apply)
    model.squash = Guided6()  # type: ignore[assignment]
    return gradient(picture(), model)


def test_guided_backprop_through_functions_in_place_ops_and_a_module_used_twice() -> None:
    guided = guided_gradient()
    close(attributed("guided_backprop").map, guided)
    assert not np.allclose(guided, gradient(picture()))


def test_guided_backprop_needs_a_rectifier() -> None:
    class Smooth(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.gelu(x).mean((2, 3))

    with pytest.raises(CaptureError, match="it has none; saliency is what it would give"):
        lw.attribute(record(Smooth(), (picture(),)), "guided_backprop", 0)


def at_first() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What the first convolution makes, and the score's gradient there."""
    model, kept = untidy(), []

    def keep(_module: nn.Module, _given: Any, made: Tensor) -> Tensor:
        made.retain_grad()
        kept.append(made)
        return made.clone()

    model.first.register_forward_hook(keep)
    model(picture().requires_grad_())[0, CLASS].backward()
    assert kept[0].grad is not None
    return kept[0].detach()[0].double().numpy(), kept[0].grad[0].double().numpy()


def cam_by_hand() -> NDArray[np.float64]:
    maps, gradients = at_first()
    weighted: NDArray[np.float64] = (gradients.mean((1, 2))[:, None, None] * maps).sum(0)
    return np.maximum(weighted, 0)


def test_grad_cam_by_hand() -> None:
    found = attributed("grad_cam", op="first")
    assert found.op == "first"
    assert found.map.shape == (1, 8, 8)
    close(found.map[0], cam_by_hand())
    assert found.map.any()


def test_grad_cam_looks_at_the_last_maps() -> None:
    found = attributed("grad_cam")
    assert found.op == "squash:2"
    assert found.map.shape == (1, 4, 4)


def test_guided_grad_cam_is_their_product() -> None:
    close(attributed("guided_grad_cam", op="first").map, guided_gradient() * cam_by_hand())
    coarse, fine = attributed("grad_cam").map, attributed("guided_grad_cam").map
    close(fine, guided_gradient() * coarse.repeat(2, 1).repeat(2, 2))


def test_occlusion_by_hand() -> None:
    x, (high, wide), (down, across) = picture(), (3, 4), (2, 3)
    sums, counts = np.zeros((8, 8)), np.zeros((8, 8))
    for top, left in itertools.product(range(0, 8 - high + down, down), range(0, 8, across)):
        # The last window on each side is cut where the picture ends.
        rows, columns = slice(top, min(top + high, 8)), slice(left, min(left + wide, 8))
        if top - down + high >= 8 or (left and left - across + wide >= 8):
            continue
        hidden = x.clone()
        hidden[..., rows, columns] = 0.25
        sums[rows, columns] += score(x) - score(hidden)
        counts[rows, columns] += 1
    found = attributed("occlusion", window=(high, wide), stride=(down, across), baseline=0.25)
    assert counts.min() >= 1
    assert found.map.shape == (1, 8, 8)
    close(found.heat(), sums / counts)


def test_feature_ablation_by_hand() -> None:
    x = picture()
    features = np.zeros((8, 8), dtype=int)
    features[2:5, 1:7] = 40
    features[6:] = 7
    found = attributed("feature_ablation", features=features, baseline=[0.5, 0, -1])
    for number in (0, 7, 40):
        hidden = torch.where(torch.from_numpy(features) == number, torch.tensor([0.5, 0, -1])[:, None, None], x)  # fmt: skip # noqa: E501
        close(found.map[:, features == number], np.array(score(x) - score(hidden)))


def test_feature_ablation_hides_squares_side_by_side() -> None:
    x = picture()
    found = attributed("feature_ablation", window=3)
    hidden = x.clone()
    hidden[..., 3:6, 6:8] = 0
    close(found.map[:, 3:6, 6:8], np.array(score(x) - score(hidden)))
    assert len(np.unique(found.map)) == 9


def test_ablated_channels_are_silenced_ones() -> None:
    trace = record(untidy(), (picture(),))
    found = lw.attribute(trace, "feature_ablation", CLASS, op="norm")
    assert found.op == "norm"
    assert found.baseline_score is None
    for channel in range(4):
        silent = trace.rerun(lw.edit().silence("norm", channel))
        expected = score(picture()) - float(silent.outputs[0].array()[0, CLASS])
        assert found.map[channel] == pytest.approx(expected, abs=1e-5)
    assert found.ranked() == np.argsort(-np.abs(found.map)).tolist()
    with pytest.raises(lw.LayerwalkError, match="no places"):
        found.heat()


def conductance_by_hand(steps: int) -> NDArray[np.float64]:
    """Gradient at the first convolution times its step, along a fine way from zero."""
    model, kept = untidy(), []

    def keep(_module: nn.Module, _given: Any, made: Tensor) -> Tensor:
        made.retain_grad()
        kept.append(made)
        return made.clone()

    model.first.register_forward_hook(keep)
    for step in range(steps + 1):
        model(picture().mul(step / steps).requires_grad_())[0, CLASS].backward()
    total = torch.zeros_like(kept[0]).double()
    for before, after in itertools.pairwise(kept):
        assert before.grad is not None
        assert after.grad is not None
        total += (after.detach() - before.detach()).double() * (before.grad + after.grad) / 2
    return total[0].numpy()


def test_layer_conductance_by_hand_and_complete() -> None:
    found = attributed("layer_conductance", op="first", steps=80)
    np.testing.assert_allclose(found.map, conductance_by_hand(80), rtol=0.05, atol=1e-3)
    assert found.residue is not None
    assert abs(found.residue) < 0.02 * abs(found.score - (found.baseline_score or 0))


def test_beside_an_op_that_can_be_passed_conductance_promises_nothing() -> None:
    assert attributed("layer_conductance", op="second", steps=10).residue is None


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_model_and_the_walk_are_left_as_they_were(method: str) -> None:
    model = untidy()
    trace = record(model, (picture(),))
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    found = lw.attribute(trace, method, CLASS)
    assert np.isfinite(found.map).all()
    assert all(torch.equal(tensor, before[name]) for name, tensor in model.state_dict().items())
    assert not any(module._forward_hooks or module._backward_hooks for module in model.modules())
    assert all(parameter.grad is None for parameter in model.parameters())
    assert trace.replay()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_one_picture_of_several(method: str) -> None:
    options: dict[str, Any] = {"steps": 5} if "steps" in METHODS[method].takes else {}
    one = lw.attribute(record(untidy(), (picture(3)[1:2],)), method, CLASS, **options)
    of_three = lw.attribute(record(untidy(), (picture(3),)), method, CLASS, sample=1, **options)
    np.testing.assert_allclose(of_three.map, one.map, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_a_channel_of_any_op_is_a_target(method: str) -> None:
    trace = record(untidy(), (picture(),))
    found = lw.attribute(trace, method, ("second", 1))
    assert found.target == "second channel 1"
    expected = float(trace["second"].array()[0, 1].astype(float).sum())
    assert found.score == pytest.approx(expected, rel=1e-6)
    assert found.map.any()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_pictures_that_cannot_run_together(method: str) -> None:
    class Counted(nn.Module):
        """Its rectified maps pass a matrix of which the pictures are no rows."""

        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(2)
            self.first = nn.Conv2d(3, 4, 3)

        def forward(self, x: Tensor) -> Tensor:
            x = F.relu_(self.first(x))
            return x.transpose(0, 1).reshape(4, -1).sum(1).reshape(1, 4)

    model = Counted().eval()
    trace = record(model, (picture(),))
    found = lw.attribute(trace, method, 2)
    assert found.score == pytest.approx(float(trace.outputs[0].array()[0, 2]), rel=1e-5)
    if METHODS[method].complete:
        assert found.residue == pytest.approx(0, abs=0.02 * found.score)


@pytest.mark.parametrize("method", ["grad_cam", "layer_conductance"])
def test_an_op_whose_rows_are_windows_has_no_map_of_the_picture(method: str) -> None:
    class Windows(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            whole = torch.tanh(x)
            cut = torch.relu(whole.reshape(2, 3, 8, 8)).reshape(1, 6, 8, 8)
            return cut.mean((2, 3))

    trace = record(Windows(), (torch.cat([picture(2)], 1).reshape(1, 6, 8, 8),))
    with pytest.raises(CaptureError, match=r"relu: the first axis .* is not the pictures; name"):
        lw.attribute(trace, method, 1, op="relu")
    assert lw.attribute(trace, method, 1).op == "reshape:2"
