"""What a run's page is told, against the run itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Trace
from layerwalk.runs import Run
from layerwalk.surfaces.answer import Answer, Binary, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.library.problem import RequestError
from layerwalk.surfaces.wire import (
    AskEvaluation,
    AskMistakes,
    AskRun,
    AskSeries,
    AskSheet,
    AskTensor,
    AskThrough,
    AskTraces,
    AskWhy,
    EvaluationSheet,
    RunSheet,
    SeriesSheet,
    TraceSheet,
    WhySheet,
)
from recorded_runs import Training, recorded


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return recorded(tmp_path_factory.mktemp("runs") / "First try")


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def key(library: Library, run: Run) -> str:
    return library.add_run(run)


def sheet_of(found: Answer) -> RunSheet:
    assert isinstance(found, RunSheet)
    return found


def test_the_sheet(library: Library, key: str, run: Run) -> None:
    sheet = sheet_of(answer(library, AskRun(key)))
    assert key.startswith("first-try-")
    assert (sheet.name, sheet.model, sheet.state) == ("First try", "SmallNet", "finished")
    assert [one.step for one in sheet.steps] == list(run.steps)
    assert [one.trace for one in sheet.steps] == [f"{key}@{step}" for step in run.steps]
    assert [one.step for one in sheet.steps if one.updated] == list(run.folder.updated())
    assert sheet.evaluated == run.evaluated == (0, 40)
    assert sheet.classes is not None
    assert sheet.classes[3] == "digit 3"
    assert sheet.probe_labels is not None
    assert len(sheet.probe_labels) == 3
    assert sheet.parameters["conv.weight"] == (4, 1, 5, 5)
    assert sheet_of(answer(library, AskRun(sheet.steps[2].trace))).id == key


def test_every_step_is_a_trace_that_can_be_asked_about(
    library: Library, key: str, run: Run
) -> None:
    for step in run.steps[::3]:
        sheet = answer(library, AskSheet(f"{key}@{step}"))
        assert isinstance(sheet, TraceSheet)
        (conv,) = (op for op in sheet.ops if op.name == "conv")
        found = answer(library, AskTensor(sheet.id, conv.outputs[0], "1"))
        assert isinstance(found, Binary)
        np.testing.assert_array_equal(found.array, run.trace(step)["conv"].array()[1])
    (card,) = library.cards()
    assert answer(library, AskTraces()) == (card,)
    assert (card.id, card.steps, card.picture) == (key, len(run.steps), "First try")


def test_the_run_itself_is_its_last_step(library: Library, key: str, run: Run) -> None:
    sheet = answer(library, AskSheet(key))
    assert isinstance(sheet, TraceSheet)
    assert sheet.id == f"{key}@{run.steps[-1]}"


def test_the_series_are_the_measured_ones(library: Library, key: str, run: Run) -> None:
    told = answer(library, AskSeries(key))
    assert isinstance(told, tuple)
    found = {one.name: one for one in told if isinstance(one, SeriesSheet)}
    assert set(found) == set(run.series)
    loss = found["loss"]
    assert loss.count == len(loss.steps) == 40
    np.testing.assert_array_equal(np.array(loss.values), run.series["loss"].values)
    with pytest.raises(RequestError):
        answer(library, AskSeries(key, most=0))


def test_the_evaluation_and_its_pictures(library: Library, key: str, run: Run) -> None:
    recorded_one = run.evaluation(40)
    sheet = answer(library, AskEvaluation(key, 40))
    assert isinstance(sheet, EvaluationSheet)
    np.testing.assert_array_equal(sheet.confusion, recorded_one.confusion)
    assert (sheet.count, sheet.accuracy) == (60, recorded_one.accuracy)
    assert [one.index for one in sheet.worst] == recorded_one.worst.index.tolist()
    pictures = answer(library, AskMistakes(key, 40))
    assert isinstance(pictures, Binary)
    np.testing.assert_array_equal(pictures.array, recorded_one.worst.pictures)
    with pytest.raises(NotFoundError, match="the nearest is 0"):
        answer(library, AskEvaluation(key, 7))


def test_a_value_through_the_steps(library: Library, key: str, run: Run) -> None:
    trace: Trace = run.trace(0)
    weight = next(value for value in trace.values if value.name == "conv.weight")
    found = answer(library, AskThrough(key, weight.id, "2,0", until=10))
    assert isinstance(found, Binary)
    steps = [step for step in run.steps if step <= 10]
    assert found.shape == (len(steps), 5, 5)
    for k, step in enumerate(steps):
        value = next(one for one in run.trace(step).values if one.id == weight.id)
        np.testing.assert_array_equal(found.array[k], value.array()[2, 0])
    with pytest.raises(NotFoundError):
        answer(library, AskThrough(key, 999, until=10))


def test_why_a_weight_changed(library: Library, key: str, run: Run) -> None:
    sheet = answer(library, AskWhy(key, "conv.weight", (1, 0, 2, 2), 4))
    assert isinstance(sheet, WhySheet)
    why = run.why("conv.weight", (1, 0, 2, 2), 4)
    assert (sheet.before, sheet.after, sheet.computed) == (why.before, why.after, why.computed)
    assert [term.formula for term in sheet.terms] == [term.formula for term in why.terms]
    assert sheet.residue is not None
    assert abs(sheet.residue) < 1e-7
    with pytest.raises(NotFoundError, match="no weight at"):
        answer(library, AskWhy(key, "conv.weight", (9, 0, 2, 2), 4))
    with pytest.raises(NotFoundError, match="was not recorded"):
        answer(library, AskWhy(key, "conv.weight", (1, 0, 2, 2), 5))


@pytest.mark.parametrize("trace", ["nobody-abc", "nobody-abc@3"])
def test_a_run_that_is_not_there(library: Library, trace: str) -> None:
    with pytest.raises(NotFoundError, match="there is no run"):
        answer(library, AskRun(trace))
    with pytest.raises(NotFoundError):
        answer(library, AskSheet(trace))


def test_a_step_that_is_not_stored(library: Library, key: str) -> None:
    with pytest.raises(NotFoundError, match="step 5 is not stored"):
        answer(library, AskSheet(f"{key}@5"))


def test_a_run_that_goes_on(library: Library, tmp_path: Path) -> None:
    training = Training(tmp_path / "live")
    key = library.add_run(training.watch.run)
    first = sheet_of(answer(library, AskRun(key)))
    assert first.state == "running"
    training.go(6)
    _ = training.watch.run  # waits until all is written
    second = sheet_of(answer(library, AskRun(key)))
    assert second.change != first.change
    assert [one.step for one in second.steps] == [0, 1, 2, 3, 4, 6]
    training.watch.close("stopped", "interrupted")
    third = sheet_of(answer(library, AskRun(key)))
    assert (third.state, third.ending) == ("stopped", "interrupted")


def test_a_step_that_was_stored_anew_has_another_name(library: Library, tmp_path: Path) -> None:
    run = recorded(tmp_path / "again", 3)
    key = library.add_run(run)
    last = sheet_of(answer(library, AskRun(key))).steps[-1].trace
    answer(library, AskSheet(last))
    path = run.folder.trace(3)
    other = run.folder.trace(2).read_bytes()
    path.unlink()
    path.write_bytes(other)
    renamed = sheet_of(answer(library, AskRun(key))).steps[-1].trace
    assert renamed == f"{last}.2"
    assert isinstance(answer(library, AskSheet(renamed)), TraceSheet)


def test_a_damaged_step_says_so(library: Library, tmp_path: Path) -> None:
    run = recorded(tmp_path / "cut", 2)
    key = library.add_run(run)
    run.folder.trace(2).write_bytes(run.folder.trace(2).read_bytes()[:100])
    with pytest.raises(LayerwalkError, match="damaged"):
        answer(library, AskSheet(f"{key}@2"))
    assert isinstance(answer(library, AskSheet(f"{key}@1")), TraceSheet)
