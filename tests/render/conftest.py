"""Walks made by hand over numpy arrays, and the harness that compares pictures."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import BboxImage
from numpy.typing import NDArray
from PIL import Image

from layerwalk.record import Array, Failure, Op, Photo, Region, Trace, Value

BLOCK = 16  # pixels, about one letter
PICTURES = Path(__file__).parent / "pictures"


@dataclass(frozen=True)
class MemoryData:
    """A value's numbers, in memory."""

    array: Array

    @property
    def strides(self) -> tuple[int, ...]:
        return tuple(step // self.array.itemsize for step in self.array.strides)

    def read(self, region: Region = ()) -> Array:
        view = np.asarray(self.array[region])
        view.flags.writeable = False
        return view


Step = tuple[str, str, Array]


class MakeTrace(Protocol):
    def __call__(
        self,
        steps: Sequence[Step],
        *,
        weights: dict[str, Array] | None = ...,
        labels: tuple[str, ...] | None = ...,
        photo: Photo | None = ...,
        failure: Failure | None = ...,
        trained: str = ...,
    ) -> Trace: ...


@pytest.fixture
def make_trace() -> MakeTrace:
    """A chain of ops, (name, kind, what it made), each reading the one before."""

    def make(
        steps: Sequence[Step],
        *,
        weights: dict[str, Array] | None = None,
        labels: tuple[str, ...] | None = None,
        photo: Photo | None = None,
        failure: Failure | None = None,
        trained: str = "",
    ) -> Trace:
        first = _value(0, "input", "input", np.zeros((1, 1, 4, 4), np.float32))
        ops: list[Op] = []
        last = first
        for index, (name, kind, array) in enumerate(steps):
            held = (weights or {}).get(name)
            made = _value(2 * index + 1, name, "result", array)
            read = (
                (last,)
                if held is None
                else (last, _value(2 * index + 2, f"{name}.weight", "parameter", held))
            )
            op = Op(
                index=index,
                name=name,
                kind=kind,
                module=name,
                module_type=kind,
                module_call=1,
                settings={},
                inputs=read,
                target="",
                arguments=(),
                writes=(None,),
                random=False,
                made=(made,),
            )
            ops.append(op)
            last = op.outputs[0]
        outputs = (last,) if ops and failure is None else ()
        facts = {"weights": trained} if trained else {}
        return Trace(
            tuple(ops), (first,), outputs, ("",), {"": "Net"}, "net", labels, photo, failure, facts
        )

    return make


def _value(number: int, name: str, role: Any, array: Array) -> Value:
    array = np.asarray(array)
    return Value(number, name, role, tuple(array.shape), str(array.dtype), MemoryData(array))


@pytest.fixture
def photo() -> Photo:
    """A grey picture of a disc on a slope, 21 x 32."""
    y, x = np.mgrid[0:21, 0:32]
    disc = (y - 10) ** 2 + (x - 14) ** 2 < 49
    pixels = np.where(disc, 230, 3 * x + 2 * y).astype(np.uint8)[..., None]
    return Photo(pixels, "disc.png", (0, 0, 32, 21), (32, 21))


@pytest.fixture
def edges(make_trace: MakeTrace, photo: Photo) -> Trace:
    """The tutorial's network, computed here by its definition."""
    pattern = np.tile(np.array([-1, -1, 1, 1], np.float32), (4, 1))
    weights = np.stack([pattern, -pattern, pattern.T, -pattern.T])[:, None]
    grey = photo.pixels[..., 0].astype(np.float32) / 255
    windows = np.lib.stride_tricks.sliding_window_view(grey, (4, 4))
    maps = np.einsum("yxuv,ouv->oyx", windows, weights[:, 0])[None].astype(np.float32)
    relu = np.maximum(maps, 0)
    high, wide = maps.shape[2] // 2, maps.shape[3] // 2
    pooled = relu[:, :, : 2 * high, : 2 * wide].reshape(1, 4, high, 2, wide, 2).max(axis=(3, 5))
    return make_trace(
        [("conv", "conv2d", maps), ("relu", "relu", relu), ("pool", "max_pool2d", pooled)],
        weights={"conv": weights},
        photo=photo,
    )


Drawn = Figure | Image.Image
Texts = Callable[[Figure], list[str]]


@pytest.fixture
def texts() -> Texts:
    """Every piece of text on a figure."""
    return lambda figure: [text.get_text() for text in figure.texts]


@pytest.fixture
def images() -> Callable[[Figure], list[NDArray[np.uint8]]]:
    """Every picture on a figure, pixel by pixel, in the order in which they were drawn."""
    return lambda figure: [
        np.asarray(artist.get_array()) for artist in figure.artists if isinstance(artist, BboxImage)
    ]


@pytest.fixture
def rendered() -> Callable[[Drawn], NDArray[np.uint8]]:
    """The pixels of a figure or image as its file has them, (H, W, 3)."""
    return _pixels


def _pixels(drawn: Drawn) -> NDArray[np.uint8]:
    if isinstance(drawn, Image.Image):
        return np.asarray(drawn.convert("RGB"))
    memory = io.BytesIO()
    drawn.savefig(memory, format="png", dpi=drawn.dpi, facecolor=drawn.get_facecolor())
    return np.asarray(Image.open(memory).convert("RGB"))


@dataclass(frozen=True)
class PictureBook:
    """Stored pictures in a folder; a new one must look like the old one.

    Letters may be drawn a little differently by another FreeType; a colour, a number or a
    place that changed may not pass.
    """

    folder: Path
    update: bool

    def check(self, drawn: Drawn, name: str) -> None:
        stored, changed = self.folder / f"{name}.png", self.folder / f"{name}-changed.png"
        changed.unlink(missing_ok=True)
        if self.update:
            Image.fromarray(_pixels(drawn)).save(stored, optimize=True)
            return
        if not stored.is_file():
            pytest.fail(f"{stored} is missing: LAYERWALK_UPDATE_PICTURES=1 makes it")
        new, old = _pixels(drawn), np.asarray(Image.open(stored).convert("RGB"))
        if self.differ(new, old):
            Image.fromarray(new).save(changed)
            pytest.fail(f"{name} does not look as before: compare {stored} and {changed}")

    @staticmethod
    def differ(new: NDArray[np.uint8], old: NDArray[np.uint8]) -> bool:
        if new.shape != old.shape:
            return True
        distance = np.abs(new.astype(np.int16) - old).max(axis=2)
        high, wide = distance.shape
        padded = np.pad(distance, ((0, -high % BLOCK), (0, -wide % BLOCK)))
        blocks = padded.reshape(-(-high // BLOCK), BLOCK, -(-wide // BLOCK), BLOCK)
        # By blocks: one digit that changed is next to nothing in the mean of a figure.
        return bool(blocks.mean(axis=(1, 3)).max() > 16 or distance.mean() > 0.5)


@pytest.fixture
def picture_book() -> type[PictureBook]:
    return PictureBook


@pytest.fixture
def looks_like(picture_book: type[PictureBook]) -> Callable[[Drawn, str], None]:
    """``looks_like(figure, "name")``: compare with ``pictures/name.png``."""
    return picture_book(PICTURES, os.environ.get("LAYERWALK_UPDATE_PICTURES") == "1").check
