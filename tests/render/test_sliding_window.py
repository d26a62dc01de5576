from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

import layerwalk as lw
from layerwalk.errors import LayerwalkError
from layerwalk.render.sliding_window import sliding_window
from render.explained import tutorial, walk

NONE = float("nan")


def test_the_worked_example_of_the_tutorial() -> None:
    film = sliding_window(tutorial(nn.MaxPool2d(2)), 0)
    assert [move.plane.box for move in film.moves] == [
        (0, 0, 2, 2), (0, 2, 2, 4), (2, 0, 4, 2), (2, 2, 4, 4),
    ]  # fmt: skip
    assert [move.plane.numbers.tolist() for move in film.moves] == [
        [[20, 45], [140, 85]],
        [[80, 90], [40, 50]],
        [[235, 215], [230, 240]],
        [[150, 45], [250, 200]],
    ]
    filled = [film.filled(k) for k in range(4)]
    np.testing.assert_array_equal(filled[0], [[140, NONE], [NONE, NONE]])
    np.testing.assert_array_equal(filled[1], [[140, 90], [NONE, NONE]])
    np.testing.assert_array_equal(filled[2], [[140, 90], [240, NONE]])
    np.testing.assert_array_equal(filled[3], [[140, 90], [240, 250]])


def test_average_pooling_slides_too() -> None:
    film = sliding_window(tutorial(nn.AvgPool2d(2)), 0)
    np.testing.assert_array_equal(film.filled(3), [[72.5, 65], [230, 161.25]])
    assert film.moves[2].plane.total / 4 == 230


@settings(max_examples=12)
@given(
    kernel=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    stride=st.integers(1, 3),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
)
def test_the_windows_of_a_convolution_give_its_output(
    kernel: tuple[int, int], stride: int, padding: int, dilation: int
) -> None:
    module = nn.Conv2d(1, 1, kernel, stride, padding, dilation, bias=False)
    trace = walk(module, 1, 1, 11, 10)
    film = sliding_window(trace, 0, most=400)
    padded = np.pad(trace.inputs[0].array()[0, 0], padding)
    assert len(film) == film.output.size
    for move in film.moves:
        plane = move.plane
        top, left, bottom, right = (edge + padding for edge in plane.box)
        assert (top, left) == (move.index[0] * stride, move.index[1] * stride)
        seen = padded[top:bottom:dilation, left:right:dilation]
        np.testing.assert_array_equal(plane.numbers, seen)
        assert plane.total == pytest.approx(film.output[move.index], abs=1e-4)
    first, last = np.array(film.bounds[:2]), np.array(film.bounds[2:])
    assert (first == -padding).all()
    assert (last <= np.array([11, 10]) + padding).all()


def test_a_large_map_has_every_kth_value_and_the_last() -> None:
    trace = walk(nn.Conv2d(1, 2, 3), 1, 1, 30, 40)
    film = sliding_window(trace, 0, (0, 1, 5, 5), most=50)
    places = [row * 38 + column for row, column in (move.index for move in film.moves)]
    steps = set(np.diff(places[:-1]).tolist())
    assert len(steps) == 1
    assert places[0] == 0
    assert places[-1] == 28 * 38 - 1
    assert len(film) <= 50
    assert (28 * 38 - 1) / (steps.pop() - 1) > 49  # a smaller step would have been too many
    assert film.lead == (0, 1)
    np.testing.assert_array_equal(film.filled(len(film) - 1), trace[0].array()[0, 1])
    assert np.isnan(film.filled(3)).sum() == 28 * 38 - places[3] - 1


def test_a_signal_and_a_volume() -> None:
    film = sliding_window(walk(nn.Conv1d(1, 1, 3), 1, 1, 8), 0)
    assert film.output.shape == (1, 6)
    assert film.moves[2].plane.box == (0, 2, 1, 5)
    volume = sliding_window(walk(nn.Conv3d(1, 1, 2), 1, 1, 3, 4, 4), 0, (0, 0, 1, 0, 0))
    assert volume.lead == (0, 0, 1)
    assert volume.moves[0].plane.channel[:2] == (0, 0)
    assert volume.output.shape == (3, 3)


def test_the_channel_is_that_asked_for_or_the_strongest() -> None:
    module = nn.Conv2d(3, 1, 2)
    trace = walk(module, 1, 3, 4, 4)
    assert sliding_window(trace, 0, channel=1).moves[0].plane.channel == (0, 1)
    with torch.no_grad():
        module.weight[:, 2] *= 100
    strong = lw.trace(module, torch.randn(1, 3, 4, 4))
    assert {m.plane.channel for m in sliding_window(strong, 0).moves} == {(0, 2)}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"channel": 3}, "input: the window does not go through channel 3; it goes through 0 to 2"),
        ({"output": 1}, "conv2d: there is no output 1; it made 1"),
        ({"index": (0, 0)}, r"conv2d: \(0, 0\) is no position in shape \(1, 1, 3, 3\)"),
        ({"most": 1}, "1 pictures are no film"),
    ],
)
def test_what_cannot_be_filmed_is_told(given: dict[str, object], said: str) -> None:
    trace = walk(nn.Conv2d(3, 1, 2), 1, 3, 4, 4)
    with pytest.raises(LayerwalkError, match=said):
        sliding_window(trace, 0, **given)  # type: ignore[arg-type]


def test_an_op_without_a_window_is_told() -> None:
    with pytest.raises(LayerwalkError, match="no window slides over what relu reads"):
        sliding_window(walk(nn.ReLU(), 1, 1, 4, 4), 0)
