"""The type checker of the test run: arrays must have the shapes their annotations say.

jaxtyping puts it on every function of the rooms that pyproject.toml names. Only annotations
that hold an array are looked at: mypy has judged the others, and tests hand over wrong types
on purpose to read the error that a user would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from beartype import beartype
from jaxtyping import AbstractArray

Checked = TypeVar("Checked", bound=Callable[..., Any])


def holds_array(hint: object) -> bool:
    """Whether an annotation is, or has somewhere inside, a jaxtyping array."""
    if isinstance(hint, type) and issubclass(hint, AbstractArray):
        return True
    return any(holds_array(part) for part in get_args(hint))


def checked(function: Checked) -> Checked:
    """The function with its arrays' shapes checked at every call."""
    hints = function.__annotations__
    function.__annotations__ = {
        name: hint if holds_array(hint) else Any for name, hint in hints.items()
    }
    return beartype(function)
