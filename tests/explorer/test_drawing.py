"""The walk as a drawing that stands alone."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from PIL import Image as Pillow

from explorer.conftest import Opened, Walks
from explorer.strip import shows


def test_the_drawing_of_the_walk_has_its_photo_and_its_maps(
    open_page: Opened, walks: Walks
) -> None:
    trace, key = walks("tiny_vgg")
    page = open_page(key)
    shows(page, "input")
    page.get_by_role("button", name="Share").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="Save picture: walk").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    pictures = [
        Pillow.open(io.BytesIO(base64.b64decode(image.attrib["href"].split(",")[1])))
        for image in root.iter("{http://www.w3.org/2000/svg}image")
    ]
    # The photo itself, and up to three maps of each op, pixel for pixel.
    photo = np.asarray(pictures[0].convert("RGB"))
    assert trace.photo is not None
    assert np.array_equal(photo, trace.photo.pixels)
    sizes = {picture.size for picture in pictures[1:]}
    assert {op.shape[-2:][::-1] for op in trace if len(op.shape) == 4} <= sizes
    assert all(len(picture.getcolors(1 << 24) or []) > 1 for picture in pictures)
