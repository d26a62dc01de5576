"""IDX, the format that MNIST came in: a header of whole numbers, then the levels."""

from __future__ import annotations

import gzip
import math
import re
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.sets.array_set import ArraySet
from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.mapped import MappedArray
from layerwalk.data.sets.wanted import Wanted, choose_split
from layerwalk.errors import DataError

__all__ = ["find_idx", "read_idx", "read_idx_set"]

_NAME: Final = re.compile(r"(.*)(images|labels)[-.]idx\d-ubyte(\.gz)?", re.IGNORECASE)
# Where torchvision puts them, below the folder it was given.
_INSIDE: Final = (".", "raw", "MNIST/raw", "FashionMNIST/raw")
_BYTES: Final = 8  # the code of unsigned bytes in the header


@dataclass(frozen=True, slots=True)
class _Pair:
    images: Path
    labels: Path | None


def find_idx(folder: Path, name: str | None = None) -> Path | None:
    """The folder that IDX files lie in: this one, or where torchvision puts them below it.

    ``name`` is what the set is called, ``"mnist"``: folders of another are left alone.
    """
    for inside in _INSIDE:
        other = inside.partition("/")[0].lower() if "/" in inside else ""
        if other and name is not None and other != name.replace("-", ""):
            continue
        if _pairs(folder / inside):
            return folder / inside
    return None


def read_idx_set(
    place: Path,
    wanted: Wanted = Wanted(),  # noqa: B008 - frozen
    *,
    name: str | None = None,
) -> ArraySet:
    """The data set in the IDX files of a folder, or in one file and its labels beside it.

    Raw files are mapped, so they may be larger than memory; packed ones (``.gz``) are
    unpacked into it.

    Raises
    ------
    DataError
        A file is missing, cut short or no IDX file; or there is no such part.
    """
    if place.is_dir():
        pairs = _pairs(place)
        if not pairs:
            raise DataError(
                "no IDX file of pictures is in it",
                where=str(place),
                mend="it would be called train-images-idx3-ubyte, or the same with .gz",
            )
        by_split = {_split(prefix): pair for prefix, pair in pairs.items()}
        split = choose_split(by_split, wanted.split, str(place))
        pair = by_split[split]
    else:
        found = _NAME.fullmatch(place.name)
        prefix = found[1] if found else ""
        pair = _pairs(place.parent).get(prefix, _Pair(place, None))
        split = _split(prefix)
    if pair.labels is None:
        expected = pair.images.name.replace("images", "labels").replace("idx3", "idx1")
        raise DataError(
            "its labels are missing",
            where=str(pair.images),
            mend=f"put {expected} beside it",
        )
    pictures, labels = read_idx(pair.images, 3), read_idx(pair.labels, 1)
    held = labels.open() if isinstance(labels, MappedArray) else labels
    where = f"{name or place.resolve().name} ({split})"
    numbers, classes = name_classes(np.array(held), where, wanted.classes)
    how = "mapped" if isinstance(pictures, MappedArray) else "unpacked into memory"
    about = f"IDX, {pair.images}, {how}"
    return ArraySet(pictures, numbers, where, classes, about=about)


def read_idx(path: Path, dimensions: int) -> NDArray[Any] | MappedArray:
    """The array in an IDX file of bytes: mapped if it is raw, in memory if it is packed.

    Raises
    ------
    DataError
        It is missing, cut short, no IDX file, or has other dimensions.
    """
    packed = path.name.endswith(".gz")
    try:
        with gzip.open(path) if packed else path.open("rb") as file:
            shape = _header(file, path, dimensions)
            start = 4 + 4 * dimensions
            size = math.prod(shape)
            if not packed:
                there = path.stat().st_size - start
                if there != size:
                    raise _wrong_size(path, there, size)
                return MappedArray(path, start, np.dtype(np.uint8), shape)
            data = file.read(size + 1)
            if len(data) != size:
                raise _wrong_size(path, len(data), size)
            return np.frombuffer(data, np.uint8).reshape(shape)
    except FileNotFoundError as error:
        raise DataError("there is no such file", where=str(path)) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"the file cannot be read ({error})", where=str(path), mend="download it again"
        ) from error


def _header(file: BinaryIO | gzip.GzipFile, path: Path, dimensions: int) -> tuple[int, ...]:
    head = file.read(4)
    if len(head) < 4 or head[:2] != b"\0\0" or head[2] != _BYTES:
        raise DataError("this is no IDX file of bytes", where=str(path), mend="download it again")
    if head[3] != dimensions:
        raise DataError(
            f"it has {head[3]} dimensions, and {dimensions} are expected",
            where=str(path),
            mend="were pictures and labels mixed up?",
        )
    lengths = file.read(4 * dimensions)
    if len(lengths) < 4 * dimensions:
        raise DataError("its header is cut short", where=str(path), mend="download it again")
    return struct.unpack(f">{dimensions}I", lengths)


def _wrong_size(path: Path, there: int, size: int) -> DataError:
    what = "is cut short" if there < size else "goes on behind its end"
    return DataError(
        f"the file {what}: {size:,} bytes are announced", where=str(path), mend="download it again"
    )


def _pairs(folder: Path) -> dict[str, _Pair]:
    """The files of pictures by what stands before "images", each with its labels."""
    try:
        files = sorted(folder.iterdir())
    except OSError:
        return {}
    found: dict[tuple[str, str], Path] = {}
    for path in files:
        match = _NAME.fullmatch(path.name)
        if match:
            found.setdefault((match[1], match[2].lower()), path)  # raw before packed
    return {
        prefix: _Pair(path, found.get((prefix, "labels")))
        for (prefix, kind), path in found.items()
        if kind == "images"
    }


def _split(prefix: str) -> str:
    """The part that a file is of, from what stands before "images" in its name."""
    return prefix.strip("-._").rpartition("-")[2] or "all"
