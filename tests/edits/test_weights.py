"""Weights set and replaced by filters, and what there is to know of it."""

from __future__ import annotations

import numpy as np
import torch

import layerwalk as lw
from edits.test_rerun import picture, small
from layerwalk.capture import record
from layerwalk.edits import edit, rerun


def test_axes_of_one_number_do_not_count() -> None:
    trace = record(small(), (picture(),))
    bias = np.arange(5.0)[None]
    after = rerun(trace, edit().set_weight("last.bias", bias))
    np.testing.assert_array_equal(after["last"].inputs[2].array(), bias[0])


def test_what_is_to_be_known_of_an_edit() -> None:
    trace = record(small(), (torch.linspace(-1, 2, 432).reshape(1, 3, 12, 12),))
    several = (
        edit()
        .use_filter("conv1", "sobel-x", at=(0, 2))
        .use_filter("conv1", "sobel-x")
        .use_filter("conv1.weight", "difference-x", at=(0,))
        .hide(0, 0, 1, 1)
        .hide(0, 0, 1, 1, paint=5)
        .add_noise(0.1)
        .silence("act", 4)
    )
    units = "in the units that the network reads, here -1 to 2"
    assert [step.remark(trace) for step in several] == [
        "", "divided by 3, the number of input channels",
        "divided by 3, the number of input channels; in the middle of 3x3, zeros around",
        "", units, units, "",
    ]  # fmt: skip
    weight = rerun(trace, several[1:2])["conv1"].inputs[1].array()
    np.testing.assert_allclose(weight[3, 1] * 3, lw.find_filter("sobel-x").matrix, atol=1e-6)
