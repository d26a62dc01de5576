"""``layerwalk models``: the networks that can be named."""

from __future__ import annotations

import difflib
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from layerwalk.errors import NotFoundError
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.spelling import spell_shape

if TYPE_CHECKING:
    from layerwalk.models import Listed

__all__ = ["models"]


def models(terminal: Terminal, *, search: str | None, every: bool) -> None:
    """List the built-in networks, those that a search finds, or all.

    Raises
    ------
    NotFoundError
        No network's name has the text that was searched for.
    """
    with terminal.job() as job:
        job.stage("asking for the networks")
        listed = _listed(terminal)
    chosen = [one for one in listed if one.source == "built-in"]
    if search is not None or every:
        chosen = [one for one in listed if (search or "").lower() in one.name.lower()]
    if not chosen:
        near = difflib.get_close_matches(search or "", [one.name for one in listed], n=3)
        raise NotFoundError(
            f"no network's name has {search!r} in it",
            mend=f"did you mean {' or '.join(near)}?"
            if near
            else "layerwalk models --all lists all",
        )
    terminal.say(*_table(chosen, terminal.room))
    if search is None and not every:
        counts = Counter[str](one.source for one in listed if one.source != "built-in")
        terminal.say("", *_others(counts))


def _listed(terminal: Terminal) -> tuple[Listed, ...]:
    from layerwalk.models import list_models

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        listed = list_models()
    for warning in caught:
        # Only what list_models itself says: a package that is there and cannot be imported.
        if warning.filename == __file__:
            terminal.note(str(warning.message))
    return listed


def _others(counts: Counter[str]) -> Iterator[str]:
    if not counts:
        yield "torchvision and timm have many more: pip install 'layerwalk[all]'."
        return
    told = " and ".join(f"{count:,} of {source}" for source, count in counts.items())
    yield f"And {told}:"
    yield "  layerwalk models --search resnet    those with resnet in their names"
    yield "  layerwalk models --all              all of them"


def _table(listed: Sequence[Listed], room: int | None) -> Iterator[Text]:
    name = max(len(one.name) for one in listed)
    sizes = [_size(one) for one in listed]
    counts = [f"{one.parameters:,}" if one.parameters else "" for one in listed]
    size, count = max(5, *map(len, sizes)), max(10, *map(len, counts))
    said = [one.note if one.source == "built-in" else f"{one.source}, {one.note}" for one in listed]
    heading = f"{'name':<{name}}  {'input':<{size}}  {'parameters':>{count}}"
    if room is not None and name + size + count + max(map(len, said)) + 6 > room:
        # What it is goes below its name.
        yield Text(heading, "dim")
        for at, one in enumerate(listed):
            line = Text().append(f"{one.name:<{name}}", "bold")
            yield line.append(f"  {sizes[at]:<{size}}  {counts[at]:>{count}}")
            for below in paired([("", said[at])], room):
                below.stylize("dim")
                yield below
        return
    yield Text(f"{heading}  what it is", "dim")
    for at, one in enumerate(listed):
        line = Text().append(f"{one.name:<{name}}", "bold")
        yield line.append(f"  {sizes[at]:<{size}}  {counts[at]:>{count}}  {said[at]}")


def _size(one: Listed) -> str:
    if one.input_size is not None:
        return spell_shape(one.input_size)
    return "any" if one.source == "built-in" else "not said"
