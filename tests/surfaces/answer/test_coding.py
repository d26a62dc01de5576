"""Questions out of JSON, and answers into it."""

from __future__ import annotations

import json
import os

import pytest

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer import decoded, encoded
from layerwalk.surfaces.library.problem import RequestError


@pytest.mark.parametrize(
    "ask",
    [
        wire.AskWelcome(),
        wire.AskTensor("dog-1", 3, "0,1", half=True),
        wire.AskDigests("dog-1", (1, 2)),
        wire.AskField("dog-1", 3, (0, 1), 1),
        wire.AskWalk(model="edges", picture="sample:dog"),
        wire.AskJob("x", 7),
        wire.AskReport("dog-1", "compact"),
    ],
    ids=lambda ask: ask.ask,
)
def test_a_question_there_and_back(ask: wire.Request) -> None:
    assert decoded(json.loads(encoded(ask))) == ask


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({}, "this is no question"),
        ([], "this is no question"),
        (None, "this is no question"),
        ({"ask": "everything"}, "this is no question"),
        ({"ask": "tensor", "trace": "dog-1"}, "tensor.value: this is no question"),
        ({"ask": "tensor", "trace": "dog-1", "value": "x"}, "tensor.value: this is no question"),
        ({"ask": "report", "trace": "x", "detail": "all"}, "report.detail: this is no question"),
    ],
)
def test_what_is_no_question(message: object, said: str) -> None:
    with pytest.raises(RequestError) as error:
        decoded(message)
    assert str(error.value).startswith(said)


def test_numbers_that_json_has_no_word_for_are_null() -> None:
    span = wire.FieldSpan("y", 3, 0, 1, 0, 1, float("nan"))
    assert json.loads(encoded(span))["stride"] is None


def test_a_name_that_is_no_text_does_not_keep_the_rest_back() -> None:
    name = os.fsdecode(b"caf\xe9.png") if os.name == "posix" else "caf\udce9.png"
    card = wire.TraceCard("caf-1", "net", name, 3, 9, open=True)
    span = wire.FieldSpan("y", 3, 0, 1, 0, 1, float("nan"))
    (said, other) = json.loads(encoded((card, span)))
    assert said["picture"] == "caf\N{REPLACEMENT CHARACTER}.png"
    assert other["stride"] is None
