from __future__ import annotations

import io
import struct

import numpy as np
import PIL.Image
import pytest
from numpy.typing import NDArray
from PIL import ImageCms

from layerwalk.data import load_image
from layerwalk.data.colours import red_green_blue
from layerwalk.errors import ImageError

RNG = np.random.default_rng(3)
COLOURS = PIL.Image.fromarray(RNG.integers(0, 256, (6, 9, 3), dtype=np.uint8))


def encoded(picture: PIL.Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def over_white(pixels: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Red, green, blue and alpha on white, by the formula and in whole numbers."""
    colour, alpha = pixels[..., :3].astype(int), pixels[..., 3:].astype(int)
    over: NDArray[np.int64] = (colour * alpha + 255 * (255 - alpha) + 127) // 255
    return over


def profile() -> bytes:
    """A CMYK profile that shows black as black, cyan as mid-grey, and the rest as white."""
    tables = bytes(range(256)) * 4
    inks = range(16)  # 8 cyan, 4 magenta, 2 yellow, 1 black
    lightness = [0 if ink & 1 else 119 if ink & 8 else 255 for ink in inks]
    grid = b"".join(bytes([light, 128, 128]) for light in lightness)
    identity = struct.pack(">9i", *(65536 if k % 4 == 0 else 0 for k in range(9)))
    lut = b"mft1\0\0\0\0\4\3\2\0" + identity + tables + grid + bytes(range(256)) * 3
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    text = b"text\0\0\0\0none\0\0\0\0"
    name = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(79)
    tags = {b"A2B0": lut, b"wtpt": white, b"cprt": text, b"desc": name}
    table, data, start = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, content in tags.items():
        table += tag + struct.pack(">II", start + len(data), len(content))
        data += content + bytes(-len(content) % 4)
    body = struct.pack(">I", len(tags)) + table + data
    head = struct.pack(
        ">I4sI4s4s4s", 128 + len(body), b"test", 0x02100000, b"prtr", b"CMYK", b"Lab "
    )
    head += struct.pack(">6H4s", 2024, 1, 1, 0, 0, 0, b"acsp") + bytes(28)
    head += struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + body


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_alpha_lies_on_white(kind: str) -> None:
    pixels = RNG.integers(0, 256, (6, 9, 4), dtype=np.uint8)
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    image = load_image(encoded(PIL.Image.fromarray(pixels), kind, **options))
    assert image.mode == "RGBA"
    assert np.array_equal(image.pixels, over_white(pixels))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_grey_with_alpha_lies_on_white(kind: str) -> None:
    pixels = RNG.integers(0, 256, (6, 9, 2), dtype=np.uint8)
    image = load_image(encoded(PIL.Image.fromarray(pixels, "LA"), kind))
    assert image.mode == "LA"
    assert np.array_equal(image.pixels, over_white(pixels[..., [0, 0, 0, 1]]))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF"])
def test_a_palette_gives_its_colours(kind: str) -> None:
    picture = COLOURS.quantize(20)
    image = load_image(encoded(picture, kind))
    assert image.mode == "P"
    assert np.array_equal(image.pixels, np.asarray(picture.convert("RGB")))


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_one_clear_colour_of_a_palette_lies_on_white(kind: str) -> None:
    picture = COLOURS.quantize(20)
    numbers = np.asarray(picture)
    image = load_image(encoded(picture, kind, transparency=int(numbers[0, 0]), optimize=False))
    expected = np.asarray(picture.convert("RGB")).copy()
    expected[numbers == numbers[0, 0]] = 255
    assert np.array_equal(image.pixels, expected)


def test_a_palette_with_an_alpha_for_each_colour_lies_on_white() -> None:
    picture = COLOURS.quantize(20)
    alphas = bytes(range(0, 240, 12))
    image = load_image(encoded(picture, "PNG", transparency=alphas))
    colours = np.asarray(picture.convert("RGB"))
    alpha = np.frombuffer(alphas, np.uint8)[np.asarray(picture)]
    assert np.array_equal(image.pixels, over_white(np.dstack([colours, alpha])))


def test_a_clear_colour_of_an_rgb_png_lies_on_white() -> None:
    pixels = np.array([[[1, 2, 3], [1, 2, 4]]], np.uint8)
    image = load_image(encoded(PIL.Image.fromarray(pixels), "PNG", transparency=(1, 2, 3)))
    assert image.pixels.tolist() == [[[255, 255, 255], [1, 2, 4]]]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP", "TIFF"])
def test_grey_has_three_equal_channels(kind: str) -> None:
    image = load_image(encoded(PIL.Image.new("L", (3, 2), 77), kind))
    assert image.mode == "L"
    assert np.array_equal(image.pixels, np.full((2, 3, 3), 77))


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF"])
def test_one_bit_is_black_and_white(kind: str) -> None:
    bits = RNG.integers(0, 2, (5, 11)).astype(bool)
    image = load_image(encoded(PIL.Image.fromarray(bits), kind))
    assert image.mode == "1"
    assert np.array_equal(image.pixels[..., 0], bits * 255)


def test_cmyk_without_a_profile_goes_by_the_plain_formula() -> None:
    inks = RNG.integers(0, 256, (6, 9, 4), dtype=np.uint8)
    image = load_image(encoded(PIL.Image.fromarray(inks, "CMYK"), "TIFF"))
    assert image.mode == "CMYK"
    light = 255 - inks.astype(float)
    expected = light[..., :3] * light[..., 3:] / 255
    assert np.abs(image.pixels - expected).max() <= 1


def test_an_adobe_jpeg_with_inverted_inks_is_not_a_negative() -> None:
    # Pillow writes CMYK JPEGs as Adobe does, with 255 for no ink.
    content = encoded(PIL.Image.new("CMYK", (16, 16), (0, 255, 255, 0)), "JPEG")
    assert b"Adobe" in content
    assert load_image(content).pixels[8, 8].tolist() == pytest.approx([255, 0, 0], abs=3)


def test_cmyk_goes_through_its_profile() -> None:
    picture = PIL.Image.new("CMYK", (2, 1), (255, 0, 0, 0))
    picture.putpixel((1, 0), (0, 255, 255, 0))
    image = load_image(encoded(picture, "TIFF", icc_profile=profile()))
    grey, white = image.pixels[0].tolist()
    assert grey == pytest.approx([111, 111, 111], abs=2)  # L* 46.7 in sRGB
    assert white == pytest.approx([255, 255, 255], abs=2)
    plain = load_image(encoded(picture, "TIFF"))
    assert plain.pixels[0].tolist() == [[0, 255, 255], [255, 0, 0]]


@pytest.mark.parametrize("broken", [b"no profile", profile()[:300]])
def test_a_broken_profile_is_passed_over(broken: bytes) -> None:
    picture = PIL.Image.new("CMYK", (2, 1), (255, 0, 0, 0))
    image = load_image(encoded(picture, "TIFF", icc_profile=broken))
    assert image.pixels[0, 0].tolist() == [0, 255, 255]


def test_a_profile_leaves_the_numbers_of_rgb_alone() -> None:
    other = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encoded(COLOURS, "PNG", icc_profile=other)
    assert np.array_equal(load_image(content).pixels, np.asarray(COLOURS))


def test_lab_is_turned_into_colours() -> None:
    lab = np.array([[[255, 0, 0], [0, 0, 0], [136, 80, 67]]], np.uint8)  # a* and b* signed
    image = load_image(encoded(PIL.Image.fromarray(lab, "LAB"), "TIFF"))
    assert image.mode == "LAB"
    white, black, red = image.pixels[0].astype(int).tolist()
    assert white == pytest.approx([255, 255, 255], abs=1)
    assert black == pytest.approx([0, 0, 0], abs=1)
    assert red[0] > 240
    assert max(red[1:]) < 40


def test_float_tiffs_go_from_0_to_1() -> None:
    values = np.array([[0, 0.25, 0.5, 1]], np.float32)
    image = load_image(encoded(PIL.Image.fromarray(values), "TIFF"))
    assert image.mode == "F"
    assert image.pixels[0, :, 0].tolist() == [0, 64, 128, 255]
    with pytest.raises(ImageError, match="outside 0 to 1; divide by 255"):
        load_image(encoded(PIL.Image.fromarray(values * 200), "TIFF"))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 100, 255], [0, 100, 255]),
        ([0, 257, 65535], [0, 1, 255]),
        ([0, 2**30, 2**31 - 1], [0, 128, 255]),
    ],
)
def test_32_bit_tiffs_are_scaled_by_their_width(values: list[int], expected: list[int]) -> None:
    picture = PIL.Image.fromarray(np.array([values], np.int32))
    image = load_image(encoded(picture, "TIFF"))
    assert image.mode == "I"
    assert image.pixels[0, :, 0].tolist() == expected


def test_negative_numbers_are_refused() -> None:
    picture = PIL.Image.fromarray(np.array([[-5, 3]], np.int32))
    with pytest.raises(ImageError, match="negative numbers"):
        load_image(encoded(picture, "TIFF"))


@pytest.mark.parametrize("mode", ["RGBa", "La", "PA", "RGBX", "YCbCr", "HSV", "I;16B", "I;16L"])
def test_the_rarer_modes_of_pillow_are_turned_into_colours(mode: str) -> None:
    through = {"RGBa": "RGBA", "La": "LA", "PA": "P"}.get(mode)
    source = COLOURS.convert(through) if through else COLOURS
    if mode.startswith("I;16"):
        source = PIL.Image.frombytes(mode, (2, 1), struct.pack("<HH", 0x0101, 0xFFFF))
        assert np.asarray(red_green_blue(source, "it"))[0, :, 0].tolist() == [1, 255]
        return
    picture = red_green_blue(source.convert(mode), "it")
    assert (picture.mode, picture.size) == ("RGB", COLOURS.size)
    expected = np.asarray(source.convert("RGB")).astype(int)
    away = np.abs(np.asarray(picture).astype(int) - expected)
    assert away.max() <= (12 if mode == "HSV" else 3)


def test_a_palette_picture_without_a_palette_is_an_error() -> None:
    picture = PIL.Image.new("P", (1, 1))
    picture.palette = None
    with pytest.raises(ImageError, match="it: it has colour numbers but no palette"):
        red_green_blue(picture, "it")


def test_a_mode_with_no_way_to_colours_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise ValueError("conversion not supported")

    monkeypatch.setattr(PIL.Image.Image, "convert", lost)
    with pytest.raises(ImageError, match="pictures of mode 'L' cannot be turned"):
        red_green_blue(PIL.Image.new("L", (1, 1)), "it")
