from __future__ import annotations

import numpy as np

from layerwalk.render.board import Board
from layerwalk.render.figures.contributions import Contribution, Contributions
from layerwalk.render.tables import colour_table


def bars(*values: float) -> list[tuple[int, int]]:
    """How many pixels of each row are up and down."""
    rows = [Contribution("x", value) for value in values]
    drawing = Contributions("terms", "", rows)
    board = Board(drawing.width, drawing.height)
    drawing.draw(board, 0, 0)
    pixels = np.asarray(board.image)
    table = colour_table("bluered")
    found = []
    for at in range(len(values)):
        row = pixels[44 + 38 * at + 12]
        found.append(tuple(int((row == table[entry]).all(axis=1).sum()) for entry in (225, 29)))
    return found  # type: ignore[return-value]


def test_bars_run_from_the_middle_where_something_is_negative() -> None:
    assert bars(2.0, -1.0, 0.0) == [(319, 0), (0, 159), (0, 0)]


def test_without_a_negative_they_have_all_the_room() -> None:
    up = [found[0] for found in bars(2.0, 1.0)]
    assert up == [639, 319]


def test_what_is_no_number_has_no_bar() -> None:
    assert bars(float("nan"), -1.0)[0] == (0, 0)
    assert bars(float("inf"))[0] == (0, 0)
