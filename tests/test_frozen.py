from __future__ import annotations

import copy
import inspect
import weakref
from dataclasses import FrozenInstanceError, dataclass, fields, replace

import pytest

from layerwalk.frozen import ItsOwnCopy, quickly_made
from layerwalk.record import Op, Value


@dataclass(frozen=True, slots=True)
class Slow(ItsOwnCopy):
    made: int
    name: str
    data: tuple[int, ...] = (1, 2)


@quickly_made
@dataclass(frozen=True, slots=True)
class Quick(ItsOwnCopy):
    made: int
    name: str
    data: tuple[int, ...] = (1, 2)


def test_it_is_made_as_a_dataclass_is() -> None:
    for quick in (Quick(1, "a"), Quick(made=1, name="a"), Quick(1, name="a", data=(1, 2))):
        assert type(quick) is Quick
        assert quick == Quick(1, "a", (1, 2))
        slow = Slow(1, "a")
        assert [getattr(quick, f.name) for f in fields(quick)] == [
            getattr(slow, f.name) for f in fields(slow)
        ]
        assert hash(quick) == hash(slow)
        assert repr(quick) == repr(slow).replace("Slow", "Quick")
    assert replace(Quick(1, "a"), name="b") == Quick(1, "b")
    assert inspect.signature(Quick) == inspect.signature(Slow)


def test_it_is_frozen() -> None:
    quick = Quick(1, "a")
    with pytest.raises(FrozenInstanceError):
        quick.made = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del quick.name
    assert not hasattr(quick, "__dict__")


@pytest.mark.parametrize("wrong", [{}, {"made": 1}, {"made": 1, "name": "a", "more": 2}])
def test_wrong_fields_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="argument"):
        Quick(**wrong)  # type: ignore[arg-type]


def test_a_copy_is_the_record_itself() -> None:
    quick = Quick(1, "a")
    assert copy.copy(quick) is quick
    assert copy.deepcopy([quick])[0] is quick
    assert weakref.ref(quick)() is quick


@pytest.mark.parametrize("kind", [Op, Value])
def test_the_records_made_by_the_thousand_are_made_quickly(kind: type) -> None:
    assert "__init__" not in vars(kind)
    assert isinstance(vars(kind)["__new__"], staticmethod)
