"""What mattered, over HTTP: asked for, followed, and fetched as raw numbers."""

from __future__ import annotations

from typing import Any

import httpx
import numpy as np
import pytest

import layerwalk as lw
from layerwalk.attribution import METHODS, attribute
from layerwalk.record import Trace
from layerwalk.surfaces.library import Inquiry, Library
from surfaces.gate import Gate, order


@pytest.fixture(scope="module")
def digit() -> Trace:
    return lw.trace(lw.load_model("lenet5"), "sample:digits/3")


def _ended(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    while job["state"] in ("queued", "running"):
        job = client.get(f"/api/walks/{job['id']}?seen={job['change']}").json()
    return job


def test_a_map_is_found_out_and_then_fetched(
    client: httpx.Client, library: Library, digit: Trace
) -> None:
    key = library.add(digit)
    route, said = f"/api/traces/{key}/attributions/occlusion", {"target": "c3:4"}
    begun = client.post(route, params=said)
    assert begun.status_code == 202
    job = _ended(client, begun.json())
    assert (job["state"], job["problem"], job["trace"]) == ("done", None, key)
    found = attribute(digit, "occlusion", ("c3", 4))
    sheet = client.get(route, params=said).json()
    assert (sheet["method"], sheet["target"]) == ("occlusion", "c3 channel 4")
    assert sheet["score"] == pytest.approx(found.score, rel=1e-6)
    numbers = client.get(f"{route}/map", params=said)
    assert numbers.headers["x-layerwalk-shape"] == "28,28"
    assert numbers.headers["x-layerwalk-dtype"] == "float64"
    heat = np.frombuffer(numbers.content).reshape(28, 28)
    np.testing.assert_allclose(heat, found.heat(), rtol=1e-6, atol=1e-9)


def test_what_nobody_found_out_is_found_out_when_it_is_asked_for(
    client: httpx.Client, library: Library, digit: Trace
) -> None:
    route = f"/api/traces/{library.add(digit)}/attributions/saliency"
    heat = np.frombuffer(client.get(f"{route}/map").content)
    np.testing.assert_allclose(heat, attribute(digit, "saliency").heat().ravel(), rtol=1e-6)


@pytest.mark.parametrize("target", ["ß “class” 象", "c3:99", "5\n"])
def test_a_target_that_there_is_not_is_told(
    client: httpx.Client, library: Library, digit: Trace, target: str
) -> None:
    key = library.add(digit)
    for path in ("attributions/saliency", "attributions/saliency/map", "ops/0/contributions"):
        refused = client.get(f"/api/traces/{key}/{path}", params={"target": target})
        assert refused.status_code == 404
        assert "there is no c" in refused.json()["sentence"]


def test_contributions_to_a_target(client: httpx.Client, library: Library, digit: Trace) -> None:
    key = library.add(digit)
    route = f"/api/traces/{key}/ops/0/contributions"
    tags = set()
    for target, words in (("", None), ("5", "5"), ("c3:4", "c3 channel 4")):
        answer = client.get(route, params={"target": target})
        tags.add(answer.headers["etag"])
        assert words is None or answer.json()["target"] == words
    assert len(tags) == 3


def test_the_methods_are_listed(client: httpx.Client) -> None:
    found = client.get("/api/methods").json()
    assert [one["name"] for one in found["methods"]] == list(METHODS)


def test_a_question_does_not_wait_for_a_walk(
    client: httpx.Client, library: Library, digit: Trace
) -> None:
    gate = Gate()
    library.walks.submit(order(gate))
    try:
        assert gate.came.acquire(timeout=60)
        job = client.post(f"/api/traces/{library.add(digit)}/attributions/deeplift").json()
        assert _ended(client, job)["state"] == "done"
        assert client.get("/api/walks/gone").status_code == 404
    finally:
        gate.door.set()


def test_a_question_is_stopped(client: httpx.Client, library: Library) -> None:
    def endless(tell: Any) -> None:
        while True:
            tell(1, 2)

    job = library.inquiries.submit(Inquiry("dog", "net", endless))
    sheet = client.delete(f"/api/walks/{job.id}").json()
    assert _ended(client, sheet)["state"] == "cancelled"
