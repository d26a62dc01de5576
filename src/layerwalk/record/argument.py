"""The arguments of a call as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

__all__ = ["Argument", "Ref", "Symbol"]


@dataclass(frozen=True, slots=True)
class Ref:
    """An argument that is a tensor: the position of the value in ``Op.inputs``."""

    input: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """An argument that only the framework can spell: ``Symbol("dtype", "float32")``."""

    type: str
    name: str


Argument: TypeAlias = (
    bool | int | float | complex | str | Ref | Symbol | tuple["Argument", ...] | None
)
