from __future__ import annotations

import numpy as np

from layerwalk.render.board import Board
from layerwalk.render.colour import Scale
from layerwalk.render.figures.blocks import Lines, Row
from layerwalk.render.figures.grid import Grid


def cell(size: int) -> Grid:
    scale = Scale(0, 1, "grey")
    return Grid(np.zeros((1, 1)), "", "", scale, size, numbers=False, bar=False)


def black(row: Row) -> list[tuple[int, int, int]]:
    """Left, top and bottom of each black square."""
    board = Board(row.width, row.height)
    row.draw(board, 0, 0)
    dark = (np.asarray(board.image) == 0).all(axis=2)
    edges = np.flatnonzero(np.diff(np.r_[False, dark.any(axis=0), False].astype(int)))
    found = []
    for left in edges[::2]:
        rows = np.flatnonzero(dark[:, left])
        found.append((int(left), int(rows[0]), int(rows[-1]) + 1))
    return found


def test_blocks_stand_side_by_side_from_the_top() -> None:
    row = Row([cell(40), cell(20)])
    assert (row.width, row.height) == (40 + 36 + 20, 40)
    assert black(row) == [(0, 0, 40), (76, 0, 20)]


def test_with_signs_they_are_centred() -> None:
    row = Row([cell(40), cell(20)], ("",))
    assert (row.width, row.height) == (40 + 64 + 20, 40)
    assert black(row) == [(0, 0, 40), (104, 10, 30)]


def test_lines_are_as_wide_as_the_longest() -> None:
    one, two = Lines([("a", "b")]), Lines([("a", "b"), ("longer", "c")])
    assert two.width > one.width
    assert two.height == 2 * one.height
