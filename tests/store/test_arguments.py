from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layerwalk.errors import FileError
from layerwalk.record import Argument, Ref, Symbol
from layerwalk.store.arguments import argument, spelled
from layerwalk.store.document import Damaged

TEXTS = st.text(st.characters(codec=None), max_size=5)  # lone surrogates too
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | TEXTS
    | st.builds(Ref, st.integers(0, 99))
    | st.builds(Symbol, TEXTS, TEXTS)
)
ARGUMENTS: st.SearchStrategy[Argument] = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=12
)


def bits(item: Argument) -> object:
    """Told apart by type and sign, and NaN equal to NaN."""
    if isinstance(item, tuple):
        return tuple(bits(part) for part in item)
    return type(item), repr(item)


@given(item=ARGUMENTS)
def test_every_argument_survives(item: Argument) -> None:
    text = json.dumps(spelled(item), allow_nan=False)
    text.encode("ascii")
    assert bits(argument(json.loads(text))) == bits(item)


def test_what_is_alike_in_python_stays_apart() -> None:
    items: Argument = (True, 1, 1.0, 1 + 0j, "1", (1,), -0.0, 0.0, 0, False, None)
    assert bits(argument(json.loads(json.dumps(spelled(items))))) == bits(items)


@pytest.mark.parametrize("item", [[1], {"a": 1}, b"x", object(), {1, 2}])
def test_other_things_cannot_be_spelled(item: object) -> None:
    with pytest.raises(FileError, match=f"type {type(item).__name__} cannot be stored"):
        spelled(item)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "item",
    [
        {},
        {"ref": 1.0},
        {"ref": True},
        {"ref": 0, "symbol": ["a", "b"]},
        {"symbol": ["a"]},
        {"symbol": "ab"},
        {"complex": [1.0]},
        {"complex": [1, 2]},
        {"float": "1.5"},
        {"float": 1.5},
        {"other": 1},
    ],
    ids=str,
)
def test_other_tables_cannot_be_read(item: object) -> None:
    with pytest.raises(Damaged):
        argument([item])
