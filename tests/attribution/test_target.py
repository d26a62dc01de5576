"""What an aim names: a class, a channel along its true axis, or a sentence that says why not."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import layerwalk as lw
from attributed_networks import picture, tidy
from layerwalk.attribution import METHODS, contributions, target_of
from layerwalk.capture import record
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace


class Windows(nn.Module):
    """Channels that are kept last, then windows of the picture as rows."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3, 6, 2, 2)
        self.mixed = nn.Linear(6, 5)
        self.last = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.mixed(self.first(x).permute(0, 2, 3, 1))
        rows = y.view(-1, 2, 2, 2, 2, 5).permute(0, 1, 3, 2, 4, 5).reshape(-1, 4, 5)
        return self.last(F.gelu(rows).reshape(len(x), -1, 5).mean(1))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def plain() -> Trace:
    return record(tidy(), (picture(2),))


@pytest.mark.parametrize("sample", [0, 1])
def test_a_channel_lies_along_the_axis_that_holds_the_channels(sample: int) -> None:
    torch.manual_seed(1)
    model = Windows().eval()
    trace = record(model, (picture(2),))
    with torch.no_grad():
        made = model.mixed(model.first(picture(2)).permute(0, 2, 3, 1))
    # 4 x 4 places and 5 channels: there is a channel 4, and no row 4.
    found = lw.attribute(trace, "deeplift", ("mixed", 4), sample=sample)
    assert found.score == pytest.approx(float(made[sample, ..., 4].sum()), rel=1e-5)
    assert found.residue == pytest.approx(0, abs=1e-5)
    assert contributions(trace, ("mixed", 4), sample).score == pytest.approx(found.score)
    with pytest.raises(NotFoundError, match="there is no channel 5; it has 5, from 0"):
        target_of(trace, ("mixed", 5))


def test_windows_of_one_picture_are_all_of_it() -> None:
    torch.manual_seed(1)
    model = Windows().eval()
    trace = record(model, (picture(),))
    recorded = trace["gelu"].outputs[0].array()
    for method in ("deeplift", "occlusion"):
        found = lw.attribute(trace, method, ("gelu", 3))
        assert found.score == pytest.approx(float(recorded[:, 3].sum()), rel=1e-5)
    with pytest.raises(
        NotFoundError, match=r"gelu: the first axis of its output \(8, 4, 5\) is not"
    ):
        target_of(record(model, (picture(2),)), ("gelu", 3))


def test_a_single_score_is_class_0() -> None:
    torch.manual_seed(1)
    model = nn.Sequential(nn.Conv2d(3, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 1)).eval()
    trace = record(model, (picture(),))
    for method in METHODS:
        found = lw.attribute(trace, method)
        assert found.target == "class 0"
        assert found.score == pytest.approx(float(trace.outputs[0].array()[0, 0]), rel=1e-5)
        assert np.array_equal(found.map, lw.attribute(trace, method, 0).map)
    with pytest.raises(NotFoundError, match="there is no class 1; it has 1, from 0"):
        lw.attribute(trace, "saliency", 1)


def test_numpys_whole_numbers_are_whole(plain: Trace) -> None:
    assert target_of(plain, np.int64(3)) == target_of(plain, 3)  # type: ignore[arg-type]
    assert target_of(plain, ("0", np.int32(3))).channel == 3  # type: ignore[arg-type]
    assert target_of(plain, (plain["0"], 3), np.int64(1)).sample == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("aim", "sample", "message"),
    [
        (("0",), 0, "aim: ('0',) names no channel; give a class by its number or label, or"),
        (("0", 1, 2), 0, "aim: ('0', 1, 2) names no channel"),
        ((), 0, "aim: () names no channel"),
        (("0", (1, 2)), 0, "aim: (1, 2) is no whole number; give a class"),
        (("0", 0.5), 0, "aim: 0.5 is no whole number"),
        (("0", True), 0, "aim: True is no whole number"),
        (("0", "1"), 0, "aim: '1' is no whole number"),
        ((0.5, 1), 0, "0.5 is neither a name nor an index"),
        (1.5, 0, "aim: 1.5 is no whole number"),
        (True, 0, "aim: True is no whole number"),
        (["0", 1], 0, "aim: ['0', 1] is no whole number"),
        (9, 0, "8: there is no class 9; it has 5, from 0"),
        (-1, 0, "8: there is no class -1; it has 5, from 0"),
        (("0", 9), 0, "0: there is no channel 9; it has 4, from 0"),
        (0, 7, "8: there is no sample 7; it has 2, from 0"),
        (("0", 1), 7, "0: there is no sample 7; it has 2, from 0"),
        (0, 0.5, "sample: 0.5 is no whole number; give the number of a picture of the batch"),
    ],
)
def test_what_is_no_aim(plain: Trace, aim: Any, sample: Any, message: str) -> None:
    with pytest.raises(lw.LayerwalkError, match=re.escape(message)):
        lw.attribute(plain, "saliency", aim, sample=sample)


@pytest.mark.parametrize("aim", [None, 2, "tabby"])
def test_maps_of_classes_are_no_class_scores(aim: Any) -> None:
    trace = record(nn.Sequential(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 2, 1)), (picture(),))
    said = "the output of shape (1, 2, 6, 6) holds no class scores, (N, classes); aim at an op's "
    with pytest.raises(NotFoundError, match=re.escape(said) + '.*: \\("1", 0\\); in a command 1:0'):
        lw.attribute(trace, "saliency", aim)
    assert lw.attribute(trace, "saliency", ("1", 1)).target == "1 channel 1"
