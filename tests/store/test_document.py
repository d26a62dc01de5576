from __future__ import annotations

from collections.abc import Callable

import pytest

from layerwalk.store.document import Damaged, Record

FIELDS = Record.parsed(
    '{"text": "a", "flag": true, "count": 3, "minus": -3, "float": 1.5, "null": null,'
    ' "large": 9223372036854775808, "counts": [1, 2], "mixed": [1, "a"], "texts": ["a"],'
    ' "table": {"x": 1}}',
    "the graph",
)


def test_fields_are_read_by_type() -> None:
    assert FIELDS.text("text") == "a"
    assert FIELDS.flag("flag") is True
    assert FIELDS.count("count") == 3
    assert FIELDS.number("float") == 1.5
    assert FIELDS.number("minus") == -3.0
    assert FIELDS.counts("counts") == FIELDS.integers("counts") == (1, 2)
    assert FIELDS.texts("texts") == ("a",)
    assert FIELDS.record("table").count("x") == 1
    assert FIELDS.table("table") == {"x": 1}
    assert FIELDS.has("text")
    assert not FIELDS.has("null")
    assert not FIELDS.has("nothing")
    assert list(Record.parsed(b'{"b": 1, "a": 2}', "x").keys()) == ["b", "a"]


@pytest.mark.parametrize(
    ("read", "message"),
    [
        (lambda: FIELDS.text("nothing"), "the graph lacks 'nothing'"),
        (lambda: FIELDS.text("flag"), "'flag' of the graph is not a text"),
        (lambda: FIELDS.flag("count"), "'count' of the graph is not true or false"),
        (lambda: FIELDS.count("flag"), "'flag' of the graph is not a whole number"),
        (lambda: FIELDS.count("float"), "not a whole number"),
        (lambda: FIELDS.count("minus"), "not negative"),
        (lambda: FIELDS.count("large"), "not a whole number"),
        (lambda: FIELDS.number("text"), "not a whole number"),
        (lambda: FIELDS.counts("mixed"), "not a whole number"),
        (lambda: FIELDS.texts("mixed"), "not a list of texts"),
        (lambda: FIELDS.list("table"), "not a list"),
        (lambda: FIELDS.record("text"), "'text' of the graph is not a table"),
        (lambda: FIELDS.table("text"), "'text' of the graph is not a table"),
        (lambda: Record.parsed("[1]", "the header"), "the header is not a table"),
        (lambda: Record.parsed("{", "the header"), "the header is not JSON"),
        (lambda: Record.parsed(b"\xff", "the header"), "the header is not JSON"),
        (lambda: Record.parsed('{"a": NaN}', "the header"), "the header is not JSON"),
        (lambda: Record.parsed("[" * 99_999, "the header"), "the header is nested too deeply"),
    ],
)
def test_anything_else_is_damage(read: Callable[[], object], message: str) -> None:
    with pytest.raises(Damaged, match=message):
        read()
