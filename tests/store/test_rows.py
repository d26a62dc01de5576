from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from layerwalk.store.document import Damaged
from layerwalk.store.rows import Rows

GOOD: dict[str, Any] = {
    "text": "a",
    "flag": True,
    "number": 3,
    "list": [1, "a"],
    "table": {"x": 1},
    "counts": [0, 2**63 - 1],
    "integers": [-1, 2],
    "maybe": None,
}


def rows(*entries: object) -> Rows:
    return Rows(entries, tuple(GOOD), lambda k: f"rows[{k}] of the graph")


def test_columns_are_read_by_type() -> None:
    two = rows(GOOD, {**GOOD, "text": "b", "counts": [], "maybe": "x"})
    assert len(two) == 2
    assert list(two.texts("text")) == ["a", "b"]
    assert list(two.flags("flag")) == [True, True]
    assert list(two.numbers("number")) == [3, 3]
    assert list(two.lists("list")) == [[1, "a"], [1, "a"]]
    assert list(two.tables("table")) == [{"x": 1}, {"x": 1}]
    assert list(two.counts("counts")) == [(0, 2**63 - 1), ()]
    assert list(two.integers("integers")) == [(-1, 2), (-1, 2)]
    assert list(two.maybe_texts("maybe")) == [None, "x"]
    assert list(two.present("maybe")) == [False, True]
    assert two[1].text("text") == "b"


def test_no_rows_have_empty_columns() -> None:
    none = rows()
    assert len(none) == 0
    assert list(none.texts("text")) == []
    assert list(none.counts("counts")) == []
    assert list(none.present("maybe")) == []


def test_a_null_may_be_left_out() -> None:
    without = {key: item for key, item in GOOD.items() if key != "maybe"}
    some = rows(GOOD, without)
    assert list(some.maybe_texts("maybe")) == [None, None]
    assert list(some.present("maybe")) == [False, False]
    assert list(some.counts("counts")) == [(0, 2**63 - 1)] * 2


READ: dict[str, Callable[[Rows, str], object]] = {
    "text": Rows.texts,
    "flag": Rows.flags,
    "number": Rows.numbers,
    "list": Rows.lists,
    "table": Rows.tables,
    "counts": Rows.counts,
    "integers": Rows.integers,
    "maybe": Rows.maybe_texts,
}


@pytest.mark.parametrize(
    ("key", "wrong", "message"),
    [
        ("text", 1, "'text' of rows[1] of the graph is not a text"),
        ("text", None, "is not a text"),
        ("flag", 1, "is not true or false"),
        ("number", True, "is not a whole number"),
        ("number", 1.0, "is not a whole number"),
        ("number", -1, "is not a whole number, not negative"),
        ("number", 2**63, "is not a whole number"),
        ("list", "ab", "is not a list"),
        ("table", [], "is not a table"),
        ("counts", [1, -1], "is not a whole number, not negative"),
        ("counts", [1, True], "is not a whole number"),
        ("counts", [2**63], "is not a whole number"),
        ("counts", 1, "is not a list"),
        ("integers", [1, 1.5], "is not a whole number"),
        ("integers", [-(2**63)], "is not a whole number"),
        ("maybe", 1, "is not a text"),
    ],
)
def test_one_wrong_row_is_named(key: str, wrong: object, message: str) -> None:
    with pytest.raises(Damaged) as caught:
        READ[key](rows(GOOD, {**GOOD, key: wrong}, GOOD), key)
    assert message in str(caught.value)
    assert "rows[1]" in str(caught.value)


@pytest.mark.parametrize("key", [key for key in READ if key != "maybe"])
def test_a_field_that_is_lacking(key: str) -> None:
    without = {name: item for name, item in GOOD.items() if name != key}
    with pytest.raises(Damaged, match=rf"rows\[0\] of the graph lacks '{key}'"):
        READ[key](rows(without, GOOD), key)


@pytest.mark.parametrize("row", [1, "text", [], None, True])
@pytest.mark.parametrize("key", READ)
def test_a_row_that_is_no_table(key: str, row: object) -> None:
    with pytest.raises(Damaged, match=r"rows\[1\] of the graph is not a table"):
        READ[key](rows(GOOD, row), key)
    with pytest.raises(Damaged, match=r"rows\[1\] of the graph is not a table"):
        rows(GOOD, row).present(key)
