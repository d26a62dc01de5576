"""Edits in plain words: what ``describe`` says, read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from layerwalk.edits.calls import ChangeWindow, SwapActivation
from layerwalk.edits.channels import FixChannels, ScaleChannels, Silence
from layerwalk.edits.picture import AddNoise, Hide
from layerwalk.edits.step import Edit
from layerwalk.edits.weights import ScaleWeight, SetWeight, UseFilter
from layerwalk.errors import EditError

__all__ = ["EXAMPLES", "read_edit"]

EXAMPLES: Final = (
    "silence channels 2, 5 of layer1.0.relu",
    "scale channel 2 of layer1.0.relu by 0.5",
    "fix channel 2 of layer1.0.relu at 1",
    "set conv1.weight[0, 2, 1, 1] to 0.75",
    "scale conv1.weight[0] by -1",
    "use sobel-x in conv1[0, 2]",
    "use the filter 0 1 0; 1 -4 1; 0 1 0 in conv1[0]",
    "gelu in place of layer1.0.relu",
    "conv1 with stride 1 and padding 3",
    "hide 30x40 at row 10, column 20",
    "add noise of deviation 0.1, seed 4",
)
"""One of each kind."""

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_PART = r"(?P<name>[^\s\[\]]+)(?:\[(?P<at>[\d,\s]*)\])?"
_CHANNELS = r"(?:all|channels?\s+(?P<channels>\d+(?:\s*,\s*\d+)*))\s+of\s+(?P<name>\S+)"
_BOX = r"(?P<height>\d+)x(?P<width>\d+) at row (?P<top>\d+), column (?P<left>\d+)"
_LENGTHS = r"\d+(?:x\d+)*"


def read_edit(words: str) -> Edit:
    """The edit that words say.

    Raises
    ------
    EditError
        They say none.

    Examples
    --------
    >>> read_edit("scale conv1.weight[0, 2] by 0.5").plain()
    {'do': 'scale_weight', 'parameter': 'conv1.weight', 'at': [0, 2], 'by': 0.5}
    >>> all(str(read_edit(words)) == words for words in EXAMPLES)
    True
    """
    plain = " ".join(words.split())
    for pattern, make in _GRAMMAR:
        found = pattern.fullmatch(plain)
        if found:
            return make(found.groupdict())
    raise EditError(
        f"{words!r} says no edit", where="edit", mend=f"say it as in {', or '.join(_like(plain))}"
    )


def _like(words: str) -> list[str]:
    """The examples that begin as the words do; else the first three."""
    first = words.split(" ", maxsplit=1)[0] if words else ""
    same = [example for example in EXAMPLES if first and example.startswith(first)]
    return [f"{example!r}" for example in same or EXAMPLES[:3]]


def _indices(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text or ""))


def _numbers(text: str) -> Any:
    """One number, a row of them, or rows with semicolons between."""
    rows = [tuple(float(part) for part in row.split()) for row in text.split(";")]
    if len(rows) > 1 and all(len(row) == 1 for row in rows):
        return tuple(row[0] for row in rows)
    if len(rows) == 1:
        return rows[0][0] if len(rows[0]) == 1 else rows[0]
    return tuple(rows)


def _lengths(text: str | None) -> int | tuple[int, ...] | None:
    if text is None:
        return None
    sides = _indices(text)
    return sides[0] if len(sides) == 1 else sides


_Said = Mapping[str, str]


def _window(said: _Said) -> Edit:
    asked = dict(re.findall(rf"(stride|padding|dilation) ({_LENGTHS})", said["how"]))
    return ChangeWindow(said["name"], *map(_lengths, map(asked.get, _WINDOW)))


def _hide(said: _Said) -> Edit:
    box = (int(said[word]) for word in ("top", "left", "height", "width"))
    paint = said.get("paint")
    return Hide(*box, *((_numbers(paint),) if paint else ()))


_WINDOW: Final = ("stride", "padding", "dilation")
_ROWS = rf"{_NUMBER}(?:[\s;]+{_NUMBER})*"
_ASKED = rf"(?:{'|'.join(_WINDOW)}) {_LENGTHS}"

_GRAMMAR: Final[tuple[tuple[re.Pattern[str], Callable[[_Said], Edit]], ...]] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"silence {_CHANNELS}", lambda said: Silence(said["name"], _indices(said["channels"]))),
        (
            rf"scale {_CHANNELS} by (?P<by>{_NUMBER})",
            lambda said: ScaleChannels(said["name"], _indices(said["channels"]), float(said["by"])),
        ),
        (
            rf"fix {_CHANNELS} at (?P<to>{_NUMBER})",
            lambda said: FixChannels(said["name"], _indices(said["channels"]), float(said["to"])),
        ),
        (
            rf"set {_PART} to (?P<to>{_ROWS})",
            lambda said: SetWeight(said["name"], _indices(said["at"]), _numbers(said["to"])),
        ),
        (
            rf"scale {_PART} by (?P<by>{_NUMBER})",
            lambda said: ScaleWeight(said["name"], _indices(said["at"]), float(said["by"])),
        ),
        (
            rf"use the filter (?P<rows>{_ROWS}) in {_PART}",
            lambda said: UseFilter(said["name"], _indices(said["at"]), _matrix(said["rows"])),
        ),
        (
            rf"use (?P<filter>\S+) in {_PART}",
            lambda said: UseFilter(said["name"], _indices(said["at"]), said["filter"]),
        ),
        (
            r"(?P<to>\w+) in place of (?P<name>\S+)",
            lambda said: SwapActivation(said["name"], said["to"]),
        ),
        (rf"(?P<name>\S+) with (?P<how>{_ASKED}(?: and {_ASKED})*)", _window),
        (
            rf"hide {_BOX}(?: with (?P<paint>{_ROWS}))?",
            _hide,
        ),
        (
            rf"add noise of deviation (?P<deviation>{_NUMBER})(?:, seed (?P<seed>\d+))?",
            lambda said: AddNoise(float(said["deviation"]), int(said["seed"] or 0)),
        ),
    )
)


def _matrix(text: str) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(part) for part in row.split()) for row in text.split(";"))
