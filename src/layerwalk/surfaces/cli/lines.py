"""Lines of a walk's report: what was walked, what the network says, what was written."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.text import Text

from layerwalk.record import Trace
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.ranking import rank_classes
from layerwalk.surfaces.spelling import spell_chance, spell_shape
from layerwalk.surfaces.summary import OpSummary

__all__ = ["about", "bar", "paired", "scores", "totals"]

_BAR = 28
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def paired(pairs: Sequence[tuple[str, str]], room: int | None) -> Iterator[Text]:
    """Lines of names and what is said of each, in two columns; long ones go on below."""
    width = max(cell_len(name) for name, _ in pairs)
    for name, said in pairs:
        wrapped = [said]
        if room is not None:
            free = max(room - width - 4, 20)
            wrapped = textwrap.wrap(said, free, break_on_hyphens=False) or [""]
        for at, line in enumerate(wrapped):
            shown = name if at == 0 else ""
            text = Text("  ").append(shown, "bold").append(" " * (width - cell_len(shown) + 2))
            yield text.append(line)


def about(trace: Trace, room: int | None) -> Iterator[Text]:
    """What was walked: the network, its weights, the photo and how it was prepared."""
    facts = trace.provenance
    pairs = [("network", trace.name), ("weights", facts.get("weights", "not said"))]
    if trace.photo is not None:
        across, down = trace.photo.original
        pairs.append(("photo", f"{trace.photo.name}, {across} x {down} pixels"))
    if "preprocessing" in facts:
        pairs.append(("prepared", facts["preprocessing"]))
    return paired(pairs, room)


def scores(trace: Trace, count: int, room: int | None, *, plain: bool) -> Iterator[Text]:
    """The most probable classes: probability, a bar from 0 to 100 %, name and number.

    Parameters
    ----------
    trace
        The walk.
    count
        How many classes.
    room
        Columns of the terminal; names too long for it go on below.
    plain
        Whether to draw the bars in ASCII.
    """
    ranked = rank_classes(trace, count)
    if not ranked:
        yield Text(f"  No class scores: {_no_scores(trace)}.")
    for at, one in enumerate(ranked):
        said = one.label
        if said != f"class {one.number}":
            said += f" ({one.number})"
        wrapped = [said] if room is None else textwrap.wrap(said, max(room - _BAR - 13, 20))
        line = Text("  ").append(spell_chance(one.probability).rjust(7), "" if at else "bold")
        line.append("  ").append(bar(one.probability, plain=plain), "cyan").append("  ")
        yield line.append(wrapped[0] if wrapped else said, "" if at else "bold")
        for more in wrapped[1:]:
            yield Text(" " * (_BAR + 13) + more)


def _no_scores(trace: Trace) -> str:
    shapes = ", ".join(spell_shape(value.shape) for value in trace.outputs)
    if len(trace.outputs) == 1 and len(trace.outputs[0].shape) == 2:
        return f"the output, {shapes}, holds what is no finite number"
    return f"the output is {shapes}" if shapes else "the network returned no tensor"


def totals(summaries: Sequence[OpSummary]) -> str:
    """How much the walk was, in one sentence."""
    parameters = sum(summary.parameters for summary in summaries)
    values = sum(summary.values for summary in summaries)
    counts = ((len(summaries), "op"), (parameters, "parameter"), (values, "value"))
    return ", ".join(tell_count(count, noun) for count, noun in counts) + "."


def bar(chance: float, *, plain: bool) -> str:
    """A share of 0 to 1 as a bar of block letters, or of ASCII.

    >>> bar(0.5, plain=True)
    '##############              '
    """
    if plain:
        return ("#" * round(chance * _BAR)).ljust(_BAR)
    # What is possible is seen: a bar is never shorter than an eighth of a letter.
    eighths = max(round(chance * _BAR * 8), 1 if chance > 0 else 0)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()).ljust(_BAR)
