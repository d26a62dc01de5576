"""The windows of ops."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.surfaces.answer.geometry import geometry_of


@pytest.mark.parametrize(
    ("module", "geometry"),
    [
        (
            nn.Conv2d(4, 8, (3, 5), stride=(1, 2), padding=(1, 2), dilation=(1, 1), groups=4),
            {
                "kernel": (3, 5), "stride": (1, 2), "padding": (1, 2), "dilation": (1, 1),
                "groups": (4,),
            },
        ),
        (
            nn.Conv2d(4, 4, (2, 3), padding="same", dilation=1),
            {"kernel": (2, 3), "stride": (1, 1), "dilation": (1, 1), "groups": (1,)},
        ),
        (
            nn.MaxPool2d(3, 2, 1),
            {"kernel": (3, 3), "stride": (2, 2), "padding": (1, 1), "dilation": (1, 1)},
        ),
        (nn.AvgPool2d(2), {"kernel": (2, 2), "stride": (2, 2), "padding": (0, 0)}),
        (nn.AdaptiveAvgPool2d(3), {}),
        (nn.ReLU(), {}),
        (nn.BatchNorm2d(4), {}),
    ],
    ids=lambda given: type(given).__name__,
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_the_window(module: nn.Module, geometry: dict[str, tuple[int, ...]]) -> None:
    (op,) = lw.trace(module.eval(), torch.zeros(1, 4, 9, 9))
    assert geometry_of(op) == geometry


def test_windows_of_one_dimension_are_not_two() -> None:
    (op,) = lw.trace(nn.Conv1d(2, 2, 3), torch.zeros(1, 2, 9))
    assert geometry_of(op) == {}
