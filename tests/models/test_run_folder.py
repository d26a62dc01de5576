"""What names a run, and what cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.errors import FileError, ModelError
from layerwalk.models import load_model
from layerwalk.models.run_folder import names_run
from layerwalk.surfaces.library.network import Networks
from layerwalk.surfaces.library.problem import RequestError


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with runs whose names other things have, too."""
    monkeypatch.chdir(tmp_path)
    for name in ("first", "lenet5", "runs/first", "timm/resnet18"):
        folder = Path(name)
        folder.mkdir(parents=True)
        (folder / "run.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "source", ["runs/first", "./first", "./lenet5", "runs/first/", "first@12", "gone@3"]
)
def test_a_path_or_a_step_is_a_run(source: str) -> None:
    assert names_run(source)
    with pytest.raises(RequestError, match="is no name of a network"):
        Networks().find(source)


@pytest.mark.parametrize("source", ["first", "lenet5", "timm/resnet18", "runs", "runs/gone", "a@b"])
def test_a_word_is_a_name_and_a_page_may_say_it(source: str) -> None:
    assert not names_run(source)


def test_a_path_object_is_no_word(here: Path) -> None:
    assert names_run(Path("first"))
    assert names_run(here / "first")
    assert not names_run(Path("gone"))


def test_a_name_comes_before_a_folder() -> None:
    assert load_model("lenet5").weights == "untrained, seed 0"
    with pytest.raises(FileError, match=r"lenet5: run\.json is not that of a run"):
        load_model("./lenet5")


def test_slips_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.models.loading.ZOOS", ())
    with pytest.raises(FileError, match="gone: there is no such folder"):
        load_model("gone@3")
    with pytest.raises(ModelError, match="runs/frist: there is no network here; check the path"):
        load_model("runs/frist")
    with pytest.raises(ModelError, match=r"the run in the folder of this name is \./first"):
        load_model("first")
