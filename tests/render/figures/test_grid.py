from __future__ import annotations

import numpy as np

from layerwalk.render.board import Board
from layerwalk.render.colour import Scale, colourise
from layerwalk.render.figures.grid import Grid, outline
from layerwalk.render.paper import INK, PANEL, TRACK

SCALE = Scale(-1, 1, "bluered")


def drawn(grid: Grid) -> np.ndarray:
    board = Board(grid.width + 20, grid.height + 20)
    grid.draw(board, 0, 0)
    return np.asarray(board.image)[grid.head :, grid.edge :]


def test_cells_have_their_colours_and_blank_ones_none() -> None:
    array = np.array([[1.0, np.nan], [-1.0, 0.5]])
    grid = Grid(array, "", "", SCALE, 40, blank=np.isnan(array), numbers=False, bar=False)
    pixels = drawn(grid)
    middles = pixels[20:80:40, 20:80:40]
    expected = colourise(np.nan_to_num(array), SCALE)
    expected[0, 1] = TRACK
    np.testing.assert_array_equal(middles, expected)


def test_padding_is_hatched() -> None:
    padding = np.array([[True, False]])
    grid = Grid(np.zeros((1, 2)), "", "", SCALE, 40, hatched=padding, numbers=False, bar=False)
    pixels = drawn(grid)[2:38]
    assert len(np.unique(pixels[:, 2:38].reshape(-1, 3), axis=0)) == 2
    assert len(np.unique(pixels[:, 42:78].reshape(-1, 3), axis=0)) == 1


def test_names_and_numbering_take_room() -> None:
    array = np.zeros((2, 2))
    bare = Grid(array, "", "", SCALE, 40, bar=False)
    assert (bare.width, bare.height, bare.edge, bare.head) == (80, 80, 0, 0)
    full = Grid(array, "window", "channel 3", SCALE, 40, rows=(-1, 0), columns=(5, 6))
    assert full.edge > 0
    assert full.head > 0
    assert full.width > 80
    assert full.height > 80 + full.head


def test_numbers_that_differ_look_different() -> None:
    from layerwalk.render.figures.grid import _decimals

    assert _decimals(np.array([[0.0856, 0.0859]])) == 4
    assert _decimals(np.array([[1.0, 2.0]])) == 0
    assert _decimals(np.array([[0.25, 0.75]])) == 2


def test_an_outline_is_ink_with_a_white_edge() -> None:
    board = Board(60, 60)
    outline(board, (10, 10, 40, 40), weight=4)
    row = np.asarray(board.image)[30]
    assert [tuple(row[x]) for x in (9, 11, 13, 14, 30)] == [PANEL, INK, INK, PANEL, tuple(row[0])]
