from __future__ import annotations

import numpy as np
from torch import nn

from layerwalk.render.board import Board
from layerwalk.render.figures.place import place_on
from layerwalk.render.paper import INK
from render.explained import tutorial, walk


def test_the_frame_lies_round_the_box() -> None:
    place = place_on(tutorial(nn.ReLU()).inputs[0], (0, 0), (1, 2, 3, 4))
    assert place.fit.down.zoom == 48
    assert place._frame(0, 0) == (94, 46, 100, 100)
    board = Board(place.width, place.height)
    place.draw(board, 0, 0)
    assert tuple(np.asarray(board.image)[36 + 46 + 50, 95]) == INK


def test_a_frame_is_seen_however_small_and_is_cut_off_at_the_edges() -> None:
    value = walk(nn.ReLU(), 1, 1, 200, 300).inputs[0]
    _, _, wide, high = place_on(value, (0, 0), (50, 60, 51, 61))._frame(0, 0)
    assert (wide, high) == (24, 24)
    left, top, wide, high = place_on(value, (0, 0), (-30, -30, 60, 60))._frame(0, 0)
    assert (left, top) == (-2, -2)
    assert wide == high


def test_a_signal_is_one_row() -> None:
    place = place_on(walk(nn.ReLU(), 1, 2, 50).inputs[0], (0, 1), (0, 3, 1, 4))
    assert place.array.shape == (1, 50)
    assert place.fit.down.zoom == 48
    assert place.facts.startswith("0, 1, ·  of 1 ")
