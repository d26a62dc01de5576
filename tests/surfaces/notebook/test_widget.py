"""The widget's messages, as a page sends them and gets them."""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

import layerwalk as lw
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.notebook.widget import ExplorerWidget, reply_to
from layerwalk.surfaces.report import make_report


@pytest.fixture
def library() -> Library:
    made = Library()
    made.add(lw.trace(lw.load_model("edges"), "sample:dog"))
    return made


def asked(library: Library, *buffers: bytes, **request: Any) -> tuple[dict[str, Any], list[Any]]:
    return reply_to(library, {"id": 7, "request": request}, buffers)


def test_answers_are_tables(library: Library) -> None:
    reply, parts = asked(library, ask="traces")
    assert (reply["id"], parts) == (7, [])
    assert [card["model"] for card in reply["answer"]] == ["edges"]


def test_numbers_travel_beside_the_message(library: Library) -> None:
    (card,) = asked(library, ask="traces")[0]["answer"]
    sheet = asked(library, ask="sheet", trace=card["id"])[0]["answer"]
    value = sheet["ops"][0]["outputs"][0]
    reply, (part,) = asked(library, ask="tensor", trace=card["id"], value=value, region="0,3")
    array = np.frombuffer(part, dtype=reply["tensor"]["dtype"]).reshape(reply["tensor"]["shape"])
    wanted = library.opened(card["id"]).trace["conv"].array()[0, 3]
    assert (array == wanted).all()
    assert reply["tensor"]["exact"] is True


def test_a_report_comes_whole(library: Library) -> None:
    (card,) = asked(library, ask="traces")[0]["answer"]
    reply, (part,) = asked(library, ask="report", trace=card["id"], weights="none")
    assert reply["media"] == "text/html"
    trace = library.opened(card["id"]).trace
    assert part == make_report(trace, weights="none").content
    sizes = asked(library, ask="report-sizes", trace=card["id"])[0]["answer"]
    assert {size["weights"] for size in sizes} == {"some", "all", "none"}


@pytest.mark.parametrize(
    "request_", [{"ask": "sheet", "trace": "none"}, {"ask": "dance"}, {}, None, "text"]
)
def test_what_cannot_be_answered_is_a_problem(library: Library, request_: Any) -> None:
    reply, parts = reply_to(library, {"id": 1, "request": request_}, ())
    assert reply["problem"]["sentence"].endswith((".", "?"))
    assert parts == []


def test_a_picture_comes_with_the_question(library: Library) -> None:
    file = io.BytesIO()
    Pillow.fromarray(np.full((20, 30, 3), 99, dtype=np.uint8)).save(file, "PNG")
    (card,) = asked(library, ask="traces")[0]["answer"]
    reply, _ = asked(library, file.getvalue(), ask="walk", model="edges", name="grey.png")
    job = reply["answer"]
    deadline = time.monotonic() + 60
    while job["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.02)
        job = asked(library, ask="job", job=job["id"], seen=job["change"])[0]["answer"]
    assert job["state"] == "done", job
    cards = asked(library, ask="traces")[0]["answer"]
    assert {one["picture"] for one in cards} == {card["picture"], "grey.png"}


def test_an_unforeseen_failure_is_told_to_the_page_and_to_the_notebook(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = ExplorerWidget(library)
    sent: list[Any] = []
    monkeypatch.setattr(widget, "send", lambda content, buffers=None: sent.append(content))
    monkeypatch.setattr(library, "opened", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        widget._heard(None, {"id": 3, "request": {"ask": "sheet", "trace": "x"}}, [])
    assert sent[0]["problem"]["sentence"] == "It failed with ZeroDivisionError: division by zero."


def test_the_widget_brings_the_page_and_its_styles(library: Library) -> None:
    (card,) = library.cards()
    widget = ExplorerWidget(library, card.id)
    assert widget.trace == card.id
    assert "layerwalk" in widget.styles
    assert "render" in widget._esm
    widget._heard(None, "something else", [])
