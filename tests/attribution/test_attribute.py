"""What is asked, what comes back, and what is refused."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import layerwalk as lw
from attributed_networks import picture, untidy
from layerwalk.attribution import METHODS
from layerwalk.capture import record
from layerwalk.errors import CaptureError, MissingPackageError, NotFoundError
from layerwalk.record import Trace


@pytest.fixture(scope="module")
def digit() -> Trace:
    return lw.trace(lw.load_model("lenet5"), "sample:digits/3")


def test_completeness_where_it_is_promised(digit: Trace) -> None:
    for name, method in METHODS.items():
        if name not in {"guided_backprop", "guided_grad_cam"}:
            found = lw.attribute(digit, name)
            assert found.total == pytest.approx(found.map.sum())
            assert (found.residue is not None) == method.complete
            assert (found.baseline_score is not None) == ("baseline" in method.takes)
            if found.residue is not None:
                apart = found.score - (found.baseline_score or 0)
                assert found.residue == pytest.approx(found.total - apart)
                assert abs(found.residue) < 0.01 * abs(apart)


def test_more_steps_come_nearer(digit: Trace) -> None:
    few, many = (
        abs(lw.attribute(digit, "integrated_gradients", steps=steps).residue or 0)
        for steps in (3, 40)
    )
    assert many < few / 5


def test_the_score_is_the_recorded_one(digit: Trace) -> None:
    found = lw.attribute(digit, "saliency", "4")
    assert found.target == "4"
    assert found.score == pytest.approx(float(digit.outputs[0].array()[0, 4]))
    assert found.heat().shape == (28, 28)
    assert not found.signed


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion", "feature_ablation",
                                    "layer_conductance", "deeplift", "grad_cam"])  # fmt: skip
def test_the_runs_are_told(digit: Trace, method: str) -> None:
    told: list[tuple[int, int]] = []
    lw.attribute(digit, method, watch=lambda *how: told.append(how))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_ablated_channels_are_told(digit: Trace) -> None:
    told: list[tuple[int, int]] = []
    lw.attribute(digit, "feature_ablation", op="c1", watch=lambda *how: told.append(how))
    assert told[-1] == (7, 7)


def test_a_signal_has_one_row() -> None:
    torch.manual_seed(1)
    model = nn.Sequential(nn.Conv1d(2, 3, 5), nn.ReLU(), nn.Flatten(), nn.Linear(36, 2)).eval()
    trace = record(model, (torch.randn(1, 2, 16),))
    for name in METHODS:
        found = lw.attribute(trace, name, 1)
        assert found.heat().shape == (1, found.map.shape[-1])


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("saliencey", {}, "there is no method 'saliencey'; did you mean saliency?"),
        ("shap", {}, "there is no method 'shap'; choose one of saliency"),
        ("saliency", {"steps": 3}, "saliency: it takes no steps; steps is for integrated_gradi"),
        ("deeplift", {"op": "c1"}, "deeplift: it takes no op"),
        ("integrated_gradients", {"steps": 1}, "steps: 1 steps are too few"),
        ("integrated_gradients", {"baseline": "grey"}, "baseline: 'grey' is no baseline"),
        ("integrated_gradients", {"baseline": [1, 2, 3]}, "does not fit (1, 28, 28)"),
        ("integrated_gradients", {"baseline": np.nan}, "it is not finite"),
        ("integrated_gradients", {"baseline": [[1, 2], [3]]}, "these are no numbers"),
        ("occlusion", {"window": 29}, "window: 29 is no window within 28x28; 1 to 28x28"),
        ("occlusion", {"window": (3, 3, 3)}, "is no window"),
        ("occlusion", {"stride": 0}, "stride: 0 is no stride"),
        ("occlusion", {"window": 4, "stride": 9}, "stride: a stride of 9x9 is more than the wind"),
        ("occlusion", {"stride": (1, 9)}, "more than the window of 3x3: places between two wind"),
        ("feature_ablation", {"features": np.zeros((2, 2), int)}, "names no features"),
        ("feature_ablation", {"features": np.zeros((28, 28))}, "float64 of shape (28, 28) names"),
        ("feature_ablation", {"features": np.zeros((28, 28), int), "op": "c1"}, "give features or"),
        ("grad_cam", {"op": "c9"}, "there is no op 'c9'"),
        ("grad_cam", {"op": "f6"}, "f6: its output (1, 84) has no maps"),
    ],
)
def test_what_is_refused(digit: Trace, method: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(lw.LayerwalkError, match=re.escape(message)):
        lw.attribute(digit, method, **options)


def test_the_op_has_to_lie_before_the_target(digit: Trace) -> None:
    with pytest.raises(CaptureError, match="c3: c1 does not depend on it"):
        lw.attribute(digit, "grad_cam", ("c1", 0), op="c3")
    with pytest.raises(NotFoundError, match="there is no channel 6"):
        lw.attribute(digit, "grad_cam", ("c1", 6))


def test_channels_that_are_last() -> None:
    class Last(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return nn.functional.layer_norm(x.permute(0, 2, 3, 1), (3,)).mean((1, 2))

    trace = record(Last(), (picture(),))
    with pytest.raises(CaptureError, match="layer_norm: its channels are the last axis"):
        lw.attribute(trace, "grad_cam", 0, op="layer_norm")
    with pytest.raises(CaptureError, match="no op with feature maps"):
        lw.attribute(trace, "layer_conductance", 0)


def test_a_baseline_of_every_form() -> None:
    trace = record(untidy(), (picture(),))
    whole = np.broadcast_to(np.array([1.0, 2, 3])[:, None, None], (3, 8, 8))
    maps = [
        lw.attribute(trace, "deeplift", 1, baseline=given).map
        for given in ([1, 2, 3], np.array([1.0, 2, 3])[:, None, None], whole)
    ]
    assert all(np.array_equal(maps[0], other) for other in maps[1:])
    even = lw.attribute(trace, "deeplift", 1, baseline="mean")
    mean = picture().mean((2, 3))[0].numpy()
    assert np.allclose(even.map, lw.attribute(trace, "deeplift", 1, baseline=mean).map)


def test_a_map_that_is_not_finite_is_no_answer() -> None:
    class Broken(nn.Module):
        def forward(self, x: Tensor) -> Tensor:
            return torch.sqrt(x - 1).mean((2, 3))

    trace = record(Broken(), (torch.full((1, 3, 8, 8), 1.0),))
    with pytest.raises(
        CaptureError, match=r"saliency: 192 of the 192 numbers of its map are not finite\.$"
    ):
        lw.attribute(trace, "saliency", 1)


def test_a_walk_of_an_onnx_file_cannot_be_run_again(digit: Trace) -> None:
    ops = tuple(replace(op, target=f"onnxruntime.{op.kind}.default") for op in digit.ops)
    for ask in (lw.attribute, lw.attribution.contributions):
        with pytest.raises(CaptureError, match="lenet5: this is a walk of an ONNX file, whose ops"):
            ask(replace(digit, ops=ops), aim=4)


def test_without_captum(digit: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "captum"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "captum", None)
    with pytest.raises(MissingPackageError, match=r"needs the package captum.*\[attribution\]"):
        lw.attribute(digit, "saliency")
    assert lw.attribute(digit, "deeplift").map.any()
