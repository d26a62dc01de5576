from __future__ import annotations

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure
from PIL import Image
from torch import nn

import layerwalk as lw
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell
from layerwalk.surfaces.album import Picture
from layerwalk.surfaces.tour import choose_ops, edges_pictures, tour_pictures


@pytest.fixture(scope="module")
def digit() -> Trace:
    return lw.trace(lw.load_model("lenet5"), "sample:digits/17")


def names(trace: Trace) -> list[str]:
    return [picture.name for picture in tour_pictures(trace, [])]


def test_the_tour_of_a_colour_photo(lite0: Trace) -> None:
    found = names(lite0)
    assert found[:5] == ["photo.png", "walk.png", "scores.png", "channels.png", "filters.png"]
    assert len(found) == 5 + 8
    assert all(name.startswith("responses/filter-") for name in found[5:])


def test_the_responses_are_the_strongest_channels(lite0: Trace) -> None:
    maps = np.abs(lite0["features.0.conv"].array()[0]).mean((1, 2))
    strongest = np.argsort(-maps, kind="stable")[:8]
    assert names(lite0)[5:] == [f"responses/filter-{at:03d}.png" for at in strongest]


def said(picture: Picture) -> list[str]:
    figure = picture.draw()
    assert isinstance(figure, Figure)
    return [text.get_text() for text in figure.texts]


def test_a_response_tells_its_bias_and_the_normalisation_behind(lite0: Trace) -> None:
    (first,) = [one for one in tour_pictures(lite0, []) if one.name.startswith("responses")][:1]
    header = next(text for text in said(first) if "no bias" in text)
    assert "before the normalisation, which is the op features.0.norm" in header


def test_a_response_tells_that_nobody_trained_the_filter(digit: Trace) -> None:
    (first,) = [one for one in tour_pictures(digit, []) if one.name.startswith("responses")][:1]
    channel = int(first.name[-7:-4])
    texts = said(first)
    assert "untrained (random weights)" in texts[0]
    bias = float(digit["c1"].inputs[2].array()[channel])
    assert f"plus the bias, {tell(bias)}" in texts
    assert not any("normalisation" in text for text in texts)


def test_the_tour_of_a_digit_prints_its_pixels(digit: Trace) -> None:
    found = names(digit)
    assert found[:3] == ["photo.png", "pixels.png", "walk.png"]
    assert "channels.png" not in found


def test_the_photo_is_drawn_pixel_for_pixel(digit: Trace, lite0: Trace) -> None:
    for trace in (digit, lite0):
        assert trace.photo is not None
        drawn = tour_pictures(trace, [])[0].draw()
        assert isinstance(drawn, Image.Image)
        pixels = np.asarray(drawn)
        np.testing.assert_array_equal(pixels, np.squeeze(trace.photo.pixels))


def test_every_picture_of_a_digit_can_be_drawn(digit: Trace) -> None:
    for picture in tour_pictures(digit, digit.ops):
        assert picture.draw() is not None, picture


def test_a_walk_of_a_tensor_has_no_photo() -> None:
    trace = lw.trace(nn.Conv2d(5, 2, 3), torch.rand(1, 5, 8, 8))
    assert names(trace) == ["walk.png", "filters.png"]


def test_kernels_too_large_to_print_have_no_responses() -> None:
    network = lw.load_model(nn.Conv2d(3, 2, 16).eval(), input_size=32)
    trace = lw.trace(network, "sample:cat")
    assert names(trace) == ["photo.png", "walk.png", "channels.png", "filters.png"]


def test_the_tutorial_of_edges(edges: Trace) -> None:
    assert [picture.name for picture in edges_pictures(edges, ending="svg")] == [
        "1-photo.svg",
        "2-filters.svg",
        "3-convolution.svg",
        "4-relu.svg",
        "5-pooling.svg",
    ]


def test_ops_are_chosen_by_name_and_kind(edges: Trace, digit: Trace) -> None:
    assert [op.name for op in choose_ops(edges, [], [])] == ["conv", "relu", "pool"]
    assert [op.name for op in choose_ops(edges, ["pool"], ["conv2d"])] == ["conv", "pool"]
    assert [op.name for op in choose_ops(digit, ["f6", "c1"], [])] == ["c1", "f6"]
    with pytest.raises(NotFoundError, match="did you mean conv"):
        choose_ops(edges, ["cnv"], [])
    with pytest.raises(NotFoundError, match="its kinds are conv2d, relu, max_pool2d"):
        choose_ops(edges, [], ["linear"])
