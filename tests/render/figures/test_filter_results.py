from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from layerwalk.errors import LayerwalkError
from layerwalk.filters import apply_filter, find_filter, parse_filter
from layerwalk.record import Array, Photo
from layerwalk.render.figures import FilterResult, filter_results
from layerwalk.render.figures.filter_results import result_scale

Images = Callable[[Figure], list[Array]]
Texts = Callable[[Figure], list[str]]


def results(photo: Array, *kernels: str) -> list[FilterResult]:
    chosen = [parse_filter(one) if one[0] in "-0123456789" else find_filter(one) for one in kernels]
    return [FilterResult(one, apply_filter(photo, one)) for one in chosen]


@pytest.fixture
def grey(photo: Photo) -> Array:
    return photo.pixels[..., 0]


def test_a_row_says_what_it_is_and_its_range(grey: Array, texts: Texts) -> None:
    made = results(grey, "sobel-x")
    found = texts(filter_results(grey, made, title="Sobel", notes=("stride 1",)))
    low, high = (
        f"{value:.0f}".replace("-", "−")  # noqa: RUF001
        for value in (made[0].result.min(), made[0].result.max())
    )
    assert f"19 × 30  ·  {low} to {high}" in found  # noqa: RUF001
    assert {"Sobel", "sobel-x", "stride 1", "21 × 32", "3 × 3"} <= set(found)  # noqa: RUF001
    assert f"grey levels 0 to 255  ·  this photo {grey.min()} to {grey.max()}" in found
    assert "positive where it gets brighter to the right" in found
    cells = [text for text in found if text in ("−1", "1", "−2", "2", "0")]  # noqa: RUF001
    assert {text: cells.count(text) for text in set(cells)}["−1"] == 2  # noqa: RUF001


def test_a_filter_that_divides_shows_whole_numbers(grey: Array, texts: Texts) -> None:
    found = texts(filter_results(grey, results(grey, "gaussian-5")))
    assert "5 × 5, each ÷ 256" in found  # noqa: RUF001
    assert "24" in found
    assert not any(text.startswith("0.0") for text in found)


def test_photo_and_results_are_drawn_with_the_same_pixels_a_value(
    grey: Array, images: Images
) -> None:
    figure = filter_results(grey, results(grey, "sobel-x", "box-5"))
    sizes = [picture.shape[:2] for picture in images(figure)]
    zoom = 740 // 32
    assert sizes.count((21 * zoom, 32 * zoom)) == 2
    assert (19 * zoom, 30 * zoom) in sizes
    assert (17 * zoom, 28 * zoom) in sizes


def test_a_large_photo_says_what_is_left_out(texts: Texts) -> None:
    photo = np.zeros((1100, 40), np.uint8)
    found = texts(filter_results(photo, results(photo, "box")))
    assert "1 of 2 rows and columns drawn" in found


def test_colours_of_results() -> None:
    def scale(kernel: str, low: float, high: float) -> tuple[str, float, float]:
        one = parse_filter(kernel) if kernel[0] in "-01" else find_filter(kernel)
        found = result_scale(one, np.array([[low, high]]))
        return found.map, found.low, found.high

    # What keeps the brightness looks like the photo, whatever lies beyond.
    assert scale("gaussian", 3, 90) == ("grey", 0, 255)
    assert scale("sharpen", -80, 300) == ("grey", 0, 255)
    assert scale("darken", 0, 127) == ("grey", 0, 255)
    # Zero stays put where a filter looks for changes.
    assert scale("sobel-x", -3, 9) == ("bluered", -9, 9)
    assert scale("-1", -9, -3) == ("bluered", -9, 9)
    assert scale("-1 0.5 0.75", -3, 255) == ("bluered", -255, 255)
    assert scale("1 1 1", 3, 765) == ("grey", 3, 765)
    assert scale("edge", 0, 4) == ("grey", 0, 4)


def test_what_lies_beyond_the_greys_is_told(texts: Texts) -> None:
    photo = np.zeros((5, 6), np.uint8)
    photo[2, 2:] = 200
    found = texts(filter_results(photo, results(photo, "sharpen")))
    assert "58.3 % below 0, drawn black; 25.0 % above 255, drawn white" in found
    assert not any("drawn" in text for text in texts(filter_results(photo, results(photo, "box"))))


def test_a_few_steep_edges_do_not_make_all_else_white(texts: Texts, grey: Array) -> None:
    result = np.random.default_rng(0).normal(0, 10, (40, 50))
    result[3, 4], result[30, 20] = 900, -400
    one = FilterResult(find_filter("sobel-x"), result)
    found = result_scale(one.filter, result)
    inside = np.abs(result) <= found.high
    assert (found.map, found.low) == ("bluered", -found.high)
    assert inside.mean() == pytest.approx(0.995, abs=1e-3)
    assert found.high < 40
    photo = np.tile(grey, (2, 2))[:42, :52]
    figure = filter_results(photo, [one])
    beyond = np.count_nonzero(~inside)
    assert f"{beyond} beyond, to 900" in texts(figure)
    assert "40 × 50  ·  −400 to 900" in texts(figure)  # noqa: RUF001
    few = FilterResult(find_filter("sobel-x"), np.clip(result, -1, 1))
    assert not any("beyond" in text for text in texts(filter_results(photo, [few])))


def test_what_is_no_number_is_drawn() -> None:
    photo, one = np.zeros((4, 4), np.uint8), find_filter("edge")
    result = np.array([[np.nan, 1.0], [np.inf, -1.0]])
    assert filter_results(photo, [FilterResult(one, result)]) is not None


@pytest.mark.parametrize(
    ("photo", "result", "words"),
    [
        (np.zeros((4, 4)), np.zeros((2, 2)), "photo: an array of type float64"),
        (np.zeros((4, 4, 3), np.uint8), np.zeros((2, 2)), "photo: an array"),
        (np.zeros((0, 4), np.uint8), np.zeros((2, 2)), "photo: an array"),
        (np.zeros((4, 4), np.uint8), np.zeros((2, 2, 3)), "result of edge: an array"),
        (np.zeros((4, 4), np.uint8), np.zeros((0, 2)), "result of edge: an array"),
        (np.zeros((4, 4), np.uint8), None, "there is no result"),
    ],
)
def test_other_arrays_are_refused(photo: Array, result: Any, words: str) -> None:
    given = [] if result is None else [FilterResult(find_filter("edge"), result)]
    with pytest.raises(LayerwalkError, match=words):
        filter_results(photo, given)


def test_the_picture(grey: Array, looks_like: Callable[[Figure, str], None]) -> None:
    photo = np.ascontiguousarray(grey[2:11, 6:17])
    made = results(photo, "sharpen")
    looks_like(filter_results(photo, made, title="Filters", notes=("note",)), "filter-results")
