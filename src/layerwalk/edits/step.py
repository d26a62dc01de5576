"""One edit: what it is called, how it is written down, and what it does to a trace."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Final, TypeAlias

from layerwalk.edits.plan import Plan
from layerwalk.errors import EditError
from layerwalk.record import Trace

__all__ = ["KINDS", "Edit", "Plain", "parse_edit"]

Plain: TypeAlias = Mapping[str, Any]
"""An edit as JSON has it: ``{"do": "silence", "op": "relu", "channels": [2]}``."""

KINDS: dict[str, type[Edit]] = {}
"""Every kind of edit by the word it is written down with."""

_NOWHERE: Final = "edit"  # where an error says it was, before it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit(ABC):
    """One edit.

    Attributes
    ----------
    name
        What the user calls it; empty for the words that :meth:`describe` finds.
    """

    do: ClassVar[str] = ""
    name: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str):
            raise EditError(f"{self.name!r} is no name"[:200], where=_NOWHERE, mend="give a text")

    def __init_subclass__(cls, **keywords: Any) -> None:
        # Made twice where a dataclass has slots: the second, with slots, is the one that stays.
        super(Edit, cls).__init_subclass__(**keywords)
        if cls.do:
            KINDS[cls.do] = cls

    @abstractmethod
    def join(self, plan: Plan) -> None:
        """Add what the edit does to a plan.

        Raises
        ------
        EditError
            It does not fit the trace.
        """

    @abstractmethod
    def describe(self) -> str:
        """The edit in a few words: ``"silence channel 2 of relu"``."""

    def remark(self, trace: Trace) -> str:
        """What it comes to on a trace beyond its words; mostly nothing."""
        del trace
        return ""

    def __str__(self) -> str:
        return self.name or self.describe()

    def plain(self) -> dict[str, Any]:
        """The edit as JSON has it."""
        written = {item.name: _listed(getattr(self, item.name)) for item in fields(self)}
        if not self.name:
            del written["name"]
        return {"do": self.do, **written}


def parse_edit(plain: Any, where: str = "edit") -> Edit:
    """The edit that was written down.

    Raises
    ------
    EditError
        It is none.

    Examples
    --------
    >>> str(parse_edit({"do": "silence", "op": "relu", "channels": [2]}))
    'silence channel 2 of relu'
    """
    do = plain.get("do") if isinstance(plain, Mapping) else None
    if not isinstance(do, str) or do not in KINDS:
        raise EditError(
            f"{plain!r} is no edit"[:200], where=where, mend=f"it says what to do: {_either(KINDS)}"
        )
    try:
        given = {str(key): _frozen(value) for key, value in plain.items() if key != "do"}
    except RecursionError:
        raise EditError("its lists lie too deep in each other", where=where) from None
    kind = KINDS[do]
    known = {item.name for item in fields(kind)}
    if unknown := sorted(given.keys() - known):
        raise EditError(
            f"{kind.do} knows no {unknown[0]!r}", where=where, mend=f"it has {_either(known)}"
        )
    try:
        return kind(**given)
    except EditError as error:
        if error.where != _NOWHERE:
            raise
        raise EditError(error.what, where=where, mend=error.mend) from error
    except TypeError as error:
        raise EditError(f"{kind.do}: {error}", where=where) from error


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _either(words: Any) -> str:
    return ", ".join(sorted(words))
