"""How the account of one number is told in words: its formula, its residue, its position."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from layerwalk.recipes.evaluator import Work
from layerwalk.recipes.explanation import Explanation, Number
from layerwalk.recipes.expression import Expression, spelled
from layerwalk.record import Array
from layerwalk.render.numerals import tell, tell_count

__all__ = [
    "tell_exactly",
    "tell_forms",
    "tell_formula",
    "tell_left_out",
    "tell_position",
    "tell_residue",
    "tell_steps",
]

_MINUS = "\N{MINUS SIGN}"


def tell_exactly(number: Number, digits: int = 9) -> str:
    """The number with as many significant digits as float32 has at most.

    >>> tell_exactly(-0.1), tell_exactly(3.0), tell_exactly(True), tell_exactly(1j)
    ('−0.1', '3', 'True', '0+1i')
    """  # noqa: RUF002
    plain: Any = number
    if isinstance(plain, complex):
        sign = "+" if plain.imag >= 0 or math.isnan(plain.imag) else ""
        return f"{tell_exactly(plain.real, digits)}{sign}{tell_exactly(plain.imag, digits)}i"
    if isinstance(plain, bool):
        return str(plain)
    if not math.isfinite(plain):
        return tell(plain)
    text = str(plain) if isinstance(plain, int) else f"{plain:.{digits}g}"
    return ("0" if plain == 0 else text).replace("-", _MINUS)


def tell_position(index: Sequence[int]) -> str:
    """A position as it is given to ``--at``.

    >>> tell_position((0, 3, -1, 12))
    '0,3,−1,12'
    """  # noqa: RUF002
    return ",".join(str(place) for place in index).replace("-", _MINUS) or "the one number"


def tell_residue(explanation: Explanation) -> str:
    """What is left between recorded and recomputed, and its share of the absolute terms.

    >>> tell_residue(explanation)                           # doctest: +SKIP
    '2.1e−8, which is 3.4e−9 of the absolute terms'
    """  # noqa: RUF002
    residue = explanation.residue
    if residue == 0:
        return "0, exactly"
    size = abs(residue)
    if not math.isfinite(size):
        return tell_exactly(residue)
    spoken = tell_exactly(residue, 3)
    if not explanation.scale > 0:
        return spoken
    share = tell_exactly(size / explanation.scale, 2)
    return f"{spoken}, which is {share} of the absolute terms"


def tell_left_out(explanation: Explanation) -> int:
    """How many places of the window have no term: beyond the input, or between its numbers."""
    main = explanation.recipe.main
    if main is None:
        return 0
    return math.prod(length for _, length in main.loops) - len(explanation.terms)


def tell_formula(explanation: Explanation) -> tuple[str, str]:
    """The result in words and in numbers: ``("max(conv, 0)", "max(-0.25, 0)")``."""
    result = explanation.recipe.result
    return spelled(result, _names(explanation)), _in_numbers(explanation, result)


def tell_steps(explanation: Explanation) -> list[tuple[str, str]]:
    """The numbers on the way: name, and how it is made of its terms.

    >>> tell_steps(explanation)                             # doctest: +SKIP
    [('sum', 'sum of input*conv1.weight over 27 positions')]
    """
    found = []
    for step in explanation.recipe.steps:
        term = spelled(step.term, _names(explanation))
        count = math.prod(length for _, length in step.loops)
        positions = tell_count(count, "position")
        if step is explanation.recipe.main and tell_left_out(explanation):
            # A mean is divided by the terms that there are.
            positions = f"{len(explanation.terms):,} of {positions}"
        over = f"{step.combine} of {term} over {positions}"
        found.append((step.name, over if step.loops else term))
    return found


def tell_forms(explanation: Explanation) -> list[tuple[str, str, str, Number]]:
    """Other ways to write the result: name, in words, in numbers, what they come to."""
    forms = zip(explanation.recipe.forms, explanation.forms, strict=True)
    read = _names(explanation)
    return [
        (name, spelled(form, read), _in_numbers(explanation, form), comes_to)
        for (name, form), (_, _, comes_to) in forms
    ]


def _names(explanation: Explanation) -> Callable[[int], str]:
    """What a read is called: its value's name.

    It is in brackets where a step has the same, and in quotes where it would be read as a
    number, as the names in an ``nn.Sequential`` would.
    """
    recipe, inputs = explanation.recipe, explanation.op.inputs
    taken = {step.name for step in recipe.steps} | {name for name, _ in recipe.axes}

    def name(read: int) -> str:
        found = inputs[recipe.reads[read].operand].name
        if found in taken:
            return f"[{found}]"
        return f"“{found}”" if found[:1].isdigit() else found

    return name


def _in_numbers(explanation: Explanation, expression: Expression) -> str:
    op, recipe = explanation.op, explanation.recipe
    at = np.array([explanation.index], dtype=np.int64).reshape(1, len(explanation.index))
    work = Work(recipe, [value.array() for value in op.inputs], at)
    quantities = dict(explanation.quantities)
    places = dict(zip((name for name, _ in recipe.axes), explanation.index, strict=True))

    def filled(part: Expression) -> Expression:
        if isinstance(part, str):
            number: Number | str = quantities.get(part, places.get(part, part))
            return _short(number) if isinstance(number, int | float) else part
        if not isinstance(part, tuple):
            return part
        if part[0] == "read":
            values = work.gathered(int(str(part[1]))).values
            return _short(values.item()) if values.size == 1 and _real(values) else part
        return (part[0], *[filled(each) for each in part[1:]])

    return spelled(filled(expression), _names(explanation))


def _real(values: Array) -> bool:
    return values.dtype.kind != "c"


def _short(number: float) -> float:
    return float(f"{float(number):.6g}")
