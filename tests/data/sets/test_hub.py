"""What Hugging Face ``datasets`` opens: on this disk, because a test has no network."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import datasets
import pytest

from layerwalk.data.sets import load_data
from layerwalk.data.sets.hub import open_hub
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError, MissingPackageError

pytestmark = pytest.mark.usefixtures("own_cache")


def test_a_folder_of_pictures(class_folders: Path) -> None:
    table, split = open_hub(str(class_folders), Wanted())
    assert (split, table.num_rows) == ("train", 5)
    (class_folders / "cat" / "1.png").unlink()
    streamed, _ = open_hub(str(class_folders), Wanted(), stream=True)
    assert isinstance(streamed, datasets.IterableDataset)


@pytest.fixture
def table() -> datasets.Dataset:
    levels = [[[0, 1], [2, at]] for at in range(4)]
    return datasets.Dataset.from_dict({"x": levels, "label": [0, 1, 0, 1]})


def test_parquet_and_what_was_saved(table: datasets.Dataset, tmp_path: Path) -> None:
    table.to_parquet(str(tmp_path / "four.parquet"))
    table.save_to_disk(str(tmp_path / "four"))
    parts = datasets.DatasetDict({"train": table, "test": table.select([0, 1])})
    parts.save_to_disk(str(tmp_path / "parts"))
    for name, rows in (("four.parquet", 4), ("four", 4), ("parts", 4)):
        assert open_hub(str(tmp_path / name), Wanted())[0].num_rows == rows
        streamed, _ = open_hub(str(tmp_path / name), Wanted(), stream=True)
        assert len(list(streamed)) == rows
    assert open_hub(str(tmp_path / "parts"), Wanted("test"))[0].num_rows == 2
    with pytest.raises(DataError, match="no part 'dev' of it; ask for split='train' or 'test'"):
        open_hub(str(tmp_path / "parts"), Wanted("dev"))
    for name in ("four.parquet", "four", "parts"):
        data = load_data(tmp_path / name)
        assert data.picture(3)[..., 0].tolist() == [[0, 1], [2, 3]]
    assert load_data(tmp_path / "parts").name == "parts (train)"


def test_without_a_network() -> None:
    for name in ("cifar10", "hf:mnist", "hf:owner/name"):
        with pytest.raises(DataError) as caught:
            load_data(name)
        assert str(caught.value) == (
            f"{name}: it is not on this machine, and the Hub cannot be reached; "
            "connect to the network, or give a folder or file of it."
        )
    with pytest.raises(DataError, match="cannot be reached"):
        load_data("mnist", full=True)


def test_names_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str | None]] = []

    def opened(name: str, configuration: str | None, *, streaming: bool) -> Any:
        asked.append((name, configuration))
        raise datasets.exceptions.DatasetNotFoundError("not there")

    monkeypatch.setattr(datasets, "load_dataset", opened)
    for name in ("mnist", "owner/name:fine", "owner/name", "Fashion_MNIST"):
        with pytest.raises(DataError) as caught:
            load_data(f"hf:{name}")
        assert str(caught.value) == (
            f"hf:{name}: there is no such data set on the Hub, or one has to log in for it; "
            "check the name at huggingface.co/datasets."
        )
    assert asked == [
        ("ylecun/mnist", None),
        ("owner/name", "fine"),
        ("owner/name", None),
        ("zalando-datasets/fashion_mnist", None),
    ]


def test_what_else_is_wrong_is_told(class_folders: Path) -> None:
    (class_folders / "cat" / "data.parquet").write_bytes(b"no parquet")
    with pytest.raises(DataError) as caught:
        open_hub(str(class_folders / "cat" / "data.parquet"), Wanted())
    assert "data.parquet: it cannot be opened (" in str(caught.value)


def test_bars_and_loggers_are_as_before(class_folders: Path) -> None:
    logger = logging.getLogger("huggingface_hub")
    before = (datasets.are_progress_bars_disabled(), logger.level)
    open_hub(str(class_folders), Wanted())
    assert (datasets.are_progress_bars_disabled(), logger.level) == before


@pytest.mark.parametrize(
    ("name", "module", "package"),
    [("cifar10", "datasets", "datasets"), ("digits", "sklearn.datasets", "scikit-learn")],
)
def test_a_package_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, name: str, module: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPackageError) as caught:
        load_data(name)
    assert str(caught.value) == (
        f"this needs the package {package}, which is not installed; pip install {package}."
    )
