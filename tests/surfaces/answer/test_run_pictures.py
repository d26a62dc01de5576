"""Another picture through the network of a recorded training, from its page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.data.sets import load_data
from layerwalk.errors import NotFoundError
from layerwalk.runs import Run
from layerwalk.surfaces.answer import answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskJob, AskWalk, JobSheet
from learn.loop import SmallNet
from recorded_runs import recorded

_PLAN = lw.Plan(epochs=1, batch=64, rate=5e-3, optimizer="adam", held_out=100, probes=3)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    few = load_data("mnist").subset(range(500))
    return lw.train(
        "lenet5", few, _PLAN, run=tmp_path_factory.mktemp("runs") / "first", overhead=None
    )


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    yield library
    library.stop()


def done(library: Library, ask: AskWalk) -> JobSheet:
    job = answer(library, ask)
    assert isinstance(job, JobSheet)
    while job.state in ("queued", "running"):
        newer = answer(library, AskJob(job.id, job.change))
        assert isinstance(newer, JobSheet)
        job = newer
    return job


def test_a_picture_through_the_step_that_is_shown(library: Library, run: Run) -> None:
    key = library.add_run(run)
    # Also of a step that nobody has looked at; the run itself stands for its last.
    for trace, step in ((f"{key}@2", 2), (key, run.steps[-1])):
        job = done(library, AskWalk(trace=trace, picture="sample:digits/7"))
        assert job.problem is None
        assert job.trace is not None
        walked = library.opened(job.trace).trace
        name = f"lenet5 at step {step} of first"
        assert walked.name == walked.provenance["model"] == name
        assert walked.provenance["weights"] == f"step {step} of the run first"
        assert library.cards()[0].model == name
        own = lw.trace(run.load_model(step), "sample:digits/7")
        assert np.array_equal(walked.outputs[0].array(), own.outputs[0].array())
        assert walked.replay()
        edited = walked.rerun(lw.edit().silence("c3", 0))
        assert not np.array_equal(edited.outputs[0].array(), own.outputs[0].array())
        # Another picture goes through the same network.
        again = done(library, AskWalk(trace=job.trace, picture="sample:digits/8"))
        assert again.trace is not None
        assert library.opened(again.trace).trace.name == name
    assert len(library.networks.ready()) == 2


def test_a_step_has_no_picture_of_its_own(library: Library, run: Run) -> None:
    key = library.add_run(run)
    for trace in (key, f"{key}@2"):
        with pytest.raises(NotFoundError, match="the picture of this walk is not at hand; choose"):
            answer(library, AskWalk(trace=trace, model="mlp"))
        library.opened(f"{key}@2")
    with pytest.raises(NotFoundError, match="step 999 is not stored"):
        answer(library, AskWalk(trace=f"{key}@999", picture="sample:digits/7"))


def test_a_loop_of_one_s_own_cannot_be_built(library: Library, tmp_path: Path) -> None:
    run = recorded(tmp_path / "own", 2)
    key = library.add_run(run)
    library.opened(key)
    key = f"{key}@2"
    problem = done(library, AskWalk(trace=key, picture="sample:digits/7")).problem
    assert problem is not None
    assert problem.sentence == (
        "SmallNet at step 2 of own: the run does not say how its network is built; pass it: "
        "run.load_model(model=net), or run.show(model=net) for the page."
    )
    # Its pictures are known only to whoever trained it.
    library.add_run(run, partial(run.load_model, model=SmallNet()))
    problem = done(library, AskWalk(trace=key, picture="sample:digits/7")).problem
    assert problem is not None
    assert "nothing is known about the pictures it takes; pass the network" in problem.sentence
    model = lw.load_model(SmallNet(), input_size=(1, 28, 28))
    library.add_run(run, partial(run.load_model, model=model))
    job = done(library, AskWalk(trace=key, picture="sample:digits/7"))
    assert job.trace is not None
    assert library.opened(job.trace).trace.top(1)[0][0].startswith("digit")


def test_a_run_from_somewhere_does_not_run_a_file(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = (Path(__file__).parents[2] / "learn" / "loop.py").read_text(encoding="utf-8")
    Path("net.py").write_text(source, encoding="utf-8")
    few = load_data("mnist").subset(range(500))
    run = lw.train("net.py:SmallNet", few, _PLAN, run="first")
    key = library.add_run(run)
    for _ in range(2):
        problem = done(library, AskWalk(trace=key, picture="sample:digits/7")).problem
        assert problem is not None
        assert "in a file, which is not run from the page; replay it" in problem.sentence
        assert "layerwalk replay first --model net.py:SmallNet" in problem.sentence
        # Nor does a page that names the run's folder.
        with pytest.raises(lw.LayerwalkError):
            answer(library, AskWalk(model="./first", picture="sample:digits/7"))
    library.add_run(run, run.load_model)
    job = done(library, AskWalk(trace=key, picture="sample:digits/7"))
    assert job.trace is not None
    assert library.opened(job.trace).trace.name.startswith("net.py:SmallNet at step")
