"""The account of one number in lines of text: its terms, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from rich.cells import cell_len
from rich.text import Text

from layerwalk.recipes.explanation import Explanation, Factor, Number, Term
from layerwalk.render.accounts import (
    tell_exactly,
    tell_forms,
    tell_formula,
    tell_left_out,
    tell_position,
    tell_residue,
    tell_steps,
)
from layerwalk.render.numerals import tell_count
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.spelling import spell_settings, spell_shape

__all__ = ["account"]

_DIGITS = 6
_GAP = "  "
_CHOSEN = "  <- chosen"
_PLAIN = str.maketrans({"\N{MINUS SIGN}": "-", "“": '"', "”": '"'})


def account(explanation: Explanation, room: int | None, *, most: int | None = 12) -> Iterator[Text]:
    """Lines that tell how a number was made.

    Parameters
    ----------
    explanation
        From :func:`layerwalk.recipes.explain.explain`.
    room
        Columns of the terminal; ``None`` where a line may be as long as it needs.
    most
        How many terms to print, largest first; the rest in one line. ``None``: all of them,
        in the order in which they were read.
    """
    yield from paired(_about(explanation), room)
    yield Text()
    yield from _terms(explanation, room, most)
    yield Text()
    yield from paired(_ends(explanation), room)


def _about(explanation: Explanation) -> list[tuple[str, str]]:
    op = explanation.op
    made = op.made[explanation.output]
    within = f" in {op.module}" if op.module and op.module != op.name else ""
    pairs = [
        ("op", f"{op.name}{within} ({op.module_type})"),
        ("kind", " ".join((op.kind, *spell_settings(op)))),
        ("number", f"{_at(explanation.index)} of {made.name}, {spell_shape(made.shape)}"),
    ]
    read = dict.fromkeys(op.inputs[read.operand] for read in explanation.recipe.reads)
    pairs += [
        ("" if at else "reads", f"{value.name}, {spell_shape(value.shape)}")
        for at, value in enumerate(read)
    ]
    words, numbers = tell_formula(explanation)
    pairs.append(("formula", _ascii(words)))
    # A choice reads one of its numbers only; the others are not there to be told.
    if (" " in words or "(" in words) and "choose(" not in words:
        pairs.append(("", f"= {_ascii(numbers)}"))
    pairs += [("", f"{name}: {_ascii(said)}") for name, said in tell_steps(explanation)]
    return pairs


def _terms(explanation: Explanation, room: int | None, most: int | None) -> Iterator[Text]:
    terms, combine = explanation.terms, explanation.combine
    if not combine:
        yield from _factors(explanation, room)
        return
    chosen = combine in ("max", "min")
    order = np.arange(len(terms))
    if most is not None:
        order = np.argsort(-_keys(explanation), kind="stable")
    shown = order if most is None else order[:most]
    winner = int(np.argmax(_keys(explanation))) if chosen and len(terms) else -1
    if len(shown) or not len(order):
        rows = [terms[int(place)] for place in shown]
        marked = next((at for at, place in enumerate(shown) if place == winner), None)
        yield from _table(rows, room, marked=marked)
    if len(shown) < len(order):
        left = terms.results[order[len(shown) :]]
        more = f"{len(left):,} more {'term' if len(left) == 1 else 'terms'}"
        if chosen:
            said = f"the {'largest' if combine == 'max' else 'smallest'} {_number(left[0].item())}"
        elif combine in ("sum", "mean"):
            said = f"sum {_number(np.sum(left, dtype=_wide(left)).item())}"
        else:
            said = f"up to {_number(left[0].item())}"
        yield Text(f"  ... {more}: {said}", "dim")
    out = tell_left_out(explanation)
    if out:
        verbs = ("holds", "makes") if out == 1 else ("hold", "make")
        said = f"of the window {verbs[0]} no input and {verbs[1]} no term"
        yield Text(f"  {tell_count(out, 'place')} {said}", "dim")


def _keys(explanation: Explanation) -> np.ndarray:
    """By what the terms are ordered: the winner first, or the largest; a NaN wins always."""
    results, combine = _real(explanation.terms.results), explanation.combine
    if combine not in ("max", "min"):
        keys: np.ndarray = np.abs(results)
    else:
        keys = np.where(np.isnan(results), np.inf, -results if combine == "min" else results)
    return keys


def _factors(explanation: Explanation, room: int | None) -> Iterator[Text]:
    """What a formula read, a line each."""
    factors = [factor for term in explanation.terms for factor in term.factors]
    if not factors:
        yield Text("  It reads nothing: every value is made from its position.")
        return
    result = explanation.recipe.result
    # Of a choice (a concatenation) only the number that was chosen is among the factors.
    moved = isinstance(result, tuple) and result[0] in ("read", "choose")
    if len(factors) == 1 and moved:
        factor = factors[0]
        place = "padding" if factor.padding else f"{factor.value.name} at {_at(factor.index)}"
        number = _number(factor.number)
        line = f"  It comes from {place}: {number}"
        if room is not None and cell_len(line) > room:
            yield Text(f"  It comes from {_shortened(place, room - 17)}:")
            line = f"  {number}"
        yield Text(line)
        return
    rows = _named(factors, room)
    yield from _columns(("value", "at", "number"), rows, right=(False, False, True))


def _named(factors: Sequence[Factor], room: int | None) -> list[tuple[str, str, str]]:
    """Name, position and number of each, names as long as there is room for."""
    rows = [(_of(factor), _at(factor.index), _told(factor)) for factor in factors]
    if room is None or not rows:
        return rows
    titles = ("value", "at", "number")
    wide = [max(cell_len(title), *(cell_len(row[k]) for row in rows))
            for k, title in enumerate(titles)]  # fmt: skip
    names = max(room - 3 * len(_GAP) - wide[1] - wide[2], 8)
    return [(_shortened(name, names), at, number) for name, at, number in rows]


def _table(rows: Sequence[Term], room: int | None, *, marked: int | None) -> Iterator[Text]:
    """The terms in columns; where that is too wide, each factor on a line of its own.

    ``marked`` is the row that was chosen.
    """
    if not rows:
        yield Text("  no term")
        return
    factors = rows[0].factors
    single = len(factors) == 1 and all(
        _same(row.factors[0].number, row.result) for row in rows[:50]
    )
    head: list[str] = []
    for factor in factors:
        head += [_of(factor), ""]
    weighed = rows[0].weight is not None
    head += ["weight", ""] if weighed else []
    table = []
    for row in rows:
        cells = []
        for factor in row.factors:
            cells += [_at(factor.index), _told(factor)]
        cells += [] if row.weight is None else ["", _number(row.weight)]
        table.append([*cells, *([] if single else [_number(row.result)])])
    right = [False, True] * (len(factors) + weighed) + [True] * (not single)
    titles = [*head, *([] if single else ["product" if _products(rows) else "term"])]
    lines = list(_columns(titles, table, right=right, joined=True))
    wide = max(line.cell_len for line in lines) + (len(_CHOSEN) if marked is not None else 0)
    if room is None or wide <= room:
        for at, line in enumerate(lines):
            if marked is not None and at == marked + 1:
                line.stylize("bold")
                line.append(_CHOSEN, "bold")
            yield line
        return
    for at, row in enumerate(rows):
        sign = _CHOSEN if at == marked else ""
        yield Text(f"  {at + 1}.  {_number(row.result)}{sign}", "bold")
        inner = _named(row.factors, room - 4)
        inner += [] if row.weight is None else [("weight", "", _number(row.weight))]
        for line in list(_columns(("", "", ""), inner, right=(False, False, True)))[1:]:
            yield Text("    ").append_text(line)


def _same(one: Number, other: Number) -> bool:
    return one == other or (one != one and other != other)  # noqa: PLR0124 - NaN


def _products(rows: Sequence[Term]) -> bool:
    for row in rows[:20]:
        made: Number = 1.0 if row.weight is None else row.weight
        for factor in row.factors:
            made *= factor.number
        if not abs(made - row.result) <= 1e-9 * abs(made):
            return False
    return len(rows[0].factors) > 1 or rows[0].weight is not None


def _columns(
    titles: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[bool],
    joined: bool = False,
) -> Iterator[Text]:
    """A heading and rows in columns; with ``joined`` a title stands over two columns."""
    count = len(titles)
    widths = [max(cell_len(row[k]) for row in rows) for k in range(count)]
    if joined:
        for k in range(0, count - 1, 2):
            lacking = min(cell_len(titles[k]), 30) - (widths[k] + len(_GAP) + widths[k + 1])
            widths[k + 1] += max(lacking, 0)
    for k in range(count if not joined else 0):
        widths[k] = max(widths[k], cell_len(titles[k]))
    if joined and count % 2:
        widths[-1] = max(widths[-1], cell_len(titles[-1]))
    heading = Text("  ", "dim")
    k = 0
    while k < count:
        wide = widths[k]
        if joined and k + 1 < count:
            wide += len(_GAP) + widths[k + 1]
        title = _shortened(titles[k], wide)
        heading.append(title.rjust(wide) if right[k] else title.ljust(wide)).append(_GAP)
        k += 2 if joined and k + 1 < count else 1
    yield heading
    for row in rows:
        cells = (
            text.rjust(wide) if to_right else text.ljust(wide)
            for text, wide, to_right in zip(row, widths, right, strict=True)
        )
        yield Text("  " + _GAP.join(cells))


def _ends(explanation: Explanation) -> list[tuple[str, str]]:
    pairs = [(name, _number(number, 9)) for name, number in explanation.quantities]
    if explanation.bias is not None:
        pairs.append(("bias", _number(explanation.bias, 9)))
    for name, words, numbers, comes_to in tell_forms(explanation):
        pairs.append((name, _ascii(words)))
        pairs.append(("", f"= {_ascii(numbers)}"))
        pairs.append(("", f"= {_number(comes_to, 9)}"))
    said = _ascii(tell_residue(explanation))
    if explanation.residue and explanation.scale > 0:
        said += f", {_number(explanation.scale, 4)}"
    taken = any(name == "total" for name, _ in explanation.quantities)
    pairs += [
        ("result" if taken else "total", _number(explanation.total, 9)),
        ("recorded", _number(explanation.recorded, 9)),
        ("residue", said),
    ]
    return pairs


def _of(factor: Factor) -> str:
    return factor.value.name


def _told(factor: Factor) -> str:
    return f"{_number(factor.number)} padding" if factor.padding else _number(factor.number)


def _at(index: Sequence[int]) -> str:
    return _ascii(tell_position(index))


def _number(number: Number, digits: int = _DIGITS) -> str:
    return _ascii(tell_exactly(number, digits))


def _ascii(text: str) -> str:
    return text.translate(_PLAIN)


def _shortened(text: str, room: int) -> str:
    return text if cell_len(text) <= room else f"...{text[len(text) - room + 3 :]}"


def _real(results: np.ndarray) -> np.ndarray:
    return np.abs(results) if results.dtype.kind == "c" else results.astype(np.float64)


def _wide(results: np.ndarray) -> type:
    return np.complex128 if results.dtype.kind == "c" else np.float64
