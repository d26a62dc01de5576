"""How one number was made: the picture that teachers draw by hand."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from layerwalk.errors import LayerwalkError
from layerwalk.recipes.explanation import Explanation, Terms
from layerwalk.record import Array
from layerwalk.render.accounts import (
    tell_exactly,
    tell_forms,
    tell_formula,
    tell_left_out,
    tell_position,
    tell_residue,
)
from layerwalk.render.colour import Scale, choose_scale
from layerwalk.render.figures.blocks import Block, Lines, Row
from layerwalk.render.figures.contributions import Contribution, Contributions
from layerwalk.render.figures.grid import Grid
from layerwalk.render.figures.page import Page
from layerwalk.render.figures.place import place_on
from layerwalk.render.header import Header
from layerwalk.render.lettering import shorten
from layerwalk.render.numerals import tell_count, tell_shape
from layerwalk.render.paper import CAPTION, MARGIN
from layerwalk.render.window import Plane, Window, window_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["explanation_figure"]

_GAP = 36
_MOST_BARS = 14
_MOST_TILES = 8
_ARROW = "\N{RIGHTWARDS ARROW}"
_TIMES = "\N{MULTIPLICATION SIGN}"


def explanation_figure(
    explanation: Explanation, *, channel: int | None = None, title: str | None = None
) -> Figure:
    """How one number was made, as a matplotlib figure.

    Above, where the window lies on the input's map and the value on the output's. Below,
    for convolution and pooling, the window with its numbers (padding is hatched), times the
    kernel, gives the products; where the window goes through several channels, what each of
    them adds. For other sums the largest terms as bars, for formulas their numbers. Then
    the bias, the total, what the network recorded and what is left between the two.

    Parameters
    ----------
    explanation
        From :func:`layerwalk.recipes.explain.explain`.
    channel
        Which channel's window to draw; the one that adds most, up or down, if not given.
    title
        Printed above; by default the op and the position.

    Raises
    ------
    LayerwalkError
        The window does not go through that channel.

    Examples
    --------
    >>> figure = explanation_figure(explain(trace, "conv", (0, 0, 10, 20)))  # doctest: +SKIP
    """
    window = window_of(explanation)
    if window is not None:
        blocks = _window_blocks(explanation, window, channel)
    elif explanation.combine:
        blocks = [*_places(explanation), _term_bars(explanation)]
    else:
        blocks = [*_places(explanation), _tiles(explanation)]
    blocks.append(Lines(_sums(explanation)))
    op = explanation.op
    name = title or f"{op.name} at {tell_position(explanation.index)}"
    shape = op.made[explanation.output].shape
    facts = (op.kind, f"one number of {tell_shape(shape)}", _counted(explanation))
    formula = _wrapped("", tell_formula(explanation)[0])
    notes = formula[0][1] + ("\N{HORIZONTAL ELLIPSIS}" if len(formula) > 1 else "")
    header = Header(name, tuple(fact for fact in facts if fact), None, (f"= {notes}",), "")
    room = max(*(block.width for block in blocks), header.room)
    high = sum(block.height + _GAP for block in blocks) - _GAP
    page = Page(room + 2 * MARGIN, header.height + high + MARGIN)
    header.draw(page, room)
    top = header.height
    for block in blocks:
        block.draw(page, MARGIN, top)
        top += block.height + _GAP
    return page.figure


def _counted(explanation: Explanation) -> str:
    if not explanation.combine:
        return "" if explanation.recipe.main is None else tell_count(len(explanation.terms), "term")
    said = f"{explanation.combine} of {tell_count(len(explanation.terms), 'term')}"
    out = tell_left_out(explanation)
    return f"{said}, {out} without input left out" if out else said


def _window_blocks(explanation: Explanation, window: Window, channel: int | None) -> list[Block]:
    plane = _chosen(explanation, window, channel)
    index, made = explanation.index, explanation.op.made[explanation.output]
    lead, own = index[: -window.rank], index[-window.rank :]
    y, x = own if window.rank == 2 else (0, own[0])
    places = [place_on(made, lead, (y, x, y + 1, x + 1))]
    if window.holds(plane.channel):
        places.insert(0, place_on(window.input, plane.channel, plane.box))
    blocks: list[Block] = [Row(places), _arithmetic(explanation, window, plane)]
    if len(window.planes) > 1:
        blocks.append(_channel_bars(explanation, window))
    return blocks


def _chosen(explanation: Explanation, window: Window, channel: int | None) -> Plane:
    def weight(plane: Plane) -> tuple[bool, float]:
        # A plane of nothing but padding, of a window in three dimensions, has no map to show.
        return window.holds(plane.channel), _weight(explanation, plane)

    if channel is None:
        return max(window.planes, key=weight)
    axis = 1 if len(window.planes[0].channel) > 1 else 0
    found = [plane for plane in window.planes if plane.channel[axis] == channel]
    if not found:
        numbers = sorted({plane.channel[axis] for plane in window.planes})
        raise LayerwalkError(
            f"the window does not go through channel {channel}",
            where=window.input.name,
            mend=f"it goes through {numbers[0]} to {numbers[-1]}"
            if len(numbers) > 1
            else f"it goes through {numbers[0]}",
        )
    return max(found, key=weight)


def _part(explanation: Explanation, plane: Plane) -> float:
    """What a plane is of the result: its sum, its share of a mean, its largest or smallest."""
    if explanation.combine in ("max", "min"):
        return float((np.nanmax if explanation.combine == "max" else np.nanmin)(plane.results))
    return plane.total / (len(explanation.terms) if explanation.combine == "mean" else 1)


def _weight(explanation: Explanation, plane: Plane) -> float:
    """By what a plane is chosen: the winner's, or the one that adds most, up or down."""
    part = _part(explanation, plane)
    if explanation.combine in ("max", "min"):
        return part if explanation.combine == "max" else -part
    return abs(part)


def _arithmetic(explanation: Explanation, window: Window, plane: Plane) -> Block:
    """The window, times the kernel where there is one, and what that gives."""
    high, wide = plane.numbers.shape
    grids = 1 if plane.weights is None else 3
    cell = max(46, min(88, 1500 // (grids * wide), 620 // high))
    rows, columns = _numbering(plane)
    every = window.input.array()
    ringed = None
    if explanation.combine in ("max", "min"):
        pick = np.nanargmax if explanation.combine == "max" else np.nanargmin
        wins = _part(explanation, plane) == explanation.total
        if wins and not np.isnan(plane.results[~plane.absent]).any():
            ringed = divmod(int(pick(plane.results)), wide)
    said = f"channel {_name(plane.channel)}" if plane.channel else ""
    window_grid = Grid(
        plane.numbers,
        "window",
        said,
        choose_scale(plane.numbers, signed=bool(np.nanmin(every) < 0)),
        cell,
        hatched=plane.padding,
        blank=plane.absent,
        rows=rows,
        columns=columns,
        ringed=ringed,
    )
    if plane.weights is None:
        return Row([window_grid, _result(explanation, window_grid.scale)], (_ARROW,))
    weights = Grid(
        plane.weights,
        "kernel",
        tell_shape(plane.weights.shape),
        choose_scale(plane.weights, map="bluered"),
        cell,
        blank=plane.absent,
        columns=range(wide),
    )
    total = f"they come to {tell_exactly(plane.total, 6)}"
    products = Grid(
        plane.results,
        "products",
        total,
        choose_scale(plane.results, map="bluered"),
        cell,
        blank=plane.absent,
        columns=range(wide),
    )
    return Row([window_grid, weights, products], (_TIMES, "="))


def _numbering(plane: Plane) -> tuple[list[int], list[int]]:
    """Row and column numbers on the input, of the rows and columns of the window."""
    there = ~plane.absent
    rows = [int(plane.places[k, np.argmax(there[k]), 0]) for k in range(there.shape[0])]
    columns = [int(plane.places[np.argmax(there[:, k]), k, 1]) for k in range(there.shape[1])]
    return rows, columns


def _channel_bars(explanation: Explanation, window: Window) -> Contributions:
    """What each plane adds; of a maximum, the largest of each."""
    picks = explanation.combine in ("max", "min")
    most = "largest" if explanation.combine == "max" else "smallest"
    parts = np.array([_part(explanation, plane) for plane in window.planes])
    weights = np.array([_weight(explanation, plane) for plane in window.planes])
    rows = [
        Contribution(f"channel {_name(plane.channel)}", part)
        for plane, part in zip(window.planes, parts.tolist(), strict=True)
    ]
    kept = np.sort(np.argsort(-weights, kind="stable")[:_MOST_BARS]).tolist()
    shown = [rows[k] for k in kept]
    others = len(rows) - len(shown)
    if others and not picks:
        rest = float(np.delete(parts, kept).sum())
        shown.append(Contribution(tell_count(others, "other channel"), rest))
    if others:
        facts = f"the {len(kept)} {most if picks else 'largest'} of {len(rows):,}"
    elif explanation.combine == "mean":
        facts = f"the sum of its numbers / {len(explanation.terms):,}"
    else:
        made = "numbers" if window.weight is None else "products"
        facts = "" if picks else f"each the sum of its {made}"
    title = f"the {most} of each channel" if picks else "what each channel adds"
    return Contributions(title, facts, [*shown, *_ends(explanation)])


def _term_bars(explanation: Explanation) -> Contributions:
    terms = explanation.terms
    results = _real(terms.results)
    chosen = explanation.combine in ("max", "min")
    sign = -1.0 if explanation.combine == "min" else 1.0
    kept = (
        np.argsort(-sign * results, kind="stable")[:_MOST_BARS].tolist()
        if chosen
        else _largest(results, _MOST_BARS, in_order=False)
    )
    rows = [_term_row(terms, int(k)) for k in kept]
    others = len(terms) - len(rows)
    if others and not chosen:
        rest = float(np.delete(results, kept).sum())
        rows.append(Contribution(tell_count(others, "more term"), rest, "together"))
    facts = f"the {len(kept)} largest of {len(terms):,}" if others else ""
    return Contributions("terms", facts, [*rows, *_ends(explanation)])


def _term_row(terms: Terms, k: int) -> Contribution:
    factors = terms[k].factors
    told = f" {_TIMES} ".join(tell_exactly(factor.number, 4) for factor in factors)
    first = factors[0]
    name = shorten(first.value.name, CAPTION, 220)
    detail = told if len(factors) > 1 else ""
    return Contribution(
        f"{name} {tell_position(first.index)}", float(_real(terms.results[k])), detail
    )


def _ends(explanation: Explanation) -> list[Contribution]:
    """What the terms come to, the bias, and the total where it is more than these."""
    ends = []
    main = explanation.recipe.main
    step = dict(explanation.quantities).get(main.name) if main else None
    simple = step is not None and main is not None and explanation.recipe.result == main.name
    if step is not None and main is not None and not simple:
        ends.append(Contribution(main.name, float(_real(step)), bold=True))
    if explanation.bias is not None:
        ends.append(Contribution("bias", float(_real(explanation.bias))))
    if simple or explanation.bias is not None:
        ends.append(Contribution("total", float(_real(explanation.total)), bold=True))
    return ends


def _largest(values: Array, count: int, *, in_order: bool = True) -> list[int]:
    kept = np.argsort(-np.abs(values), kind="stable")[:count]
    found: list[int] = (np.sort(kept) if in_order else kept).tolist()
    return found


def _places(explanation: Explanation) -> list[Block]:
    """Where the value lies on the output's map, and where it came from if from one place."""
    made, index = explanation.op.made[explanation.output], explanation.index
    views: list[Block] = []
    terms = explanation.terms
    first = terms[0].factors[0] if len(terms) == 1 and terms.values else None
    if first is not None and len(first.value.shape) >= 3 and not first.padding:
        *lead, y, x = first.index
        views.append(place_on(terms.values[0], tuple(lead), (y, x, y + 1, x + 1)))
    if len(made.shape) >= 3:
        *lead, y, x = index
        views.append(place_on(made, tuple(lead), (y, x, y + 1, x + 1)))
    return [Row(views)] if views else []


def _tiles(explanation: Explanation) -> Block:
    """The numbers that a formula reads, each in a cell."""
    term = explanation.terms[0] if len(explanation.terms) else None
    if term is None or not term.factors:
        return Lines([("reads", "nothing: a constant")])
    factors = term.factors[:_MOST_TILES]
    numbers = np.array([float(_real(factor.number)) for factor in factors])
    scale = choose_scale(numbers, map="bluered")
    tiles = [
        Grid(
            numbers[k : k + 1, None],
            shorten(factor.value.name, CAPTION, 300, bold=True),
            tell_position(factor.index),
            scale,
            110,
            hatched=np.array([[factor.padding]]),
            bar=False,
        )
        for k, factor in enumerate(factors)
    ]
    signs = [*[""] * (len(tiles) - 1), _ARROW]
    return Row([*tiles, _result(explanation, scale)], signs)


def _result(explanation: Explanation, scale: Scale) -> Grid:
    """The value itself, in a cell."""
    name = explanation.combine or "result"
    number = np.array([[float(_real(explanation.total))]])
    return Grid(number, name, "", scale, 110, bar=False)


def _sums(explanation: Explanation) -> list[tuple[str, str]]:
    """The last lines: the formula with its numbers, other forms, total, recorded, residue."""
    words, numbers = tell_formula(explanation)
    told = " " in words and "choose(" not in words  # a choice reads one of its numbers only
    lines = _wrapped("in numbers", _signed(numbers)) if told else []
    for name, _, numbers, comes_to in tell_forms(explanation):
        lines += _wrapped(name, f"{_signed(numbers)} = {tell_exactly(comes_to, 7)}")
    taken = any(name == "total" for name, _ in explanation.quantities)
    lines.append(("result" if taken else "total", tell_exactly(explanation.total)))
    lines.append(("recorded", tell_exactly(explanation.recorded)))
    lines.append(("residue", tell_residue(explanation)))
    return lines


def _signed(formula: str) -> str:
    return formula.replace("-", "\N{MINUS SIGN}")


def _wrapped(name: str, said: str) -> list[tuple[str, str]]:
    parts = textwrap.wrap(said, 110, break_long_words=False) or [""]
    return [(name if k == 0 else "", part) for k, part in enumerate(parts)]


def _name(channel: tuple[int, ...]) -> str:
    return ",".join(map(str, channel[1:] or channel))


def _real(number: object) -> Array:
    array = np.asarray(number)
    return (np.abs(array) if array.dtype.kind == "c" else array).astype(np.float64)
