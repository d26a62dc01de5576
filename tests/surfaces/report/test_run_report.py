"""The report of a run holds every step, and tells its size beforehand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from layerwalk.errors import NotFoundError
from layerwalk.runs import Run
from layerwalk.surfaces.library import OpenRun
from layerwalk.surfaces.report.run_report import run_report_sizes
from recorded_runs import recorded

_ELEMENT = re.compile(r'<script type="application/[^>]*" id="([^"]+)">([^<]*)</script>')


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return recorded(tmp_path_factory.mktemp("runs") / "one", 20)


def test_every_step_is_in_it(run: Run, tmp_path: Path) -> None:
    path = run.report(tmp_path / "run.html", detail="exact")
    elements = dict(_ELEMENT.findall(path.read_text(encoding="utf-8")))
    sheet = json.loads(elements["layerwalk-sheet"])
    assert [one["step"] for one in sheet["run"]["steps"]] == list(run.steps)
    assert [page["trace"] for page in sheet["pages"]] == [
        one["trace"] for one in sheet["run"]["steps"]
    ]
    assert not any(one["updated"] for one in sheet["run"]["steps"])
    assert len(sheet["evaluations"]) == len(sheet["mistakes"]) == 2
    assert {one["name"] for one in sheet["series"]} == set(run.series)
    # The probes are the same at every step: they stand in the file once.
    shown = run.trace(0).inputs[0].id
    places = {
        tensor["place"]
        for page in sheet["pages"]
        for tensor in page["tensors"]
        if tensor["value"] == shown
    }
    assert len(places) == 1
    for page in sheet["pages"]:
        assert page["inexact"] == []
        for tensor in page["tensors"]:
            assert f"layerwalk-{tensor['place']}" in elements
    top = sheet["pages"][-1]["prediction"]["top"][0]
    scores = run.trace(20)["out"].array()[0]
    assert (top["number"], top["score"]) == (int(np.argmax(scores)), float(scores.max()))


def test_some_steps(run: Run, tmp_path: Path) -> None:
    path = run.report(tmp_path / "run.html", steps=[0, 20])
    sheet = json.loads(dict(_ELEMENT.findall(path.read_text(encoding="utf-8")))["layerwalk-sheet"])
    assert [one["step"] for one in sheet["run"]["steps"]] == [0, 20]
    with pytest.raises(NotFoundError, match="step 5 is not stored"):
        run.report(tmp_path / "run.html", steps=[5])


@pytest.mark.parametrize("steps", [(), (0, 4, 20)])
def test_its_size_is_told(run: Run, tmp_path: Path, steps: tuple[int, ...]) -> None:
    sizes = run_report_sizes(OpenRun("one", run), steps)
    assert len({(size.detail, size.weights) for size in sizes}) == len(sizes) == 9
    for size in sizes:
        path = run.report(
            tmp_path / "run.html", detail=size.detail, weights=size.weights, steps=steps
        )
        assert size.bytes == pytest.approx(path.stat().st_size, rel=0.1)


def test_its_weights_are_chosen(run: Run, tmp_path: Path) -> None:
    trace = run.trace(20)
    first = next(value for value in trace.values if value.name == "out.weight")

    def kept(weights: str) -> list[int]:
        path = run.report(tmp_path / "run.html", detail="exact", weights=weights)
        text = dict(_ELEMENT.findall(path.read_text(encoding="utf-8")))["layerwalk-sheet"]
        sheet = json.loads(text)
        assert (first.id in sheet["first"]["left_out"]) == (weights == "none")
        return [
            tensor["place"]
            for page in sheet["pages"]
            for tensor in page["tensors"]
            if tensor["value"] == first.id
        ]

    assert kept("none") == []
    assert len(set(kept("all"))) == len(run.steps)
