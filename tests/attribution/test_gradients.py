"""Where gradients end, a sentence names the op; nobody is handed zeros in their place."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from attributed_networks import picture
from layerwalk.attribution import METHODS, contributions
from layerwalk.capture import record
from layerwalk.errors import CaptureError
from layerwalk.record import Trace

WITHOUT = {"occlusion", "feature_ablation"}


def quantised() -> Trace:
    """A convolution, then a linear layer of int8 weights, whose operator has no gradient."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(144, 3)).eval()
    with warnings.catch_warnings(action="ignore"):
        quantise: Any = torch.ao.quantization.quantize_dynamic
        small = quantise(model, {nn.Linear}, dtype=torch.qint8)
        return record(small, (picture(),))


def test_an_operator_without_a_gradient_is_named() -> None:
    trace = quantised()
    for method in METHODS:
        if method in WITHOUT:
            assert lw.attribute(trace, method, 1).map.any()
        else:
            with pytest.raises(CaptureError, match=r"^3: no gradient flows through it \(quantized"):
                lw.attribute(trace, method, 1)
    with pytest.raises(CaptureError, match=r"^3: no gradient flows .*; occlusion and feature_abl"):
        contributions(trace, 1)


class Detached(nn.Module):
    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self.whole = whole

    def forward(self, x: Tensor) -> Tensor:
        gate = torch.round(x.abs().detach()).to(torch.int32).to(torch.float32)
        gate = gate + torch.zeros_like(x)
        return (gate if self.whole else gate * x).mean((2, 3))


def test_whole_numbers_end_gradients_and_a_branch_of_them_does_not() -> None:
    part = record(Detached(whole=False), (picture(),))
    slopes = np.round(np.abs(picture()[0].numpy()))[1] / 64
    found = lw.attribute(part, "input_x_gradient", 1)
    np.testing.assert_allclose(found.map[1], slopes * picture()[0, 1].numpy(), rtol=1e-5, atol=1e-7)
    whole = record(Detached(whole=True), (picture(),))
    for method in ("saliency", "integrated_gradients"):
        with pytest.raises(CaptureError, match="no gradient flows through it"):
            lw.attribute(whole, method, 1)


def test_maps_of_whole_numbers_have_no_gradient() -> None:
    class Rounded(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.quantize_per_tensor(x, 0.1, 0, torch.qint8).dequantize().mean((2, 3))

    with warnings.catch_warnings(action="ignore"):
        trace = record(Rounded(), (picture(),))
        with pytest.raises(CaptureError, match="its output is qint8, which has no gradient"):
            lw.attribute(trace, "grad_cam", 1, op="quantize_per_tensor")
        with pytest.raises(CaptureError, match="quantize_per_tensor: no gradient flows through it"):
            lw.attribute(trace, "saliency", 1)
