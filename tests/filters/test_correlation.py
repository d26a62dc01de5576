"""What a filter makes of a picture, judged by four others: loops, OpenCV, SciPy, PyTorch."""

from __future__ import annotations

import warnings
from typing import Any

import cv2
import numpy as np
import pytest
import scipy.ndimage
import skimage.filters
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layerwalk.data import load_image
from layerwalk.errors import ImageError, LayerwalkError
from layerwalk.filters import Border, Filter, Padding, apply_filter, filters, find_filter
from layerwalk.filters.border import pad, sides

Floats = NDArray[np.float64]

BORDERS: tuple[Border, ...] = ("zero", "replicate", "reflect", "symmetric", "circular")
OPENCV = {
    "zero": cv2.BORDER_CONSTANT,
    "replicate": cv2.BORDER_REPLICATE,
    "reflect": cv2.BORDER_REFLECT_101,
    "symmetric": cv2.BORDER_REFLECT,
}
SCIPY: dict[Border, Any] = {
    "zero": "constant",
    "replicate": "nearest",
    "reflect": "mirror",
    "symmetric": "reflect",
    "circular": "wrap",
}
SIZES = [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (11, 11), (1, 4), (5, 2), (3, 8)]
PHOTO = load_image("sample:cat").pixels[:61, :90]


def drawn(shape: tuple[int, ...], seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


def slow(image: Floats, kernel: Floats, stride: int, padding: Padding, border: Border) -> Floats:
    """The definition, number by number; only what lies beyond the border is looked up."""
    (top, bottom), (left, right) = (sides(padding, length) for length in kernel.shape)
    down = (image.shape[0] + top + bottom - kernel.shape[0]) // stride + 1
    across = (image.shape[1] + left + right - kernel.shape[1]) // stride + 1
    result = np.zeros((down, across, *image.shape[2:]))
    for y, x in np.ndindex(down, across):
        for v, u in np.ndindex(kernel.shape):
            place = (y * stride + v - top, x * stride + u - left)
            looked = [beyond(at, n, border) for at, n in zip(place, image.shape, strict=False)]
            if -1 not in looked:
                result[y, x] += kernel[v, u] * image[looked[0], looked[1]]
    return result


def beyond(at: int, length: int, border: Border) -> int:
    """Which pixel stands for a place, perhaps outside; -1 where none does."""
    if 0 <= at < length:
        return at
    if border == "zero":
        return -1
    if border == "replicate":
        return min(max(at, 0), length - 1)
    if border == "circular":
        return at % length
    if border == "symmetric":
        at %= 2 * length
        return at if at < length else 2 * length - 1 - at
    at %= max(2 * length - 2, 1)
    return at if at < length else 2 * length - 2 - at


@settings(max_examples=60, deadline=None)
@given(
    image=st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3)),
    kernel=st.tuples(st.integers(1, 6), st.integers(1, 6)),
    stride=st.integers(1, 4),
    padding=st.sampled_from(["valid", "same", 0, 1, 2, 7]),
    border=st.sampled_from(BORDERS),
)
def test_it_is_its_definition(
    image: tuple[int, int, int],
    kernel: tuple[int, int],
    stride: int,
    padding: Padding,
    border: Border,
) -> None:
    picture, matrix = drawn(image), drawn(kernel, 1)
    picture = picture[..., 0] if image[2] == 2 else picture
    around = [sum(sides(padding, length)) for length in kernel]
    if any(n + p < k for n, p, k in zip(image, around, kernel, strict=False)):
        with pytest.raises(ImageError, match="does not fit"):
            apply_filter(picture, matrix, stride=stride, padding=padding, border=border)
        return
    made = apply_filter(picture, matrix, stride=stride, padding=padding, border=border)
    np.testing.assert_allclose(made, slow(picture, matrix, stride, padding, border), atol=1e-12)
    if padding == "same":
        assert made.shape[:2] == tuple(-(-length // stride) for length in image[:2])


@pytest.mark.parametrize("border", OPENCV)
@pytest.mark.parametrize("one", filters(), ids=lambda one: one.name)
def test_every_filter_is_opencvs_filter2d(one: Filter, border: Border) -> None:
    for picture in (PHOTO, PHOTO[..., 1]):
        made = apply_filter(picture, one, padding="same", border=border)
        judged = opencv(picture, one.matrix, border)
        np.testing.assert_allclose(made, judged, rtol=0, atol=1e-11)
        if one.printed[1] == 1:
            # Whole numbers, and halves, are exact.
            np.testing.assert_array_equal(made, judged)


@pytest.mark.parametrize("border", OPENCV)
@pytest.mark.parametrize("shape", SIZES)
def test_any_matrix_is_opencvs_filter2d(shape: tuple[int, int], border: Border) -> None:
    matrix = drawn(shape)
    made = apply_filter(PHOTO, matrix, padding="same", border=border)
    np.testing.assert_allclose(made, opencv(PHOTO, matrix, border), rtol=0, atol=1e-10)


def opencv(picture: NDArray[Any], matrix: Floats, border: Border) -> NDArray[Any]:
    # OpenCV reaches further to the left where the length is even; networks to the right.
    anchor = tuple((length - 1) // 2 for length in reversed(matrix.shape))
    return cv2.filter2D(
        picture.astype(np.float64), cv2.CV_64F, matrix, anchor=anchor, borderType=OPENCV[border]
    )


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("shape", SIZES)
def test_any_matrix_is_scipys_correlate(shape: tuple[int, int], border: Border) -> None:
    matrix, grey = drawn(shape), PHOTO[..., 0].astype(np.float64)
    origin = [-(1 - length % 2) for length in shape]
    judged = scipy.ndimage.correlate(grey, matrix, mode=SCIPY[border], origin=origin)
    made = apply_filter(grey, matrix, padding="same", border=border)
    np.testing.assert_allclose(made, judged, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    ("name", "judge", "factor"),
    [
        ("sobel-x", skimage.filters.sobel_v, 4),
        ("sobel-y", skimage.filters.sobel_h, 4),
        ("prewitt-x", skimage.filters.prewitt_v, 3),
        ("prewitt-y", skimage.filters.prewitt_h, 3),
        ("scharr-x", skimage.filters.scharr_v, 16),
        ("scharr-y", skimage.filters.scharr_h, 16),
    ],
)
def test_edges_are_scikit_images(name: str, judge: Any, factor: int) -> None:
    grey = PHOTO[..., 0] / 255
    made = apply_filter(grey, name, padding="same", border="symmetric")
    # It divides by the sum of one side.
    np.testing.assert_allclose(made, factor * judge(grey), rtol=0, atol=1e-14)


@pytest.mark.parametrize("name", ["roberts-pos", "roberts-neg"])
def test_roberts_is_scikit_images_flipped(name: str) -> None:
    grey = PHOTO[..., 0] / 255
    judge: Any = getattr(skimage.filters, f"{name.replace('-', '_')}_diag")
    # The same two numbers; but there they are turned by 180 degrees, which is their negative.
    np.testing.assert_allclose(apply_filter(grey, name), -judge(grey)[:-1, :-1], atol=1e-14)


def test_the_laplacian_is_scikit_images_negative() -> None:
    grey = PHOTO[..., 0] / 255
    made = apply_filter(grey, "edge", padding="same", border="symmetric")
    judge: Any = skimage.filters.laplace
    np.testing.assert_allclose(made, -judge(grey, ksize=3), rtol=0, atol=1e-14)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 2, "same"])
@pytest.mark.parametrize("shape", SIZES)
def test_any_matrix_is_torchs_conv2d(shape: tuple[int, int], padding: Padding, stride: int) -> None:
    matrix, grey = drawn(shape), PHOTO[..., 0] / 255
    if padding == "same" and stride > 1:
        whole = apply_filter(grey, matrix, padding="same")[::stride, ::stride]
        assert np.array_equal(apply_filter(grey, matrix, padding="same", stride=stride), whole)
        return
    where: Any = padding
    if padding == "same":  # PyTorch warns where a length is even, so it is given the pixels
        grey, where = pad(grey, (shape[0], shape[1]), "same", "zero"), 0
    judged = torch.conv2d(
        torch.from_numpy(grey)[None, None],
        torch.from_numpy(matrix)[None, None],
        stride=stride,
        padding=where,
    )
    made = apply_filter(grey, matrix, stride=stride, padding=where)
    np.testing.assert_allclose(made, judged[0, 0].numpy(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("shape", [(3, 3), (4, 4), (2, 5)])
def test_same_is_torchs_same(shape: tuple[int, int]) -> None:
    matrix, grey = drawn(shape), PHOTO[..., 0] / 255
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Using padding='same' with even", UserWarning)
        judged = torch.nn.functional.conv2d(
            torch.from_numpy(grey)[None, None], torch.from_numpy(matrix)[None, None], padding="same"
        )
    made = apply_filter(grey, matrix, padding="same")
    np.testing.assert_allclose(made, judged[0, 0].numpy(), rtol=0, atol=1e-13)


@pytest.mark.parametrize("kind", ["?", "u1", "i2", "u4", "i8", "f2", "f4", "f8"])
def test_every_kind_of_number_is_added_up_in_float64(kind: str) -> None:
    picture = np.arange(12).reshape(3, 4).astype(kind)
    made = apply_filter(picture, [[0.1, 0.2]])
    assert made.dtype == np.float64
    exact = picture.astype(np.float64)
    np.testing.assert_array_equal(made, 0.1 * exact[:, :-1] + 0.2 * exact[:, 1:])


def test_the_filter_is_not_flipped() -> None:
    ramp = np.tile(np.arange(5), (5, 1))
    assert apply_filter(ramp, "sobel-x").tolist() == [[8.0] * 3] * 3
    spot = np.zeros((3, 3))
    spot[1, 1] = 1
    np.testing.assert_array_equal(
        apply_filter(spot, "emboss", padding="same"), find_filter("emboss").matrix[::-1, ::-1]
    )


def test_the_picture_is_left_alone_and_may_be_an_image() -> None:
    image = load_image("sample:digits/3")
    before = image.pixels.copy()
    made = apply_filter(image, "box-5", padding="same", border="reflect")
    assert made.shape == image.pixels.shape
    np.testing.assert_array_equal(image.pixels, before)
    np.testing.assert_array_equal(
        made[..., 0], apply_filter(image.grey(), "box-5", padding="same", border="reflect")
    )


def test_what_is_not_finite_stays_so_without_a_warning() -> None:
    picture = np.ones((5, 5))
    picture[0, 0], picture[4, 4] = np.inf, np.nan
    made = apply_filter(picture, "edge")
    assert np.isnan(made[0, 0])  # infinity times zero, as in a network
    assert np.isnan(made[2, 2])
    assert made[0, 2] == 0


@pytest.mark.parametrize(
    ("image", "options", "error", "words"),
    [
        (np.ones((2, 9)), {}, ImageError, "3 x 3 does not fit into 2 x 9"),
        (np.ones(9), {}, ImageError, "shape \\(9,\\) is no picture"),
        (np.ones((0, 9)), {}, ImageError, "shape \\(0, 9\\) is no picture"),
        (np.ones((1, 3, 9, 9)), {}, ImageError, "is no picture"),
        (np.ones((9, 9), complex), {}, ImageError, "type complex128 are no picture"),
        ("dog.jpg", {}, ImageError, "are no picture"),
        (np.ones((9, 9)), {"stride": 0}, LayerwalkError, "0 is no stride"),
        (np.ones((9, 9)), {"stride": 1.5}, LayerwalkError, "1.5 is no stride"),
        (np.ones((9, 9)), {"stride": True}, LayerwalkError, "True is no stride"),
        (np.ones((9, 9)), {"padding": "full"}, LayerwalkError, "'full' is no padding"),
        (np.ones((9, 9)), {"border": "mirror"}, LayerwalkError, "there is no border 'mirror'"),
    ],
)
def test_what_cannot_be_filtered(
    image: Any, options: dict[str, Any], error: type[LayerwalkError], words: str
) -> None:
    with pytest.raises(error, match=words):
        apply_filter(image, "edge", **options)
