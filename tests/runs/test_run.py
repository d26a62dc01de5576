"""A recorded training, opened."""

from __future__ import annotations

from pathlib import Path

import pytest

import layerwalk as lw
from layerwalk.errors import FileError, NotFoundError
from layerwalk.runs import Run, open_run
from learn.loop import SmallNet, probes


@pytest.fixture
def run(tmp_path: Path) -> Run:
    watch = lw.watch(SmallNet(), probes(), run=tmp_path / "run", overhead=None)
    for _ in range(5):
        watch.step(loss=1.0)
    return watch.close()


def test_steps_are_found(run: Run) -> None:
    assert run.steps == (0, 1, 2, 3, 4, 5)
    assert repr(run) == "<Run of SmallNet: 6 stored steps, the last after 5 updates>"
    assert (run.name, run.path.name) == ("run", "run")
    assert [run.nearest(step) for step in (-1, 0, 4, 99)] == [0, 0, 4, 5]
    assert run.evaluated == ()


def test_what_was_not_stored_is_said(run: Run) -> None:
    with pytest.raises(NotFoundError, match="step 9 was not stored; the nearest is 5, the last 5"):
        run.trace(9)
    with pytest.raises(NotFoundError, match="no step was evaluated"):
        run.evaluation(5)
    with pytest.raises(NotFoundError, match="no step was recorded with its update"):
        run.why("conv.weight", (0, 0, 0, 0), 2)
    run.folder.trace(3).write_bytes(b"half of a file")
    with pytest.raises(FileError, match=r"0000000003\.safetensors"):
        run.trace(3)


def test_strangers_in_the_folder_are_left_alone(run: Run) -> None:
    (run.path / "steps" / "notes.txt").write_text("mine", encoding="utf-8")
    (run.path / "steps" / ".layerwalk-12.part").write_bytes(b"")
    assert open_run(run.path).steps == (0, 1, 2, 3, 4, 5)


def test_a_run_needs_no_torch_to_be_read(run: Run) -> None:
    trace = open_run(str(run.path)).trace(2)
    assert trace.verify()
    assert trace.outputs[0].shape == (3, 10)
