from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.errors import LayerwalkError
from layerwalk.recipes.explain import explain
from layerwalk.render.sliding_window import sliding_window
from layerwalk.render.window import Window, window_of
from render.explained import walk


def window(module: nn.Module, index: tuple[int, ...], *shape: int) -> Window:
    found = window_of(explain(walk(module, *shape), 0, index))
    assert found is not None
    return found


def test_a_plane_is_the_window_of_one_channel() -> None:
    trace = walk(nn.Conv2d(3, 2, (2, 3)), 1, 3, 6, 7)
    found = window_of(explain(trace, 0, (0, 1, 4, 2)))
    assert found is not None
    image, kernel = trace.inputs[0].array(), trace[0].parameters[0].array()
    for channel, plane in enumerate(found.planes):
        assert plane.channel == (0, channel)
        assert plane.box == (4, 2, 6, 5)
        np.testing.assert_array_equal(plane.numbers, image[0, channel, 4:6, 2:5])
        np.testing.assert_array_equal(plane.weights, kernel[1, channel])
        product = plane.numbers * kernel[1, channel]
        np.testing.assert_allclose(plane.results, product, rtol=1e-6)


def test_stride_padding_and_dilation_place_the_window() -> None:
    module = nn.Conv2d(1, 1, 3, stride=2, padding=2, dilation=2)
    (plane,) = window(module, (0, 0, 0, 3), 1, 1, 7, 7).planes
    assert plane.box == (-2, 4, 3, 9)
    np.testing.assert_array_equal(plane.places[:, 0, 0], [-2, 0, 2])
    np.testing.assert_array_equal(plane.places[0, :, 1], [4, 6, 8])
    assert plane.padding.tolist() == [[True] * 3, [False, False, True], [False, False, True]]
    assert not plane.numbers[plane.padding].any()


def test_max_pooling_has_no_terms_beyond_the_input() -> None:
    (plane,) = window(nn.MaxPool2d(3, 2, 1), (0, 1, 0, 0), 1, 2, 8, 8).planes
    assert plane.box == (0, 0, 2, 2)
    assert plane.weights is None
    assert not plane.padding.any()


def test_a_plane_of_padding_is_not_shown_as_one_of_the_input() -> None:
    image = torch.zeros(1, 1, 3, 4, 4)
    image[0, 0, 2] = 7.0  # what position -1 would be, counted from the end
    trace = lw.trace(nn.AvgPool3d(2, padding=1), image)
    found = window_of(explain(trace, 0, (0, 0, 0, 1, 1)))
    assert found is not None
    assert [found.holds(plane.channel) for plane in found.planes] == [False, True]
    film = sliding_window(trace, 0, (0, 0, 0, 1, 1))
    assert {move.plane.channel for move in film.moves} == {(0, 0, 0)}
    assert not film.input.any()
    beyond = lw.trace(nn.Conv3d(1, 1, 2, padding=2), image)
    with pytest.raises(LayerwalkError, match="read nothing but padding"):
        sliding_window(beyond, 0, (0, 0, 0, 1, 1))


class Total(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.sum()


def test_the_sum_of_a_whole_value_has_no_window() -> None:
    trace = walk(Total(), 1, 1, 3, 5)
    assert window_of(explain(trace, 0, ())) is None
    with pytest.raises(LayerwalkError, match="no window slides"):
        sliding_window(trace, 0, ())


def test_a_window_of_a_signal_is_one_row() -> None:
    found = window(nn.Conv1d(2, 1, 3), (0, 0, 4), 1, 2, 9)
    assert found.rank == 1
    assert [plane.numbers.shape for plane in found.planes] == [(1, 3), (1, 3)]
    assert found.planes[1].box == (0, 4, 1, 7)


def test_a_group_goes_through_its_own_channels() -> None:
    found = window(nn.Conv2d(4, 4, 3, groups=2), (0, 3, 0, 0), 1, 4, 5, 5)
    assert [plane.channel for plane in found.planes] == [(0, 2), (0, 3)]


@pytest.mark.parametrize(
    ("module", "shape"),
    [(nn.ReLU(), (1, 2, 3, 4)), (nn.Conv2d(2, 2, 1), (1, 2, 3, 3)), (nn.Linear(4, 2), (1, 4))],
)
def test_other_ops_have_no_window(module: nn.Module, shape: tuple[int, ...]) -> None:
    trace = walk(module, *shape)
    assert window_of(explain(trace, 0, (0,) * len(trace[0].shape))) is None


def test_what_cannot_be_printed_can_be_filmed() -> None:
    found = explain(walk(nn.Conv2d(1, 1, 13), 1, 1, 15, 15), 0, (0, 0, 1, 1))
    assert window_of(found) is None
    film = window_of(found, printed=False)
    assert film is not None
    assert film.planes[0].box == (1, 1, 14, 14)
