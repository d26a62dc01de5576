"""How one number of a trace was made: its terms, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from layerwalk.recipes.recipe import Recipe
from layerwalk.record import Op, Value

__all__ = ["Explanation", "Factor", "Number", "Term", "Terms"]

Number: TypeAlias = complex  # the type of them all: bool, int, float, complex


@dataclass(frozen=True, slots=True)
class Factor:
    """One number that was read.

    Attributes
    ----------
    value
        The input, weight or result that it is from.
    index
        Its position there; beyond the ends where ``padding`` is true.
    number
        What stands there, or the padding.
    padding
        Whether the position lies beyond the value's ends.
    """

    value: Value
    index: tuple[int, ...]
    number: Number
    padding: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One term: the numbers that were read, and what they came to (``result``).

    ``weight`` is what they were multiplied by besides, if anything: the weight of a
    neighbour in an interpolation, of a key in attention.
    """

    factors: tuple[Factor, ...]
    result: Number
    weight: Number | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Terms(Sequence[Term]):
    """All terms of one number, in the order of the loops.

    Kept as arrays, all of the length ``len(terms)``: ``results``, and for each factor
    ``numbers[k]``, ``places[k]`` (length, dimensions of its value) and ``padding[k]``;
    ``weights``, if there are any.

    Examples
    --------
    >>> explanation.terms[0].result                            # doctest: +SKIP
    0.0123
    >>> [term.result for term in explanation.terms.largest(2)]  # doctest: +SKIP
    [1.5, -1.25]
    """

    values: tuple[Value, ...]
    results: NDArray[Any]
    numbers: tuple[NDArray[Any], ...]
    places: tuple[NDArray[np.int64], ...]
    padding: tuple[NDArray[np.bool_], ...]
    weights: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self.results)

    @overload
    def __getitem__(self, place: int) -> Term: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Term]: ...
    def __getitem__(self, place: int | slice) -> Term | Sequence[Term]:
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        factors = [
            Factor(value, tuple(places[place].tolist()), numbers[place].item(), bool(pad[place]))
            for value, numbers, places, pad in zip(
                self.values, self.numbers, self.places, self.padding, strict=True
            )
        ]
        weight = None if self.weights is None else self.weights[place].item()
        return Term(tuple(factors), self.results[place].item(), weight)

    def __iter__(self) -> Iterator[Term]:
        return (self[place] for place in range(len(self)))

    def order(self, *, by_size: bool = True) -> NDArray[np.intp]:
        """The places of the terms: largest absolute result first, or largest first."""
        keys = np.abs(self.results) if by_size else self.results
        found: NDArray[np.intp] = np.argsort(-keys.astype(np.float64), kind="stable")
        return found

    def largest(self, count: int) -> list[Term]:
        """The terms with the largest absolute results, largest first."""
        return [self[int(place)] for place in self.order()[:count]]


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """How one number was made, exactly.

    Attributes
    ----------
    op, output, index
        Which number: of the op's output of that position, at ``index``.
    recipe
        How numbers of this op are made.
    formula
        The result in words: ``"sum + conv1.bias"``.
    combine
        What was done with the terms: ``"sum"``, ``"mean"``, ``"max"`` ...; ``""`` where the
        formula itself has them (an addition, an activation).
    terms
        Every term. For an op without a window: the numbers that were read.
    bias
        What was added to the sum, if the op has a bias.
    quantities
        Numbers on the way, by name: a softmax's peak and total, a norm's mean.
    forms
        The result written in other ways, by name, with what they come to.
    total
        The result, worked out anew from the terms in float64.
    recorded
        What the network computed.
    residue
        ``recorded - total``: what is left between the two, the rounding of the network's
        own arithmetic. Exactly 0 where the op only moves or selects numbers.
    scale
        The sum of the absolute terms, by which a residue is judged.
    """

    op: Op
    output: int
    index: tuple[int, ...]
    recipe: Recipe = field(repr=False)
    formula: str
    combine: str
    terms: Terms = field(repr=False)
    bias: Number | None
    quantities: tuple[tuple[str, Number], ...]
    forms: tuple[tuple[str, str, Number], ...]
    total: Number
    recorded: Number
    residue: Number
    scale: float
