"""What mattered, as the page is told it: found out beside other answers, stopped, and kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import layerwalk as lw
from layerwalk.attribution import METHODS, attribute
from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.record import Trace
from layerwalk.render.figures import HeatMap
from layerwalk.surfaces.answer import Binary, answer
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import (
    AskAttribution,
    AskCancel,
    AskContributions,
    AskDigests,
    AskHeat,
    AskInquiry,
    AskJob,
    AskMethods,
    AttributionSheet,
    ContributionSheet,
    JobSheet,
    MethodsSheet,
)


@pytest.fixture(scope="module")
def digit() -> Trace:
    return lw.trace(lw.load_model("lenet5"), "sample:digits/3")


@pytest.fixture
def library() -> Iterator[Library]:
    library = Library()
    yield library
    library.stop()


def ended(library: Library, ask: AskInquiry) -> JobSheet:
    """The last sheet of an inquiry."""
    job = answer(library, ask)
    assert isinstance(job, JobSheet)
    while job.state in ("queued", "running"):
        newer = answer(library, AskJob(job.id, job.change))
        assert isinstance(newer, JobSheet)
        job = newer
    return job


def test_every_method_is_listed_in_words(library: Library) -> None:
    found = answer(library, AskMethods())
    assert isinstance(found, MethodsSheet)
    assert [one.name for one in found.methods] == list(METHODS)
    assert [one.complete for one in found.methods] == [one.complete for one in METHODS.values()]
    assert found.usual in METHODS
    for words in ([one.title for one in found.methods], [one.about for one in found.methods]):
        assert len(set(words)) == len(METHODS)
        assert all(words)
    assert all(one.about.endswith(".") and len(one.about) < 100 for one in found.methods)


@pytest.fixture(scope="module")
def dog() -> Trace:
    return lw.trace(lw.load_model("tiny_vgg"), "sample:dog")


@pytest.mark.parametrize("method", list(METHODS))
def test_what_is_told_is_what_python_finds(library: Library, dog: Trace, method: str) -> None:
    key = library.add(dog)
    job = ended(library, AskInquiry(key, method))
    assert (job.state, job.problem, job.trace) == ("done", None, key)
    sheet, heat = (
        answer(library, AskAttribution(key, method)),
        answer(library, AskHeat(key, method)),
    )
    assert isinstance(sheet, AttributionSheet)
    assert isinstance(heat, Binary)
    found = attribute(dog, method)
    assert heat.exact
    np.testing.assert_allclose(heat.array, found.heat(), rtol=1e-6, atol=1e-12)
    assert (sheet.method, sheet.target, sheet.op) == (method, found.target, found.op)
    assert sheet.signed == found.signed
    for told, number in (
        (sheet.score, found.score),
        (sheet.baseline_score, found.baseline_score),
        (sheet.total, found.total),
        (sheet.residue, found.residue),
    ):
        assert told == (None if number is None else pytest.approx(number, rel=1e-5, abs=1e-7))
    map_ = HeatMap(method, heat.array, found.signed)
    assert (sheet.reach, sheet.beyond) == (map_.scale.high, map_.beyond)


def test_an_answer_is_worked_out_once(
    library: Library, digit: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import layerwalk.attribution as room

    asked: list[str] = []
    real = room.attribute

    def counted(trace: Trace, method: str, *rest: Any, **options: Any) -> Any:
        asked.append(method)
        return real(trace, method, *rest, **options)

    monkeypatch.setattr(room, "attribute", counted)
    key = library.add(digit)
    ended(library, AskInquiry(key, "saliency"))
    answer(library, AskAttribution(key, "saliency"))
    answer(library, AskHeat(key, "saliency"))
    assert asked == ["saliency"]
    for channel in range(16):  # many others: the first is let go
        answer(library, AskHeat(key, "saliency", f"c3:{channel}"))
    answer(library, AskHeat(key, "saliency"))
    assert len(asked) == 18


@pytest.mark.parametrize(("target", "aim"), [("c3:4", ("c3", 4)), ("5", 5), ("", None)])
def test_any_class_or_channel_is_a_target(
    library: Library, digit: Trace, target: str, aim: Any
) -> None:
    key = library.add(digit)
    sheet = answer(library, AskAttribution(key, "input_x_gradient", target))
    assert isinstance(sheet, AttributionSheet)
    assert sheet.target == attribute(digit, "input_x_gradient", aim).target
    shares = answer(library, AskContributions(key, 0, target=target))
    assert isinstance(shares, ContributionSheet)
    found = lw.attribution.contributions(digit, aim)
    assert shares.target == found.target
    assert list(shares.channels) == pytest.approx(list(found.channels[0]), rel=1e-6)  # type: ignore[arg-type]
    digests: Any = answer(library, AskDigests(key, (0,), "attribution", target))
    assert list(digests[0].strongest) == found.ranked(0)[:3]


def test_one_that_is_stopped_ends_before_its_end(
    library: Library, digit: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    came, door = threading.Event(), threading.Event()
    import layerwalk.attribution as room

    def endless(_trace: Trace, _method: str, *_: Any, watch: Any, **__: Any) -> None:
        while True:
            watch(1, 9)
            came.set()
            door.wait(0.01)

    monkeypatch.setattr(room, "attribute", endless)
    key = library.add(digit)
    job = answer(library, AskInquiry(key, "occlusion"))
    assert isinstance(job, JobSheet)
    assert came.wait(60)
    # Others are answered meanwhile.
    assert isinstance(answer(library, AskMethods()), MethodsSheet)
    running = answer(library, AskJob(job.id))
    assert isinstance(running, JobSheet)
    assert (running.stage, running.done, running.of) == ("occlusion", 1, 9)
    answer(library, AskCancel(job.id))
    seen = job.change
    while True:
        now = answer(library, AskJob(job.id, seen))
        assert isinstance(now, JobSheet)
        if now.state != "running":
            break
        seen = now.change
    assert now.state == "cancelled"


def test_what_cannot_be_is_told_in_a_sentence(library: Library, digit: Trace) -> None:
    key = library.add(digit)
    job = ended(library, AskInquiry(key, "salience"))
    assert job.state == "failed"
    assert job.problem is not None
    assert "did you mean saliency?" in job.problem.sentence
    with pytest.raises(NotFoundError, match="there is no class"):
        answer(library, AskAttribution(key, "saliency", "c9:4"))
    with pytest.raises(NotFoundError, match="there is no walk"):
        answer(library, AskInquiry("gone", "saliency"))


def test_without_the_weights(library: Library, digit: Trace, tmp_path: Path) -> None:
    digit.save(tmp_path / "light.safetensors", weights=False)
    key = library.add(lw.open(tmp_path / "light.safetensors"))
    job = ended(library, AskInquiry(key, "saliency"))
    assert job.problem is not None
    assert "was left out when" in job.problem.sentence


def test_on_an_edited_walk(library: Library, digit: Trace) -> None:
    base = library.add(digit)
    for edits in (lw.edit().scale_weight("c1.weight", 0.5), lw.edit().silence("c1", 0)):
        edited = digit.rerun(edits)
        heat = answer(library, AskHeat(library.add_edited(base, edited), "saliency"))
        assert isinstance(heat, Binary)
        found = attribute(edited, "saliency").heat()
        np.testing.assert_allclose(heat.array, found, rtol=1e-6)
        assert not np.array_equal(found, attribute(digit, "saliency").heat())


def test_a_network_without_classes_has_channels(library: Library) -> None:
    key = library.add(lw.trace(lw.load_model("edges"), "sample:cat"))
    with pytest.raises(LayerwalkError, match="holds no class scores"):
        answer(library, AskHeat(key, "saliency"))
    heat = answer(library, AskHeat(key, "saliency", "relu:2"))
    assert isinstance(heat, Binary)
    assert heat.array.any()
