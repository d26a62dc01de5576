"""What waits in the queue of walks."""

from __future__ import annotations

import io

import PIL.Image
import pytest

import layerwalk as lw
from layerwalk.errors import ImageError
from layerwalk.surfaces.library import Network, Order, Picture, order


def test_a_small_picture_is_loaded_once() -> None:
    made = Order.checked(Network.named("edges"), Picture.named("sample:cat"))
    assert made.image is not None
    assert made.image.name == "sample:cat"


def test_of_a_large_picture_only_the_file_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    # A file of some kilobytes may hold 100 megapixels, and sixteen may wait.
    monkeypatch.setattr(order, "_LIGHT", 1000)
    stream = io.BytesIO()
    PIL.Image.new("RGB", (30, 20), "red").save(stream, "PNG")
    made = Order.checked(Network.named("edges"), Picture.uploaded(stream.getvalue(), "red.png"))
    assert made.image is None
    trace = made.walked(lw.load_model("edges"), lambda *_: None)
    assert trace.photo is not None
    assert (trace.photo.name, trace.photo.original) == ("red.png", (30, 20))


def test_what_is_no_picture_is_refused_at_once() -> None:
    with pytest.raises(ImageError):
        Order.checked(Network.named("edges"), Picture.uploaded(b"a text", "a.png"))
