"""Runs in the library: opened by step, bounded, and closed."""

from __future__ import annotations

from pathlib import Path

import pytest

import layerwalk.surfaces.library.library as room
from layerwalk.errors import NotFoundError
from layerwalk.runs import Run, open_run
from layerwalk.surfaces.library import Library
from recorded_runs import recorded


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return recorded(tmp_path_factory.mktemp("runs") / "one", 20)


def test_a_run_keeps_its_id(run: Run) -> None:
    library = Library()
    key = library.add_run(run)
    assert library.add_run(open_run(run.path)) == key
    assert [card.id for card in library.cards()] == [key]
    assert library.has_run(key)
    assert not library.has_run(f"{key}@0")


def test_a_step_is_opened_once(run: Run) -> None:
    library = Library()
    key = library.add_run(run)
    assert library.opened(f"{key}@4") is library.opened(f"{key}@4")
    assert library.opened(key).id == f"{key}@20"
    assert len(library.cards()) == 1


def test_steps_make_room_for_others(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_MOST_STEPS", 3)
    library = Library()
    key = library.add_run(run)
    first = library.opened(f"{key}@0")
    for step in run.steps:
        library.opened(f"{key}@{step}")
    assert len(library._steps_of(key)) == 3
    again = library.opened(f"{key}@0")
    assert again is not first
    assert again.trace["conv"].array().tolist() == first.trace["conv"].array().tolist()


def test_an_edited_step(run: Run) -> None:
    library = Library()
    key = library.add_run(run)
    trace = library.opened(f"{key}@4").trace
    edited = library.add_edited(f"{key}@4", trace)
    assert edited.startswith(f"{key}@4~")
    assert library.opened(edited).trace is trace
    library.close(key)
    with pytest.raises(NotFoundError):
        library.opened(edited)
    with pytest.raises(NotFoundError):
        library.opened(f"{key}@4")
    assert library.cards() == ()


def test_an_empty_folder_of_steps(tmp_path: Path, run: Run) -> None:
    (tmp_path / "run.json").write_bytes(run.folder.description.read_bytes())
    library = Library()
    key = library.add_run(open_run(tmp_path))
    with pytest.raises(NotFoundError, match="no step is stored yet"):
        library.opened(key)
    (card,) = library.cards()
    assert card.steps == 0
