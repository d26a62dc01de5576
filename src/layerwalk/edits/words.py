"""Edits in plain words: what ``describe`` says, read back, and what a user says like it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final

from layerwalk.edits.calls import ACTIVATIONS, ChangeWindow, SwapActivation
from layerwalk.edits.channels import FixChannels, ScaleChannels, Silence
from layerwalk.edits.numbers import Numbers, as_numbers
from layerwalk.edits.picture import AddNoise, Hide, HidePatches, Paint
from layerwalk.edits.step import Edit
from layerwalk.edits.weights import ScaleWeight, SetWeight, UseFilter
from layerwalk.errors import EditError, LayerwalkError
from layerwalk.filters.notation import read_matrix

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
    "hide 8x8 at row 0, column 4 and 8x16 at row 8, column 4",
    "add noise of deviation 0.1, seed 4",
)
"""One of each kind."""


def read_edit(words: str) -> Edit:
    """The edit that words say.

    Capitals do not count in what is no name, nor do commas between numbers; a list may have
    ranges in it, a number may be a fraction.

    Raises
    ------
    EditError
        They say none, or two things at once.

    Examples
    --------
    >>> read_edit("scale conv1.weight[0, 2] by 1/2").plain()
    {'do': 'scale_weight', 'parameter': 'conv1.weight', 'at': [0, 2], 'by': 0.5}
    >>> str(read_edit("Silence 0, 3 to 5 of relu"))
    'silence channels 0, 3, 4, 5 of relu'
    >>> all(str(read_edit(words)) == words for words in EXAMPLES)
    True
    """
    plain = " ".join(words.translate(_SIGNS).split())
    if _SUMMARY.search(plain):
        raise EditError(
            f"{_shortened(words)!r} tells of an edit and leaves its numbers out",
            where="edit",
            mend="take it from a file: edits.save(), --save-edits or the edited walk",
        )
    if found := _read(plain):
        return found
    meant = _corrected(plain)
    like = f"did you mean {meant!r}?" if meant else f"say it as in {', or '.join(_like(plain))}"
    raise EditError(f"{_shortened(words)!r} says no edit", where="edit", mend=like)


_Said = Mapping[str, "str | None"]

_SIGNS: Final = str.maketrans(
    {"\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{MULTIPLICATION SIGN}": "x"}
)
_SUMMARY: Final = re.compile(r"\(\d+ (?:numbers|patches)\)")
_WINDOW: Final = ("stride", "padding", "dilation")
_MOST: Final = 100_000
_LONGEST: Final = 40  # words; more are no slip of the fingers

_WHOLE = r"\d{1,9}"
_AND = r"(?: ?, ?(?:and )?| and | & | )"
_SPAN = rf"{_WHOLE}(?: ?(?:-|\.\.|to) ?{_WHOLE})?"
_LIST = rf"{_SPAN}(?:{_AND}{_SPAN})*"
_NAME = r"(?P<name>\S+)"
_CHANNELS = (
    rf"(?:(?:all(?: (?:the )?channels)?|(?:the )?(?:channels? )?(?P<channels>{_LIST})) (?:of|in) )?"
    rf"{_NAME}"
)
_PART = rf"(?P<name>[^\s\[\]]+) ?(?:\[ ?(?P<at>{_WHOLE}(?:(?: ?, ?| ){_WHOLE})*)? ?\])?"
_SEED = r"(?:,? seed (?P<seed>-?\d{1,19}))?"
_LENGTHS = rf"{_WHOLE}(?: ?x ?{_WHOLE})*"
_ASKED = rf"(?:{'|'.join(_WINDOW)})(?: of| ?=)? ?{_LENGTHS}"
_BOX = rf"{_WHOLE} ?x ?{_WHOLE} at row {_WHOLE}(?: ?,| and)? ?column {_WHOLE}"


def _silence(said: _Said) -> Edit:
    return Silence(_text(said, "name"), _channels(said))


def _scale_channels(said: _Said) -> Edit:
    return ScaleChannels(_text(said, "name"), _channels(said), _number(said, "by"))


def _fix(said: _Said) -> Edit:
    return FixChannels(_text(said, "name"), _channels(said), _number(said, "to"))


def _set(said: _Said) -> Edit:
    return SetWeight(_text(said, "name"), _indices(said["at"]), _numbers(_text(said, "to")))


def _scale_weight(said: _Said) -> Edit:
    return ScaleWeight(_text(said, "name"), _indices(said["at"]), _number(said, "by"))


def _use(said: _Said) -> Edit:
    return UseFilter(_text(said, "name"), _indices(said["at"]), _text(said, "filter"))


def _swap(said: _Said) -> Edit:
    to = re.sub(r"[ _-]", "", _text(said, "to").lower())
    known = {name.replace("_", ""): name for name in ACTIVATIONS}
    return SwapActivation(_text(said, "name"), known.get(to, _text(said, "to")))


def _change_window(said: _Said) -> Edit:
    asked: dict[str, int | tuple[int, ...]] = {}
    pairs = re.findall(r"([a-z]+)(?: of| ?=)? ?(\d+(?: ?x ?\d+)*)", _text(said, "how").lower())
    for word, lengths in pairs:
        if word in asked:
            raise EditError(f"{word} is said twice", where=_text(said, "name"), mend="say it once")
        sides = _indices(lengths)
        asked[word] = sides[0] if len(sides) == 1 else sides
    return ChangeWindow(_text(said, "name"), *map(asked.get, _WINDOW))


def _hide(said: _Said) -> Edit:
    numbers = _indices(said["boxes"])
    sides = [numbers[k : k + 4] for k in range(0, len(numbers), 4)]
    patches = tuple((top, left, height, width) for height, width, top, left in sides)
    paint = _paint(said["paint"])
    return Hide(*patches[0], paint) if len(patches) == 1 else HidePatches(patches, paint)


def _noise(said: _Said) -> Edit:
    return AddNoise(_number(said, "deviation"), int(said["seed"] or 0))


_GRAMMAR: Final[tuple[tuple[re.Pattern[str], Callable[[_Said], Edit]], ...]] = tuple(
    (re.compile(pattern, re.ASCII | re.IGNORECASE), make)
    for pattern, make in (
        (rf"silence {_CHANNELS}", _silence),
        (rf"scale {_PART} by (?P<by>.+)", _scale_weight),
        (rf"scale {_CHANNELS} by (?P<by>.+)", _scale_channels),
        (rf"fix {_CHANNELS} (?:at|to) (?P<to>.+)", _fix),
        (rf"set {_PART}(?: to | ?= ?)(?P<to>.+)", _set),
        (rf"use (?:the )?(?:filter )?(?P<filter>.+?) in {_PART}", _use),
        (rf"(?:use )?(?P<to>[\w -]+) (?:in place|instead) of {_NAME}", _swap),
        (rf"{_NAME} with (?P<how>{_ASKED}(?:{_AND}{_ASKED})*)", _change_window),
        (rf"hide (?P<boxes>{_BOX}(?:{_AND}{_BOX})*)(?: with (?P<paint>.+))?", _hide),
        (
            rf"add noise (?:of )?(?:deviation )?(?P<deviation>[^, ]+){_SEED}",
            _noise,
        ),
    )
)
_VOCABULARY: Final = (
    "silence", "scale", "fix", "set", "use", "hide", "add", "noise", "deviation", "seed", "all",
    "channel", "channels", "of", "by", "at", "to", "in", "the", "filter", "place", "instead",
    "with", "and", "row", "column", "mean", *_WINDOW,
)  # fmt: skip


def _read(plain: str) -> Edit | None:
    for pattern, make in _GRAMMAR:
        if found := pattern.fullmatch(plain):
            return make(found.groupdict())
    return None


def _corrected(plain: str) -> str | None:
    """The words with one that is nearly known put right, or all such, where that says an edit."""
    words = plain.split()[:_LONGEST]
    right = list(words)
    for at, word in enumerate(words):
        near = get_close_matches(word.lower(), _VOCABULARY, n=1, cutoff=0.7)
        if not near or near[0] == word.lower():
            continue
        right[at] = near[0]
        one = " ".join([*words[:at], near[0], *words[at + 1 :]])
        for said in (one, " ".join(right)):
            try:
                if _read(said):
                    return said
            except LayerwalkError:
                continue
    return None


def _like(words: str) -> list[str]:
    """The examples that begin as the words do; else the first three."""
    first = words.split(" ", maxsplit=1)[0].lower()
    same = [example for example in EXAMPLES if first and example.startswith(first)]
    return [f"{example!r}" for example in same or EXAMPLES[:3]]


def _shortened(words: str) -> str:
    return words if len(words) <= 120 else f"{words[:119]}\N{HORIZONTAL ELLIPSIS}"


def _text(said: _Said, part: str) -> str:
    return said[part] or ""


def _indices(text: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text or ""))


def _channels(said: _Said) -> tuple[int, ...]:
    """The channels of a list with ranges in it; none for all."""
    spans = re.findall(r"(\d+)(?: ?(?:-|\.\.|to) ?(\d+))?", said["channels"] or "", re.IGNORECASE)
    channels: list[int] = []
    for first, last in spans:
        begin, end = int(first), int(last or first)
        if not 0 <= end - begin < _MOST:
            raise EditError(
                f"there are no channels {begin} to {end}",
                where=_text(said, "name"),
                mend="say the smaller first",
            )
        channels += range(begin, end + 1)
    return tuple(channels)


def _number(said: _Said, part: str) -> float:
    numbers = _numbers(_text(said, part))
    if isinstance(numbers, tuple):
        raise EditError(f"{said[part]!r} is not one number", where="edit", mend="say one")
    return numbers


def _numbers(text: str) -> Numbers:
    """One number, a row of them, or rows with semicolons between."""
    try:
        rows = read_matrix(text)
    except LayerwalkError as error:
        raise EditError(
            error.what, where="edit", mend="write 0.5 or 1/9, and rows of numbers as 0 1; 1 0"
        ) from error
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        flat = [number for row in rows for number in row]
        return flat[0] if len(flat) == 1 else tuple(flat)
    return as_numbers(rows, "edit")


def _paint(text: str | None) -> Paint:
    if text is None or text.lower() in ("mean", "the mean"):
        return "mean"
    numbers = _numbers(text)
    return numbers if not isinstance(numbers, tuple) else tuple(numbers)  # type: ignore[arg-type]
