from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Failure, Photo, Trace
from layerwalk.render import board
from layerwalk.render.colour import choose_scale, colourise
from layerwalk.render.figures import walk_overview
from layerwalk.render.mosaic import rank
from layerwalk.render.paper import MARGIN

RANDOM = np.random.default_rng(0)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line of text that is written on a board."""
    lines: list[str] = []
    write = board.Board.text

    def listen(self: board.Board, left: float, baseline: float, text: str, **how: Any) -> None:
        lines.append(text)
        write(self, left, baseline, text, **how)

    monkeypatch.setattr(board.Board, "text", listen)
    return lines


def test_a_row_tells_the_op_and_shows_its_strongest_channels(
    make_trace: Any, written: list[str]
) -> None:
    array = RANDOM.normal(size=(1, 20, 14, 14)).astype(np.float32)
    image = walk_overview(make_trace([("layer1.conv", "conv2d", array)]), channels=3, tile=112)
    strongest = [str(channel) for channel in rank(array[0], "strength", 3)]
    assert written.index("layer1.conv") > written.index("1 op")
    assert "conv2d  ·  1 × 20 × 14 × 14" in written  # noqa: RUF001
    most = f"{np.abs(array).max():#.4g}"
    assert {most, f"−{most}"} <= set(written)  # noqa: RUF001
    places = [written.index(channel) for channel in strongest]
    assert places == sorted(places)
    tile = colourise(array[0, int(strongest[0])], choose_scale(array)).repeat(8, 0).repeat(8, 1)
    pixels = np.asarray(image)
    corners = np.argwhere((pixels[:-112, :-112] == tile[0, 0]).all(axis=2))
    assert any(np.array_equal(pixels[y : y + 112, x : x + 112], tile) for y, x in corners)


def test_every_op_of_a_long_walk_has_a_row(make_trace: Any, written: list[str]) -> None:
    steps = [(f"op{k}", "relu", np.ones((1, 3, 9, 9))) for k in range(140)]
    image = walk_overview(make_trace(steps))
    assert {f"op{k}" for k in range(140)} <= set(written)
    assert image.height > 140 * 120


def test_ops_can_be_chosen(make_trace: Any, written: list[str]) -> None:
    kinds = ["conv2d", "relu", "max_pool2d"]
    trace = make_trace([(f"op{k}", kinds[k % 3], np.ones((1, 2, 4, 4))) for k in range(9)])

    def shown(**options: Any) -> list[str]:
        written.clear()
        walk_overview(trace, **options)
        return [line for line in written if line.startswith("op")]

    assert shown(ops=["op3", 5, trace.ops[7]]) == ["op3", "op5", "op7"]
    assert shown(kinds=["relu"]) == ["op1", "op4", "op7"]
    assert shown(every=3) == ["op0", "op3", "op6", "op8"]
    assert "4 of 9 ops shown" in written[1]
    with pytest.raises(NotFoundError, match="kinds of its ops are: conv2d, max_pool2d, relu"):
        walk_overview(trace, kinds=["linear"])


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((1, 4, 300, 300), "1 of 3 rows and columns drawn"),
        ((1, 2, 9, 8, 8), "middle slice: depth 4 of 0..8"),
        ((1, 4, 16000), "1 of 16 columns drawn; axis 1 runs down, axis 2 across"),
        ((1, 5000), "255 a row, read row by row"),
        ((), "thing  ·  scalar"),
        ((1, 0, 3), "thing  ·  1 × 0 × 3"),  # noqa: RUF001
    ],
)
def test_every_shape_has_a_row(
    make_trace: Any, written: list[str], shape: tuple[int, ...], words: str
) -> None:
    trace = make_trace(
        [("op", "thing", np.ones(shape, np.float32)), ("wide", "thing", np.ones((1, 8, 9, 9)))]
    )
    walk_overview(trace, tile=112)
    assert words in written


def test_a_value_without_that_sample_does_not_stop_the_walk(
    make_trace: Any, written: list[str]
) -> None:
    trace = make_trace([("mask", "thing", np.ones((1, 9))), ("op", "relu", np.ones((2, 3, 4, 4)))])
    walk_overview(trace, sample=1)
    assert "there is no sample 1" in written
    assert "sample 1 of 0..1" in written


def test_the_head_tells_photo_model_and_prediction(
    make_trace: Any, photo: Photo, written: list[str]
) -> None:
    logits = np.log(np.array([[0.2, 0.8]]))
    trace = make_trace([("fc", "linear", logits)], labels=("cat", "dog"), photo=photo)
    pixels = np.asarray(walk_overview(trace))
    assert written[:2] == ["net", "disc.png  ·  1 op"]
    assert "80.0 %   dog" in written
    assert np.array_equal(
        pixels[MARGIN : MARGIN + 21 * 10 : 10, MARGIN : MARGIN + 32 * 10 : 10],
        photo.pixels.repeat(3, 2),
    )


def test_the_range_of_a_volume_is_that_of_all_its_slices(
    make_trace: Any, written: list[str]
) -> None:
    volume = np.zeros((2, 3, 5, 4, 4), np.float32)
    volume[0, 0, 0] = -7
    volume[1, 0, 2] = 3
    walk_overview(make_trace([("op", "conv3d", volume)]))
    assert any(line.startswith("−7 to 3") for line in written)  # noqa: RUF001
    assert any("sample 0 of 0..1" in line and "depth 2 of 0..4" in line for line in written)
    assert {"0", "1", "2"} <= set(written[-4:]), "every channel"


def test_channels_kept_last_are_drawn_as_channels(make_trace: Any, written: list[str]) -> None:
    array = RANDOM.normal(size=(1, 14, 14, 3)).astype(np.float32)
    image = walk_overview(make_trace([("norm", "linear", array)]), tile=112)
    assert any("channels are axis 3" in line for line in written)
    first = rank(np.ascontiguousarray(np.moveaxis(array[0], -1, 0)), "strength", 1)[0]
    tile = colourise(array[0, ..., first], choose_scale(array)).repeat(8, 0).repeat(8, 1)
    pixels = np.asarray(image)
    corners = np.argwhere((pixels[:-112, :-112] == tile[0, 0]).all(axis=2))
    assert any(np.array_equal(pixels[y : y + 112, x : x + 112], tile) for y, x in corners)


def test_an_untrained_network_is_called_one(make_trace: Any, written: list[str]) -> None:
    steps = [("op", "relu", np.ones((1, 3, 4, 4)))]
    walk_overview(make_trace(steps, trained="untrained, seed 0"))
    assert written[0] == "net, untrained (random weights)"


def test_scores_that_are_no_numbers_are_not_told(make_trace: Any, written: list[str]) -> None:
    walk_overview(make_trace([("fc", "linear", np.array([[np.nan, np.inf]]))]))
    assert not any("nan" in line for line in written)


def test_an_incomplete_walk_says_where_it_stopped(make_trace: Any, written: list[str]) -> None:
    trace = make_trace(
        [("conv", "conv2d", np.ones((1, 2, 3, 3)))], failure=Failure("fc", "shapes do not fit")
    )
    walk_overview(trace)
    assert "stopped in fc: shapes do not fit" in written


def test_bad_options_are_told(edges: Trace) -> None:
    for options in ({"every": 0}, {"channels": 0}, {"tile": 3}):
        with pytest.raises(LayerwalkError, match="draws nothing"):
            walk_overview(edges, **options)  # type: ignore[arg-type]
    with pytest.raises(NotFoundError, match="no op 'nose'"):
        walk_overview(edges, ops=["nose"])


def test_the_picture(edges: Trace, looks_like: Callable[[Image.Image, str], None]) -> None:
    looks_like(walk_overview(edges), "walk-overview")
