"""Windows over feature maps: names of the dimensions, positions without needless parts."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.rules.window import affine, map_axes, rank_of, slid
from recipes.judged import traced


def test_sums_leave_out_what_adds_nothing() -> None:
    assert affine() == 0
    assert affine((0, "y"), 0) == 0
    assert affine((1, "y"), 0) == "y"
    assert affine((3, "y"), (1, "u"), -2) == ("add", ("mul", 3, "y"), "u", -2)


def test_positions_of_a_window() -> None:
    assert slid(("y", "x"), (1, 2), (1, 3), (0, 1)) == (
        ("add", "y", "u"),
        ("add", ("mul", 2, "x"), ("mul", 3, "v"), -1),
    )


def test_maps_are_named_with_and_without_a_batch() -> None:
    op = traced(lambda x: F.max_pool2d(x, 2), torch.ones(3, 4, 6))[0]
    call = Call(op, 0)
    assert rank_of(call) == 2
    assert map_axes(call, 2) == (("c", 3), ("y", 2), ("x", 3))
    assert map_axes(call, 1) == (("n", 3), ("c", 2), ("x", 3))
    assert [name for name, _ in map_axes(call, 2)] != [name for name, _ in call.axes]
    with pytest.raises(NoRecipeError, match="3-D output"):
        map_axes(call, 3)
