"""DeepLIFT: against Captum's where that is right, by hand, and complete everywhere."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from attributed_networks import picture, tidy, untidy
from layerwalk.attribution import ReplayedNetwork
from layerwalk.capture import record

attr = pytest.importorskip("captum.attr")


def captums(network: nn.Module, x: Tensor, baseline: Tensor, target: int) -> Tensor:
    with warnings.catch_warnings(action="ignore"):
        made: Tensor = attr.DeepLift(network).attribute(x, baseline, target=target)
    return made.detach()


@pytest.mark.parametrize("baseline", [0.0, 0.4])
def test_it_is_captums_where_modules_are_plain(baseline: float) -> None:
    model, x = tidy(), picture()
    trace = record(model, (x,))
    found = lw.attribute(trace, "deeplift", 2, baseline=baseline)
    start = torch.full_like(x, baseline)
    expected = captums(model, x, start, 2)[0].double().numpy()
    np.testing.assert_allclose(found.map, expected, rtol=1e-4, atol=1e-6)
    # The replayed network's modules are those that Captum knows, too.
    replayed = captums(ReplayedNetwork(trace), x, start, 2)[0].double().numpy()
    np.testing.assert_allclose(replayed, expected, rtol=1e-4, atol=1e-6)


def test_captums_is_not_complete_where_windows_overlap_and_this_is() -> None:
    torch.manual_seed(1)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.MaxPool2d(3, 1), nn.Flatten(), nn.Linear(64, 2))
    x = picture()
    with torch.no_grad():
        apart = float((model(x) - model(torch.zeros_like(x)))[0, 1])
    assert abs(float(captums(model, x, torch.zeros_like(x), 1).sum()) - apart) > 0.01
    found = lw.attribute(record(model, (x,)), "deeplift", 1)
    assert found.total == pytest.approx(apart, abs=1e-5)


def test_the_rescale_rule_by_hand() -> None:
    torch.manual_seed(4)
    first, last = nn.Linear(6, 5), nn.Linear(5, 3)
    model = nn.Sequential(first, nn.SiLU(), last)
    x, start = torch.randn(1, 6), torch.randn(1, 6)
    inner, before = first(x)[0].detach(), first(start)[0].detach()
    slopes = (F.silu(inner) - F.silu(before)) / (inner - before)
    expected = (x - start)[0] * ((last.weight[1] * slopes) @ first.weight)
    found = lw.attribute(record(model, (x,)), "deeplift", 1, baseline=start[0].numpy())
    np.testing.assert_allclose(found.map, expected.detach().numpy(), rtol=1e-4, atol=1e-6)


def test_a_product_is_shared_evenly() -> None:
    class Product(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return x[:, :1] * x[:, 1:]

    x = torch.tensor([[3.0, 5.0]])
    trace = record(Product(), (x,))
    # From (1, 1) to (3, 5): 2 x 3 for the one and 4 x 2 for the other make 15 - 1.
    found = lw.attribute(trace, "deeplift", (len(trace) - 1, 0), baseline=1)
    np.testing.assert_allclose(found.map, [6, 8], rtol=1e-6)
    assert found.residue == pytest.approx(0, abs=1e-5)


Body = Callable[[Tensor], Tensor]
BODIES: dict[str, tuple[Body, float]] = {
    "relu6": (F.relu6, 1e-5),
    "gelu": (F.gelu, 1e-5),
    "hardswish_": (lambda x: F.hardswish(x * 1, inplace=True), 1e-5),
    "square twice read": (lambda x: x * x, 1e-5),
    "matmul with itself": (lambda x: x @ x.transpose(2, 3), 1e-5),
    "divided": (lambda x: x / (1 + x**2), 1e-3),
    "one over": (lambda x: 2 / (3 + torch.sigmoid(x)), 1e-5),
    "softmax": (lambda x: x.flatten(2).softmax(2).view(x.shape) * 9, 1e-4),
    "layer_norm": (lambda x: F.layer_norm(x + 1, x.shape[1:]), 1e-3),
    "adaptive max": (lambda x: F.adaptive_max_pool2d(x, 3), 1e-5),
    "max with indices": (lambda x: F.max_pool2d(x, 3, 2, return_indices=True)[0], 1e-5),
    "largest": (lambda x: x.amax(2, keepdim=True), 0.05),
    "chunks": (lambda x: torch.cat([p.tanh() for p in x.chunk(3, 1)], 1), 1e-5),
    "batch statistics": (lambda x: F.batch_norm(x, None, None, training=True), 1e-3),
    "avg pool": (lambda x: F.avg_pool2d(F.silu(x), 3, 2, 1), 1e-5),
    "clamped": (lambda x: x.clamp_(-0.5, 0.5) if not x.requires_grad else x, 1e-5),
}


@pytest.mark.parametrize("name", BODIES)
def test_complete_through(name: str) -> None:
    class Through(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = nn.Conv2d(3, 3, 3, padding=1)

        def forward(self, x: Tensor) -> Any:
            x = BODIES[name][0](self.first(x))
            x = x * torch.linspace(-1, 2, x.shape[-1])
            return x.flatten(2).sum(2)

    torch.manual_seed(6)
    trace = record(Through().eval(), (picture(),))
    found = lw.attribute(trace, "deeplift", 1, baseline=0.1)
    assert found.residue is not None
    apart = abs(found.score - (found.baseline_score or 0))
    assert abs(found.residue) < BODIES[name][1] * max(apart, 1)
    assert found.map.any()


def test_complete_through_an_untidy_network() -> None:
    found = lw.attribute(record(untidy(), (picture(),)), "deeplift", 3)
    assert found.residue == pytest.approx(0, abs=1e-5)


@pytest.mark.slow
def test_complete_through_a_real_network() -> None:
    trace = lw.trace(lw.load_model("efficientnet_lite0"), "sample:dog")
    found = lw.attribute(trace, "deeplift")
    assert found.residue == pytest.approx(0, abs=1e-3)


def test_a_tie_is_charged_to_the_place_of_both_maxima() -> None:
    model = nn.Sequential(nn.MaxPool2d(2), nn.Flatten()).eval()
    x = torch.tensor([[[[0.0, 0.03], [0.0, 0.01]]]])
    found = lw.attribute(record(model, (x,)), "deeplift", 0, baseline=0.2)
    np.testing.assert_allclose(found.map[0], np.array([[0, -0.17], [0, 0]]), rtol=1e-5)
    # And the other way round: the picture's window is the one of one colour.
    start = np.array([[[0.0, 0.03], [0.0, 0.01]]])
    found = lw.attribute(record(model, (torch.full_like(x, 0.2),)), "deeplift", 0, baseline=start)
    np.testing.assert_allclose(found.map[0], np.array([[0, 0.17], [0, 0]]), rtol=1e-5)


@pytest.mark.parametrize("size", [2, 3])
def test_behind_a_relu_and_an_even_baseline_it_is_captums(size: int) -> None:
    torch.manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(size), nn.Conv2d(8, 6, 2),
        nn.ReLU(), nn.Flatten(), nn.LazyLinear(4),
    ).eval()  # fmt: skip
    x = torch.randn(1, 3, 16, 16)
    found = lw.attribute(record(model, (x,)), "deeplift", 2)
    expected = captums(model, x, torch.zeros_like(x), 2)[0].double().numpy()
    np.testing.assert_allclose(found.map, expected, rtol=1e-3, atol=1e-6)


def test_captums_passes_the_plain_gradient_through_a_pool_behind_a_relu() -> None:
    class Unknown(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return F.max_pool2d(x, 2)

    def made(pool: nn.Module) -> nn.Module:
        torch.manual_seed(3)
        conv = nn.Conv2d(3, 4, 3, padding=1)
        return nn.Sequential(conv, nn.ReLU(), pool, nn.Flatten(), nn.Linear(64, 3)).eval()

    x, start = picture(), picture(2)[1:]
    ruled = captums(made(nn.MaxPool2d(2)), x, start, 1)
    assert torch.equal(ruled, captums(made(Unknown()), x, start, 1))
    found = lw.attribute(record(made(Unknown()), (x,)), "deeplift", 1, baseline=start[0].numpy())
    assert found.residue == pytest.approx(0, abs=1e-5)
    apart = found.score - (found.baseline_score or 0)
    assert abs(float(ruled.sum()) - apart) > 1e-3


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", ["relu", "max_pool", "hardswish"])
def test_half_precision_where_the_picture_is_the_baseline(dtype: torch.dtype, name: str) -> None:
    bodies = {"relu": nn.ReLU(), "max_pool": nn.MaxPool2d(2), "hardswish": nn.Hardswish()}
    torch.manual_seed(2)
    model = nn.Sequential(
        nn.Conv2d(3, 4, 3), bodies[name], nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(16, 3)
    ).eval().to(dtype)  # fmt: skip
    x = picture()
    x[..., :4] = 0
    found = lw.attribute(record(model, (x.to(dtype),)), "deeplift", 2)
    assert np.isfinite(found.map).all()
    assert not found.map[..., :4].any()
    apart = found.score - (found.baseline_score or 0)
    assert found.residue == pytest.approx(0, abs=0.02 * abs(apart) + 1e-3)
    black = lw.attribute(record(model, (torch.zeros_like(x).to(dtype),)), "deeplift", 2)
    assert not black.map.any()
