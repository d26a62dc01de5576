"""NumPy's .npz: pictures and labels as arrays in a zip, never as pickles."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from layerwalk.data.sets.array_set import ArraySet
from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.mapped import MappedArray
from layerwalk.data.sets.wanted import Wanted, choose_split
from layerwalk.errors import DataError

__all__ = ["read_npz"]

_IMAGES: Final = ("images", "image", "pictures", "x", "data", "imgs", "img")
_LABELS: Final = ("labels", "label", "y", "targets", "target")
_CLASSES: Final = ("classes", "class_names", "label_names", "names")
_SPLITS: Final = ("train", "test", "val", "valid", "validation")
_LOCAL_HEADER: Final = 30  # bytes, before the member's name (APPNOTE.TXT, 4.3.7)


def read_npz(path: Path, wanted: Wanted = Wanted()) -> ArraySet:  # noqa: B008 - frozen
    """The data set in an .npz file.

    Its arrays have names such as ``images`` and ``labels``, ``x`` and ``y``, also with a
    part's name before or behind, as ``x_train`` and ``train_images``. Arrays that are stored
    as they are (``numpy.savez``) are mapped, so they may be larger than memory; packed ones
    (``numpy.savez_compressed``) are read into it.

    Raises
    ------
    DataError
        The file is missing or damaged, an array is not there, or it holds Python objects.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return _read(path, packed, wanted)
    except FileNotFoundError as error:
        raise DataError("there is no such file", where=str(path)) from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, struct.error) as error:
        raise DataError(
            f"the file is damaged or no .npz ({error})", where=str(path), mend="save it again"
        ) from error
    except NotImplementedError as error:
        raise DataError(
            f"it is packed in a way that cannot be read ({error})",
            where=str(path),
            mend="save it with numpy.savez",
        ) from error


def _read(path: Path, packed: zipfile.ZipFile, wanted: Wanted) -> ArraySet:
    members = {
        info.filename.removesuffix(".npy"): info
        for info in packed.infolist()
        if info.filename.endswith(".npy")
    }
    images, labels, split = _choose(path, tuple(members), wanted)
    where = path.name if split is None else f"{path.name} ({split})"
    pictures = _array(path, packed, members[images])
    given = _array(path, packed, members[labels])
    given = np.array(given.open()) if isinstance(given, MappedArray) else given
    classes = wanted.classes or _names(path, packed, members)
    numbers, names = name_classes(given, where, classes)
    how = "mapped" if isinstance(pictures, MappedArray) else "unpacked into memory"
    about = f"arrays {images} and {labels} of {path}, {how}"
    return ArraySet(pictures, numbers, where, names, about=about, rounded=wanted.rounded)


def _choose(path: Path, members: Sequence[str], wanted: Wanted) -> tuple[str, str, str | None]:
    """The names of the pictures and of the labels, and the part they are of."""
    images = [wanted.image] if wanted.image else _named(members, _IMAGES)
    labels = [wanted.label] if wanted.label else _named(members, _LABELS)
    for name in (wanted.image, wanted.label):
        if name is not None and name not in members:
            raise _not_there(path, f"there is no array {name!r} in it", members)
    if not images or not labels:
        what = "pictures" if not images else "labels"
        raise _not_there(path, f"no array in it is called as {what} are", members)
    if len(images) == 1 and len(labels) == 1:
        if wanted.split is not None and _part(images[0]) != wanted.split:
            wanted.no_parts(path.name)
        return images[0], labels[0], None
    by_split = {_part(name): name for name in images}
    split = choose_split(by_split, wanted.split, str(path))
    chosen = next((name for name in labels if _part(name) == split), None)
    if chosen is None:
        raise _not_there(path, f"no array in it has the labels of {by_split[split]}", members)
    return by_split[split], chosen, split or None


def _named(members: Sequence[str], known: Sequence[str]) -> list[str]:
    """The members of these names, the first name's before the next one's."""
    for name in known:
        alone = [one for one in members if one.lower() == name]
        parted = [one for one in members if _bare(one) == name and _part(one)]
        if alone or parted:
            return alone or parted
    return []


def _part(name: str) -> str:
    words = name.lower().split("_")
    return next((word for word in words if word in _SPLITS), "")


def _bare(name: str) -> str:
    return "_".join(word for word in name.lower().split("_") if word not in _SPLITS)


def _not_there(path: Path, what: str, members: Sequence[str]) -> DataError:
    return DataError(
        what,
        where=str(path),
        mend="say which with image= and label= (--image and --label): it has "
        f"{', '.join(sorted(members)) or 'none'}",
    )


def _names(
    path: Path, packed: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]
) -> tuple[str, ...] | None:
    for name in _CLASSES:
        if name in members:
            array = _array(path, packed, members[name])
            array = array.open() if isinstance(array, MappedArray) else array
            if array.ndim == 1 and array.dtype.kind in "US":
                return tuple(map(str, array.astype(np.str_)))
    return None


def _array(
    path: Path, packed: zipfile.ZipFile, member: zipfile.ZipInfo
) -> NDArray[Any] | MappedArray:
    """One array: mapped if it is stored as it is, in memory if it is packed."""
    try:
        with packed.open(member) as file:
            stream = cast("BinaryIO", file)
            shape, fortran, dtype = _header(stream)
            if dtype.hasobject:
                raise DataError(
                    f"its array {member.filename.removesuffix('.npy')} holds Python objects, "
                    "and to read them could run any code",
                    where=str(path),
                    mend="save plain numbers, or class names as an array of text",
                )
            start = file.tell()
            if member.compress_type != zipfile.ZIP_STORED:
                file.seek(0)
                return np.asarray(npy.read_array(stream, allow_pickle=False))
    except (ValueError, MemoryError) as error:
        raise DataError(
            f"its array {member.filename.removesuffix('.npy')} cannot be read ({error})",
            where=str(path),
            mend="save it again with numpy.savez",
        ) from error
    offset = _data_offset(path, member) + start
    if not all(shape):
        return np.zeros(shape, dtype)
    return MappedArray(path, offset, dtype, shape, "F" if fortran else "C")


def _header(stream: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = npy.read_magic(stream)
    if version == (1, 0):
        return npy.read_array_header_1_0(stream)
    return npy.read_array_header_2_0(stream)


def _data_offset(path: Path, member: zipfile.ZipInfo) -> int:
    """Where the member's own bytes begin; its name may be longer here than in the index."""
    with path.open("rb") as file:
        file.seek(member.header_offset)
        head = file.read(_LOCAL_HEADER)
    name, extra = struct.unpack("<HH", head[26:30])
    return member.header_offset + _LOCAL_HEADER + int(name) + int(extra)
