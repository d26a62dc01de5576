"""A data set by its name, its file, its folder, or the object that holds it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from layerwalk.data.samples import digits
from layerwalk.data.sets.array_set import ArraySet
from layerwalk.data.sets.class_folders import read_class_folders
from layerwalk.data.sets.class_names import name_classes
from layerwalk.data.sets.data_set import DataSet
from layerwalk.data.sets.hub import PREFIX, open_hub
from layerwalk.data.sets.hub_set import HubSet
from layerwalk.data.sets.hub_stream import HubStream
from layerwalk.data.sets.idx import find_idx, read_idx_set
from layerwalk.data.sets.known import known_sets
from layerwalk.data.sets.npz import read_npz
from layerwalk.data.sets.pair_set import Pairs, PairSet
from layerwalk.data.sets.path_table import read_path_table
from layerwalk.data.sets.stream import Stream, stream_of
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError, NotFoundError, missing

__all__ = ["DataSource", "load_data"]

DataSource: TypeAlias = str | os.PathLike[str] | DataSet | tuple[NDArray[Any], NDArray[Any]] | Pairs
_DIGITS = tuple("0123456789")


@overload
def load_data(
    what: DataSource,
    *,
    split: str | None = ...,
    folder: str | os.PathLike[str] | None = ...,
    full: bool = ...,
    image: str | None = ...,
    label: str | None = ...,
    classes: Sequence[str] | None = ...,
    rounded: bool = ...,
    stream: Literal[False] = ...,
) -> DataSet: ...
@overload
def load_data(
    what: DataSource,
    *,
    split: str | None = ...,
    folder: str | os.PathLike[str] | None = ...,
    full: bool = ...,
    image: str | None = ...,
    label: str | None = ...,
    classes: Sequence[str] | None = ...,
    rounded: bool = ...,
    stream: Literal[True],
) -> Stream: ...
def load_data(
    what: DataSource,
    *,
    split: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    full: bool = False,
    image: str | None = None,
    label: str | None = None,
    classes: Sequence[str] | None = None,
    rounded: bool = False,
    stream: bool = False,
) -> DataSet | Stream:
    """A data set: pictures with labels, by number, read when they are asked for.

    Parameters
    ----------
    what
        - ``"mnist"``, the 10,000 digits that come with the package; ``"digits"``,
          scikit-learn's of 8 x 8; ``"fashion-mnist"`` and ``"cifar10"``, by Hugging Face
          ``datasets``, which downloads them once;
        - a folder of class folders, or of IDX files; a ``.npz`` of arrays; a ``.csv`` of paths
          and labels; a ``.parquet`` file;
        - ``"hf:owner/name"`` of the Hugging Face Hub, ``"hf:owner/name:configuration"``, or
          ``"hf:folder"`` of one's own;
        - a PyTorch ``Dataset``, or anything else that gives a (picture, label) by number; a
          ``datasets.Dataset``; arrays (pictures, labels).
    split
        Which part, such as ``"test"``; where there are parts, ``"train"`` if not given.
    folder
        Of ``"mnist"`` and ``"fashion-mnist"``: where the whole set lies as IDX files, packed or
        not.
    full
        Of ``"mnist"``: all 70,000 digits, in their two parts, by Hugging Face ``datasets``.
    image, label
        The arrays or columns of pictures and labels, where they have unusual names.
    classes
        What the classes are called, where the source does not say.
    rounded
        Whether floats that are no levels of 0 to 255 may be rounded to them.
    stream
        Whether to read the pictures as they come, once through, instead of by number:
        what is on the Hub is then not downloaded first.

    Examples
    --------
    >>> data = load_data("mnist")
    >>> data
    <mnist: 10,000 pictures, 10 classes>
    >>> train, held_out = data.split(0.2, seed=0)
    >>> pairs = load_data((np.zeros((2, 5, 5)), np.array([0, 1])), classes=["cat", "dog"])
    >>> pairs.shape
    (5, 5, 1)

    Raises
    ------
    DataError
        It is not there, cannot be read or cannot be downloaded, or has one class only.
    NotFoundError
        No data set has this name.
    MissingPackageError
        It needs a package that is not installed.
    """
    wanted = Wanted(split, image, label, classes, rounded)
    if isinstance(what, DataSet):
        return stream_of(what) if stream else what
    if folder is not None:
        return _whole(_from_folder(str(what), Path(folder), wanted), stream=stream)
    if isinstance(what, str):
        return _by_name(what, wanted, full=full, stream=stream)
    if isinstance(what, os.PathLike):
        return _from_path(Path(what), wanted, stream=stream)
    return _from_object(what, wanted, stream=stream)


def _whole(data: DataSet, *, stream: bool) -> DataSet | Stream:
    return stream_of(data) if stream else data


def _by_name(name: str, wanted: Wanted, *, full: bool, stream: bool) -> DataSet | Stream:
    if name.startswith(PREFIX):
        return _from_hub(name.removeprefix(PREFIX), wanted, stream=stream)
    if name == "mnist" and not full:
        return _whole(_mnist(wanted), stream=stream)
    if name == "digits":
        return _whole(_small_digits(wanted), stream=stream)
    known = {one.name: one for one in known_sets()}
    if name in known:
        return _from_hub(name, wanted, stream=stream, called=name)
    path = Path(name)
    if path.exists() or path.suffix or len(path.parts) > 1:
        return _from_path(path, wanted, stream=stream)
    near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=3)
    raise NotFoundError(
        f"there is no data set {name!r}",
        mend=f"did you mean {' or '.join(near)}?"
        if near
        else f"there are {', '.join(known)}, files, folders and hf:owner/name",
    )


def _mnist(wanted: Wanted) -> DataSet:
    wanted.no_parts("mnist")
    held = digits()
    return ArraySet(
        held.images,
        held.labels,
        "mnist",
        wanted.classes or _DIGITS,
        about="10,000 digits of MNIST, which come with Layerwalk",
    )


def _small_digits(wanted: Wanted) -> DataSet:
    wanted.no_parts("digits")
    try:
        from sklearn.datasets import load_digits
    except ModuleNotFoundError as error:
        raise missing(error) from error
    found = load_digits()
    return ArraySet(
        found.images.astype(np.uint8),  # 0 to 16, counts of pixels that were set
        found.target,
        "digits",
        wanted.classes or _DIGITS,
        about="scikit-learn's load_digits, levels 0 to 16",
        white=16,
    )


def _from_hub(
    name: str, wanted: Wanted, *, stream: bool, called: str | None = None
) -> DataSet | Stream:
    called = called or f"{PREFIX}{name}"
    table, split = open_hub(name, wanted, stream=stream, called=called)
    shown = f"{called} ({split})" if split else called
    about = f"{name}, by Hugging Face datasets"
    read: Callable[..., DataSet | Stream] = HubStream if stream else HubSet
    return read(table, wanted, name=shown, about=about)


def _from_folder(name: str, folder: Path, wanted: Wanted) -> DataSet:
    if not folder.is_dir():
        raise DataError("there is no such folder", where=str(folder))
    if name not in ("mnist", "fashion-mnist"):
        raise DataError(
            f"a folder goes with mnist and fashion-mnist, not with {name}",
            where=str(folder),
            mend="give the folder in its place",
        )
    return read_idx_set(find_idx(folder, name) or folder, wanted, name=name)


def _from_path(path: Path, wanted: Wanted, *, stream: bool) -> DataSet | Stream:
    ending = path.suffix.lower()
    if not path.exists():
        raise DataError(
            "there is no such file or folder",
            where=str(path),
            mend=f"check the path (seen from {Path.cwd()})",
        )
    if path.is_dir():
        saved = any((path / one).is_file() for one in ("state.json", "dataset_dict.json"))
        if saved or any(path.glob("*.parquet")):
            return _from_hub(str(path), wanted, stream=stream, called=path.resolve().name)
        idx = find_idx(path)
        read = read_class_folders(path, wanted) if idx is None else read_idx_set(idx, wanted)
        return _whole(read, stream=stream)
    if ending == ".parquet":
        return _from_hub(str(path), wanted, stream=stream, called=path.name)
    readers: dict[str, Callable[[Path, Wanted], DataSet]] = {
        ".npz": read_npz,
        ".csv": read_path_table,
        ".tsv": read_path_table,
    }
    if "ubyte" in path.name:
        return _whole(read_idx_set(path, wanted), stream=stream)
    if ending not in readers:
        raise DataError(
            "this is no data set",
            where=str(path),
            mend="give a folder, or a .npz, .csv, .tsv, .parquet or IDX file",
        )
    return _whole(readers[ending](path, wanted), stream=stream)


def _from_object(what: Any, wanted: Wanted, *, stream: bool) -> DataSet | Stream:
    if type(what).__module__.partition(".")[0] == "datasets":
        if hasattr(what, "keys"):
            raise DataError(
                "this is several parts", where="data", mend=f"give one: {', '.join(what.keys())}"
            )
        name = str(what.info.dataset_name or "datasets.Dataset")
        if not hasattr(what, "num_rows"):
            return HubStream(what, wanted, name=name)
        return _whole(HubSet(what, wanted, name=name), stream=stream)
    if isinstance(what, tuple) and len(what) == 2 and isinstance(what[0], np.ndarray):
        wanted.no_parts("arrays")
        labels, names = name_classes(np.asarray(what[1]), "arrays", wanted.classes)
        made = ArraySet(what[0], labels, "arrays", names, about="arrays", rounded=wanted.rounded)
        return _whole(made, stream=stream)
    if isinstance(what, Pairs):
        return _whole(PairSet(what, wanted), stream=stream)
    raise DataError(
        f"an object of type {type(what).__qualname__} is no data set",
        where="load_data",
        mend="give a name, a path, or what has a length and [i] that is (picture, label)",
    )
