"""Walk back from a value to the picture, each step explained exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.recipes.evaluator import Work
from layerwalk.recipes.explain import explain
from layerwalk.recipes.explanation import Explanation, Factor, Number
from layerwalk.recipes.expression import reads_in
from layerwalk.record import Op, Trace

__all__ = ["Path", "Step", "walk_back"]

# The values that a path follows; weights and constants came from elsewhere.
_OPEN = ("input", "result")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step back: how a number was made, and which of the numbers in it is followed.

    Attributes
    ----------
    explanation
        How the number was made.
    followed
        The number that the next step explains, or the pixel at which the path ends;
        ``None`` where there is none to follow.
    term
        What the followed term adds: its product for a convolution, itself where numbers
        are only added, moved or picked.
    share
        The part of the value that the term is, signed: 0.2 is a fifth of it, above 1 where
        other terms take some away. Of the sum within it, where the formula does more than
        add a bias to that. 1 where one number makes the value alone.
    terms
        How many terms there were to choose from.
    """

    explanation: Explanation
    followed: Factor | None
    term: Number
    share: float
    terms: int

    @property
    def op(self) -> Op:
        """The op that made the number."""
        return self.explanation.op

    @property
    def index(self) -> tuple[int, ...]:
        """Where the number stands in the op's output."""
        return self.explanation.index

    def __str__(self) -> str:
        made, explanation = self.op.made[self.explanation.output], self.explanation
        line = f"{_placed(made.name, self.index)} = {_shown(explanation.recorded)}"
        if self.followed is None:
            return f"{line}\n  {_short(explanation.formula)}"
        source = _placed(self.followed.value.name, self.followed.index)
        if self.terms < 2:
            plain = explanation.formula.startswith(("choose(", "where("))
            plain |= explanation.formula == self.followed.value.name
            how = "as it is" if plain else _short(explanation.formula)
            return f"{line}\n{_laid(f'{how},', f'from {source}')}"
        if explanation.combine in ("max", "min"):
            most = "largest" if explanation.combine == "max" else "smallest"
            return f"{line}\n{_laid(f'the {most} of {self.terms:,},', f'at {source}')}"
        gives = f"gives {_shown(self.term)} ({self.share:.1%})"
        return f"{line}\n{_laid(f'of {self.terms:,} terms {source}', gives)}"


@dataclass(frozen=True, slots=True, eq=False)
class Path(Sequence[Step]):
    """The steps from a value back to the network's input.

    Attributes
    ----------
    steps
        From the value that was asked for to the first op.
    end
        The number of the network's input at which the path ends; ``None`` where it ends
        before.
    stopped
        Why it ends before the input, in one sentence; ``""`` where it does not.
    """

    steps: tuple[Step, ...] = field(repr=False)
    end: Factor | None
    stopped: str = ""

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, place: int) -> Step: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, place: int | slice) -> Step | tuple[Step, ...]:
        return self.steps[place]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __str__(self) -> str:
        lines = [str(step) for step in self.steps]
        if self.end is not None:
            lines.append(f"{_placed(self.end.value.name, self.end.index)} = "
                         f"{_shown(self.end.number)}")  # fmt: skip
        if self.stopped:
            lines.append(self.stopped)
        return "\n".join(lines)


def walk_back(trace: Trace, op: str | int | Op, index: Sequence[int], *, output: int = 0) -> Path:
    """The steps from a value (a class score, say) back to a pixel, each explained exactly.

    Each step follows one number that the network worked out or was given; never a weight.

    - Of a sum or a mean, the term that adds most in the value's own direction: the largest
      for a positive value, the most negative for a negative one.
    - Of a maximum, the winner; the first of several that are equal.
      Where a term is the product of two such numbers, the larger one by size.
    - Of a plain addition of several numbers, the one that adds most in the value's direction;
      of another formula of several, the largest by size.
    - Of an op that moves, normalises (softmax too) or squashes one number, that number.

    One path is not the whole reason: ``share`` says how little of a sum one term may be.

    Raises
    ------
    NotFoundError
        There is no such op or position, or the op itself has no recipe. An op without a
        recipe further back ends the path, which says so.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> path = walk_back(trace, "pool", (0, 0, 10, 20))
    >>> [step.op.name for step in path], path.end.value.name
    (['pool', 'relu', 'conv'], 'input')
    """
    made_by = {
        made.id: (earlier, place) for earlier in trace for place, made in enumerate(earlier.made)
    }
    found, place, at = trace[op], output, tuple(int(part) for part in index)
    steps: list[Step] = []
    while True:
        try:
            explanation = explain(trace, found, at, output=place)
        except LayerwalkError as error:
            if not steps:
                raise
            return Path(tuple(steps), None, _stop(found, error))
        step = _step(explanation)
        steps.append(step)
        factor = step.followed
        if factor is None:
            return Path(tuple(steps), None, _nothing(found))
        if factor.value.role == "input":
            return Path(tuple(steps), factor)
        if factor.value.id not in made_by:
            gone = f"The path ends here: nothing in the trace made {factor.value.name}."
            return Path(tuple(steps), None, gone)
        found, place = made_by[factor.value.id]
        at = factor.index


def _stop(op: Op, error: LayerwalkError) -> str:
    plain = isinstance(error, NotFoundError) or not error.where
    what = error.what if plain else f"{error.where}: {error.what}"
    return f"The path ends at {op.name}: {what}."


def _nothing(op: Op) -> str:
    return f"The path ends at {op.name}: it reads no number that the network was given."


def _step(explanation: Explanation) -> Step:
    terms = explanation.terms
    own = _own_number(explanation)
    if own is not None:
        return Step(explanation, own, own.number, 1.0, 1)
    # The reads that may be followed, and at which terms they are not padding.
    open_to = [k for k, value in enumerate(terms.values) if value.role in _OPEN]
    if not explanation.combine:
        return _of_formula(explanation, open_to)
    count = len(terms)
    real = np.zeros(count, dtype=bool)
    for k in open_to:
        real |= ~terms.padding[k]
    if not real.any():
        return Step(explanation, None, 0.0, 0.0, count)
    chosen = int(np.argmax(np.where(real, _pull(explanation, terms.results), -np.inf)))
    term = terms[chosen]
    factor = _larger(explanation, [term.factors[k] for k in open_to if not term.factors[k].padding])
    return Step(explanation, factor, term.result, _share(explanation, term.result), count)


def _own_number(explanation: Explanation) -> Factor | None:
    """The number that a norm or a softmax scales: beside its sums, the result reads it itself."""
    recipe, op = explanation.recipe, explanation.op
    if recipe.main is None or explanation.bias is not None:
        return None
    beside = [
        number
        for number in reads_in(recipe.result)
        if op.inputs[recipe.reads[number].operand].role in _OPEN
        and op.inputs[recipe.reads[number].operand].dtype != "bool"
    ]
    if not beside:
        return None
    at = np.array([explanation.index], dtype=np.int64)
    work = Work(recipe, [value.array() for value in op.inputs], at)
    gathered = work.gathered(beside[0])
    index = tuple(int(place.reshape(-1)[0]) for place in gathered.places)
    value = op.inputs[recipe.reads[beside[0]].operand]
    return Factor(value, index, gathered.values.reshape(-1)[0].item())


def _pull(explanation: Explanation, results: NDArray[np.generic]) -> NDArray[np.float64]:
    """How strongly each term makes the value what it is."""
    numbers = np.nan_to_num(np.real(results).astype(np.float64))
    if explanation.combine == "max":
        return numbers
    if explanation.combine == "min":
        return -numbers
    if explanation.combine in ("sum", "mean"):
        return numbers * _direction(explanation)
    return np.abs(numbers)


def _direction(explanation: Explanation) -> float:
    return -1.0 if complex(explanation.recorded).real < 0 else 1.0


def _of_formula(explanation: Explanation, open_to: list[int]) -> Step:
    """A step over an op whose formula has the numbers itself."""
    if not len(explanation.terms):
        return Step(explanation, None, 0.0, 0.0, 0)
    factors = explanation.terms[0].factors
    real = _numbers([factors[k] for k in open_to if not factors[k].padding])
    if not real:
        return Step(explanation, None, 0.0, 0.0, 0)
    if explanation.recipe.moves:  # the one that was picked, if it is one of them
        real = [factor for factor in real if factor.number == explanation.total][:1] or real
    factor = _larger(explanation, real)
    adds = _adds(explanation) and len(real) > 1
    share = _share(explanation, factor.number) if adds else 1.0
    return Step(explanation, factor, factor.number, share, len(real))


def _adds(explanation: Explanation) -> bool:
    result = explanation.recipe.result
    return (
        isinstance(result, tuple)
        and result[0] == "add"
        and all(isinstance(part, tuple) and part[0] == "read" for part in result[1:])
    )


def _larger(explanation: Explanation, factors: list[Factor]) -> Factor:
    """The number to follow of several: by size, or in the value's direction in a sum."""
    if _adds(explanation) and not explanation.combine:
        direction = _direction(explanation)
        return max(factors, key=lambda factor: direction * complex(factor.number).real)
    return max(factors, key=lambda factor: abs(factor.number))


def _numbers(factors: list[Factor]) -> list[Factor]:
    """Without conditions, where there is something else to follow."""
    return [factor for factor in factors if factor.value.dtype != "bool"] or factors


def _share(explanation: Explanation, term: Number) -> float:
    main = explanation.recipe.main
    if explanation.combine in ("max", "min"):
        return 1.0
    if explanation.combine == "mean":
        term = term / max(len(explanation.terms), 1)
    total = explanation.total
    if main is not None and explanation.bias is None:
        total = dict(explanation.quantities).get(main.name, total)
    return float((complex(term) / total).real) if total else 0.0


def _placed(name: str, index: tuple[int, ...]) -> str:
    where = f"({', '.join(map(str, index))})"
    room = 50 - len(where)
    return f"{name if len(name) <= room else '...' + name[3 - room :]} {where}"


def _laid(first: str, second: str) -> str:
    """Both on one line of 80 columns, or on two."""
    both = f"  {first} {second}"
    return both if len(both) <= 80 else f"  {first}\n  {second}"


def _shown(number: Number) -> str:
    if isinstance(number, (bool, int)):
        return str(number)
    return f"{number:.6g}"


def _short(formula: str) -> str:
    return formula if len(formula) <= 72 else f"{formula[:69]}..."
