"""Hugging Face ``datasets``: a name on the Hub, a folder, or a Parquet file, opened."""

from __future__ import annotations

import importlib
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from layerwalk.data.sets.known import known_sets
from layerwalk.data.sets.wanted import Wanted, choose_split
from layerwalk.errors import DataError, missing

__all__ = ["PREFIX", "open_hub"]

PREFIX: Final = "hf:"
_FULL_NAMES: Final = {
    "mnist": "ylecun/mnist",
    "cifar100": "uoft-cs/cifar100",
    **{one.name: one.hub for one in known_sets() if one.hub},
}


def open_hub(
    name: str, wanted: Wanted, *, stream: bool = False, called: str | None = None
) -> tuple[Any, str]:
    """A ``datasets.Dataset`` (or its streamed kind), and the name of its part.

    Parameters
    ----------
    name
        ``"owner/name"``, or ``"owner/name:configuration"``; a folder of its files; a
        ``.parquet`` file; a folder that ``save_to_disk`` wrote.
    wanted
        Which part.
    stream
        Whether to read it as it comes, without downloading it first.
    called
        What errors call it.

    Raises
    ------
    MissingPackageError
        ``datasets`` is not installed.
    DataError
        It is not there, cannot be downloaded (no network), or has no such part.
    """
    try:
        import datasets
    except ModuleNotFoundError as error:
        raise missing(error) from error
    called = called or f"{PREFIX}{name}"
    with _calm(datasets):
        try:
            found = _load(datasets, name, stream=stream)
        except Exception as error:
            # A file, a server or a reader of one of forty formats: it may be anything.
            raise _refused(called, error) from error
    if isinstance(found, Mapping):
        split = choose_split(map(str, found), wanted.split, called)
        return found[split], split
    if wanted.split is not None:
        choose_split([str(found.split)], wanted.split, called)
    return found, str(found.split or "")


def _load(datasets: Any, name: str, *, stream: bool) -> Any:
    path = Path(name)
    if path.suffix == ".parquet" and path.is_file():
        return datasets.load_dataset("parquet", data_files=str(path), streaming=stream)
    if (path / "dataset_dict.json").is_file() or (path / "state.json").is_file():
        found = datasets.load_from_disk(str(path))
        if not stream:
            return found
        if isinstance(found, Mapping):
            return {split: part.to_iterable_dataset() for split, part in found.items()}
        return found.to_iterable_dataset()
    known, configuration = name, None
    match = re.fullmatch(r"(.+):([\w.-]+)", name)
    if match and not path.exists():
        known, configuration = match[1], match[2]
    known = known if path.exists() else _FULL_NAMES.get(known.lower().replace("_", "-"), known)
    return datasets.load_dataset(known, configuration, streaming=stream)


def _refused(where: str, error: Exception) -> DataError:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    said = " ".join(str(_first_cause(error)).split())
    if "DatasetNotFoundError" in kinds:
        return DataError(
            "there is no such data set on the Hub, or one has to log in for it",
            where=where,
            mend="check the name at huggingface.co/datasets",
        )
    if isinstance(error, ConnectionError):
        return DataError(
            "it is not on this machine, and the Hub cannot be reached",
            where=where,
            mend="connect to the network, or give a folder or file of it",
        )
    return DataError(
        f"it cannot be opened ({said[:300].rstrip('.') or type(error).__name__})", where=where
    )


def _first_cause(error: BaseException) -> BaseException:
    while error.__cause__ is not None:
        error = error.__cause__
    return error


@contextmanager
def _calm(datasets: Any) -> Iterator[None]:
    """A block in which bars are drawn only for those who look, and nothing is told twice.

    The libraries complain of each try before they give up; the error says the same once.
    """
    hub: Any = importlib.import_module("huggingface_hub.utils")
    looked_at = sys.stderr.isatty() or "ipykernel" in sys.modules
    ours = (datasets.utils.are_progress_bars_disabled(), hub.are_progress_bars_disabled())
    loggers = [logging.getLogger(name) for name in ("datasets", "huggingface_hub")]
    levels = [logger.level for logger in loggers]
    if not looked_at:
        datasets.disable_progress_bars()
        hub.disable_progress_bars()
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if not looked_at and not ours[0]:
            datasets.enable_progress_bars()
        if not looked_at and not ours[1]:
            hub.enable_progress_bars()
