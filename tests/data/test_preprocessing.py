from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import PIL.Image
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layerwalk.data import Image, Preprocessing, load_image
from layerwalk.data.preprocessing import Size
from layerwalk.errors import ImageError, ModelError

HALF = (0.5, 0.5, 0.5)
IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
LITE0 = Preprocessing(256, 224, "bicubic", HALF, HALF, 3)
AS_IT_IS = Preprocessing(None, None, "nearest", (0.0,) * 3, (1.0,) * 3, 3)


def noise(width: int, height: int, seed: int = 0) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image(pixels, name="noise", mode="RGB")


def by_torchvision(preprocessing: Preprocessing, image: Image) -> NDArray[np.float32]:
    transforms = pytest.importorskip("torchvision.transforms")
    mode = transforms.InterpolationMode(preprocessing.interpolation)
    steps: list[Any] = []
    if preprocessing.resize is not None:
        steps.append(transforms.Resize(preprocessing.resize, mode))
    if preprocessing.crop is not None:
        steps.append(transforms.CenterCrop(preprocessing.crop))
    steps += [
        transforms.ToTensor(),
        transforms.Normalize(preprocessing.mean, preprocessing.std),
    ]
    picture = image.pil() if preprocessing.channels == 3 else image.pil().convert("L")
    found: NDArray[np.float32] = transforms.Compose(steps)(picture)[None].numpy()
    return found


def same_bits(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and one.tobytes() == other.tobytes()


SIDES = st.integers(1, 90)
SIZES = st.one_of(st.none(), SIDES, st.tuples(SIDES, SIDES))
RECIPES = st.builds(
    lambda resize, crop, interpolation, channels: Preprocessing(
        resize,
        crop,
        interpolation,
        mean=IMAGENET[0][:channels],
        std=IMAGENET[1][:channels],
        channels=channels,
    ),
    SIZES,
    SIZES,
    st.sampled_from(["bicubic", "bilinear", "nearest"]),
    st.sampled_from([1, 3]),
)


@settings(max_examples=300)
@given(width=SIDES, height=SIDES, preprocessing=RECIPES)
@example(width=90, height=61, preprocessing=Preprocessing(64, 56, "bicubic", *IMAGENET, 3))
@example(width=7, height=7, preprocessing=Preprocessing(None, (4, 12), "nearest", *IMAGENET, 3))
@example(width=7, height=9, preprocessing=Preprocessing(None, (4, 4), "nearest", *IMAGENET, 3))
def test_every_bit_is_torchvision_s(width: int, height: int, preprocessing: Preprocessing) -> None:
    image = noise(width, height)
    prepared = preprocessing(image)
    assert prepared.array.dtype == np.float32
    assert same_bits(prepared.array, by_torchvision(preprocessing, image))


@pytest.mark.parametrize("sample", ["dog", "cat", "red_panda", "digits"])
@pytest.mark.parametrize(
    "preprocessing",
    [
        LITE0,
        Preprocessing(232, 224, "bilinear", *IMAGENET, 3),
        Preprocessing((299, 299), None, "bicubic", *IMAGENET, 3),
        Preprocessing(None, 321, "nearest", HALF, HALF, 3),
        Preprocessing(28, 28, "bilinear", (0.1307,), (0.3081,), 1),
    ],
    ids=Preprocessing.describe,
)
def test_every_bit_is_torchvision_s_on_photos(preprocessing: Preprocessing, sample: str) -> None:
    image = load_image(f"sample:{sample}")
    assert same_bits(preprocessing(image).array, by_torchvision(preprocessing, image))


def test_the_comparison_sees_a_last_bit() -> None:
    array = LITE0(load_image("sample:dog")).array
    other = array.copy()
    other[0, 1, 2, 3] = np.nextafter(other[0, 1, 2, 3], np.float32(9))
    assert not same_bits(array, other)


def test_the_array_is_ready_for_a_network_and_the_photo_is_not_to_be_changed() -> None:
    prepared = LITE0(noise(300, 260))
    assert prepared.array.shape == (1, 3, 224, 224)
    assert prepared.array.flags.c_contiguous
    assert prepared.array.flags.writeable
    assert not prepared.photo.pixels.flags.writeable
    assert prepared.photo.pixels.shape == (224, 224, 3)
    assert prepared.photo.name == "noise"
    assert prepared.photo.original == (300, 260)


def test_the_photo_is_the_array_before_its_colours_were_normalised() -> None:
    for channels in (1, 3):
        mean, std = (numbers[:channels] for numbers in IMAGENET)
        preprocessing = Preprocessing(40, (30, 36), "bicubic", mean, std, channels)
        prepared = preprocessing(noise(50, 60))
        assert prepared.photo.pixels.shape == (30, 36, channels)
        back = prepared.array[0].transpose(1, 2, 0) * np.array(std) + np.array(mean)
        assert np.abs(back * 255 - prepared.photo.pixels).max() < 1e-3


def test_without_resize_and_crop_every_size_is_kept() -> None:
    image = noise(320, 213)
    prepared = AS_IT_IS(image)
    assert prepared.array.shape == (1, 3, 213, 320)
    assert np.array_equal(prepared.photo.pixels, image.pixels)
    assert prepared.photo.box == pytest.approx((0, 0, 320, 213))
    assert float(prepared.array.max()) == 1


def test_grey_is_the_image_s_grey() -> None:
    image = noise(31, 17)
    prepared = replace(AS_IT_IS, mean=(0.0,), std=(1.0,), channels=1)(image)
    assert np.array_equal(prepared.photo.pixels[..., 0], image.grey())


@pytest.mark.parametrize("scale", [1.0, 1 / 127.5, 2.0])
def test_scale_is_what_a_level_is_multiplied_by(scale: float) -> None:
    image = noise(5, 4)
    array = replace(AS_IT_IS, scale=scale)(image).array
    assert array[0].transpose(1, 2, 0) == pytest.approx(image.pixels * scale, rel=1e-6)


# The box


def coordinates(width: int, height: int) -> Image:
    """A picture whose every pixel says where it lies."""
    y, x = np.mgrid[:height, :width]
    pixels = np.dstack([x % 256, x // 256 * 16 + y // 256, y % 256]).astype(np.uint8)
    return Image(pixels, name="coordinates", mode="RGB")


@settings(max_examples=150)
@given(
    width=st.integers(20, 700),
    height=st.integers(20, 700),
    resize=st.one_of(st.none(), st.integers(20, 300), st.tuples(*[st.integers(20, 300)] * 2)),
    crop=st.one_of(st.none(), st.integers(1, 20)),
)
def test_the_box_is_where_every_pixel_comes_from(
    width: int, height: int, resize: Size, crop: Size
) -> None:
    preprocessing = Preprocessing(resize, crop, "nearest", HALF, HALF, 3)
    photo = preprocessing(coordinates(width, height)).photo
    red, middle, blue = (photo.pixels[..., k].astype(int) for k in range(3))
    x, y = red + middle // 16 * 256, blue + middle % 16 * 256
    left, top, right, bottom = photo.box
    rows, columns = photo.pixels.shape[:2]
    # Nearest takes the original pixel under the middle of each cell of the box.
    expected_x = left + (np.arange(columns) + 0.5) * (right - left) / columns
    expected_y = top + (np.arange(rows) + 0.5) * (bottom - top) / rows
    assert np.abs(x - (expected_x[None, :] - 0.5)).max() <= 0.5 + 1e-6
    assert np.abs(y - (expected_y[:, None] - 0.5)).max() <= 0.5 + 1e-6


@pytest.mark.parametrize(
    ("size", "preprocessing", "box"),
    [
        # 720 x 540 becomes 341 x 256; 58.5 rounds to the even 58, and 16 rows go above.
        ((720, 540), LITE0, (58 * 720 / 341, 33.75, (58 + 224) * 720 / 341, 506.25)),
        ((256, 256), LITE0, (16, 16, 240, 240)),
        ((512, 1024), LITE0, (32, 288, 480, 736)),
        ((100, 50), replace(LITE0, resize=(224, 224)), (0, 0, 100, 50)),
        # Padded: 4 rows of black above, 5 below, so the box reaches out of the picture.
        ((20, 11), replace(LITE0, resize=None, crop=20), (0, -4, 20, 16)),
    ],
)
def test_boxes_by_hand(
    size: tuple[int, int], preprocessing: Preprocessing, box: tuple[float, ...]
) -> None:
    photo = preprocessing(noise(*size)).photo
    assert photo.box == pytest.approx(box, abs=1e-9)


def test_what_is_painted_in_the_box_fills_the_photo() -> None:
    # 512 x 1024 is shrunk by exactly 2: the box has whole numbers.
    pixels = np.zeros((1024, 512, 3), np.uint8)
    pixels[288:736, 32:480] = 255
    photo = replace(LITE0, interpolation="nearest")(Image(pixels, "box", "RGB")).photo
    assert photo.pixels.min() == 255
    pixels[288:736, 479] = 0
    photo = replace(LITE0, interpolation="nearest")(Image(pixels, "box", "RGB")).photo
    assert photo.pixels[:, :-1].min() == 255
    assert photo.pixels[:, -1].max() == 0


def test_padding_is_black_and_lies_outside_the_original() -> None:
    white = Image(np.full((3, 4, 3), 255, np.uint8), "white", "RGB")
    photo = replace(AS_IT_IS, crop=(6, 4))(white).photo
    assert photo.pixels[..., 0].max(axis=1).tolist() == [0, 255, 255, 255, 0, 0]
    assert photo.box == (0, -1, 4, 5)


# What is refused


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"resize": 0}, r"preprocessing: resize 0 is no size; use a side, \(height, width\)"),
        ({"resize": -3}, "resize -3 is no size"),
        ({"resize": True}, "resize True is no size"),
        ({"resize": 2.5}, "resize 2.5 is no size"),
        ({"resize": (5,)}, r"resize \(5,\) is no size"),
        ({"crop": (5, 0)}, r"crop \(5, 0\) is no size"),
        ({"crop": [5, 5]}, r"crop \[5, 5\] is no size"),
        ({"interpolation": "cubic"}, "no interpolation 'cubic'; use bicubic, bilinear, nearest"),
        ({"channels": 2}, r"2 channels are no picture; use 1 \(grey\) or 3"),
        ({"channels": 1}, "mean .* does not have one number for each of 1 channels"),
        ({"mean": (0.5,)}, r"mean \(0.5,\) does not have one number for each of 3 channels"),
        ({"std": [1.0, 1.0, 1.0]}, "std .* does not have one number"),
        ({"mean": (0.5, 0.5, math.nan)}, "mean .* holds what is no finite number"),
        ({"std": ("1", 1.0, 1.0)}, "std .* holds what is no finite number"),
        ({"std": (0.5, 0.0, 0.5)}, "a std of 0 would divide by zero"),
        ({"scale": 0.0}, "the scale 0.0 leaves no picture"),
        ({"scale": math.inf}, "the scale inf leaves no picture"),
    ],
)
def test_a_recipe_that_cannot_work_is_not_built(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        replace(LITE0, **change)


def test_a_sliver_is_not_blown_up() -> None:
    sliver = Image(np.zeros((1, 4000, 3), np.uint8), "sliver", "RGB")
    with pytest.raises(ImageError, match="sliver: a picture of 4000 x 1 would be resized to"):
        LITE0(sliver)
    assert replace(LITE0, resize=8)(sliver).array.shape == (1, 3, 224, 224)


def test_a_recipe_is_frozen_and_equal_by_value() -> None:
    with pytest.raises(FrozenInstanceError):
        LITE0.resize = 5  # type: ignore[misc]
    assert Preprocessing(256, 224, "bicubic", HALF, HALF, 3) == LITE0
    assert len({LITE0, replace(LITE0), replace(LITE0, crop=200)}) == 2


@pytest.mark.parametrize(
    ("preprocessing", "line"),
    [
        (LITE0, "shorter side to 256 (bicubic), centre crop 224x224, x/255, mean 0.5, std 0.5"),
        (
            Preprocessing((240, 320), (200, 300), "nearest", *IMAGENET, 3, scale=1.0),
            (
                "resize to 240x320 (nearest), centre crop 200x300, "
                "mean (0.485, 0.456, 0.406), std (0.229, 0.224, 0.225)"
            ),
        ),
        (
            Preprocessing(None, None, "bilinear", (0.0,), (1.0,), 1, scale=0.4),
            "grey, x*0.4, mean 0, std 1",
        ),
    ],
)
def test_describe(preprocessing: Preprocessing, line: str) -> None:
    assert preprocessing.describe() == line


def test_a_photo_larger_than_the_guard_is_cut_without_being_resized(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("layerwalk.data.preprocessing._MOST_PIXELS", 100)
    assert replace(AS_IT_IS, crop=8)(noise(20, 20)).array.shape == (1, 3, 8, 8)
    with pytest.raises(ImageError, match="20 x 20 would be resized to 21 x 21"):
        replace(AS_IT_IS, resize=21)(noise(20, 20))


def test_torchvision_reads_the_same_picture_from_a_file(tmp_path: Any) -> None:
    path = tmp_path / "photo.png"
    PIL.Image.fromarray(noise(90, 70).pixels).save(path)
    assert same_bits(LITE0(load_image(path)).array, by_torchvision(LITE0, noise(90, 70)))
