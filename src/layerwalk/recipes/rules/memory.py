"""Values by where they lie in memory: which of another's numbers stands at the same place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layerwalk.recipes.call import NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.rules.window import affine

__all__ = ["Layout", "Part", "found_in", "laid_over"]

# How many places the dimension has, how far apart they lie, and the position there.
_Term = tuple[int, int, Expression]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a value lies: the first element, and per dimension length and stride, in elements."""

    start: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def steps(self) -> list[int]:
        """The dimensions that have more than one position, widest stride first."""
        wide = [k for k, length in enumerate(self.shape) if length > 1]
        return sorted(wide, key=lambda k: -self.strides[k])

    @property
    def last(self) -> int:
        """Where the last element lies."""
        return self.start + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))

    def terms(self, places: Sequence[Expression]) -> list[_Term]:
        """What the position in memory of the number at ``places`` is added up of."""
        return [(self.shape[k], self.strides[k], places[k]) for k in self.steps]


@dataclass(frozen=True, slots=True)
class Part:
    """What a newer value holds of an older one.

    ``index`` is the position in the newer value, of the older's places, and ``dimension``,
    ``start`` and ``end`` the places for which that holds: all of them where ``dimension`` is
    ``None``. Where more than one dimension decides, ``inside`` is the condition.
    """

    index: tuple[Expression, ...]
    dimension: int | None = None
    start: int = 0
    end: int = 0
    inside: Expression | None = None


def found_in(layout: Layout, start: int, terms: Sequence[_Term]) -> tuple[Expression, ...] | None:
    """The index in a value of the numbers at ``start`` + terms; ``None``: not all are there.

    Each term goes to the dimension with the widest stride that divides its own.

    Examples
    --------
    >>> found_in(Layout(0, (6, 8), (8, 1)), 9, [(4, 16, "y"), (3, 1, "u")])
    >>> found_in(Layout(0, (6, 8), (8, 1)), 9, [(2, 16, "y"), (3, 1, "u")])
    (('add', ('mul', 2, 'y'), 1), ('add', 'u', 1))
    """
    _check_nested(layout)
    rest = start - layout.start
    index: list[Expression] = [0] * len(layout.shape)
    left = list(terms)
    for k in layout.steps:
        stride, length = layout.strides[k], layout.shape[k]
        own = [term for term in left if term[1] % stride == 0]
        left = [term for term in left if term[1] % stride]
        first, rest = divmod(rest, stride)
        reach = first + sum((n - 1) * (s // stride) for n, s, _ in own)
        if first < 0 or reach >= length:
            return None
        index[k] = affine(*((s // stride, place) for _, s, place in own), first)
    return None if left or rest else tuple(index)


def laid_over(old: Layout, new: Layout, places: Sequence[Expression]) -> Part | None:
    """What of an old value a new one replaces that lies over it; ``None``: nothing."""
    if 0 in new.shape or new.start > old.last or new.last < old.start:
        return None
    whole = found_in(new, old.start, old.terms(places))
    if whole is not None:
        return Part(whole)
    box = _box(old, new, places)
    return box if box is not None else _anywhere(old, new, places)


def _box(old: Layout, new: Layout, places: Sequence[Expression]) -> Part | None:
    """The new value as a box of the old one, with steps."""
    names = [f"new{k}" for k in range(len(new.shape))]
    corner = found_in(old, new.start, ())
    inside = found_in(old, new.start, new.terms(names))
    if corner is None or inside is None:
        return None
    index: list[Expression] = [0] * len(new.shape)
    conditions: list[tuple[int, int, int, int]] = []
    for k in old.steps:
        first = int(str(corner[k]))
        own = [j for j in new.steps if new.strides[j] % old.strides[k] == 0 and index[j] == 0]
        if len(own) > 1:
            return None
        step, count = 1, 1
        for j in own:
            step, count = new.strides[j] // old.strides[k], new.shape[j]
            shifted = affine((1, places[k]), -first)
            index[j] = shifted if step == 1 else ("floordiv", shifted, step)
        if (first, step, count) != (0, 1, old.shape[k]):
            conditions.append((k, first, first + (count - 1) * step + 1, step))
    if not conditions:
        return Part(tuple(index))
    if len(conditions) == 1 and conditions[0][3] == 1:
        return Part(tuple(index), *conditions[0][:3])
    tests: list[Expression] = []
    for k, first, end, step in conditions:
        tests += [("ge", places[k], first), ("lt", places[k], end)]
        if step > 1:
            tests.append(("eq", ("mod", affine((1, places[k]), -first), step), 0))
    return Part(tuple(index), inside=_all(tests))


def _anywhere(old: Layout, new: Layout, places: Sequence[Expression]) -> Part:
    """The new value by the position in memory, reckoned for every number."""
    _check_nested(new)
    rest = affine(*((s, place) for _, s, place in old.terms(places)), old.start - new.start)
    index: list[Expression] = [0] * len(new.shape)
    tests: list[Expression] = [("ge", rest, 0)]
    for k in new.steps:
        stride = new.strides[k]
        index[k] = rest if stride == 1 else ("floordiv", rest, stride)
        tests.append(("lt", index[k], new.shape[k]))
        rest = 0 if stride == 1 else ("mod", rest, stride)
    if rest != 0:
        tests.append(("eq", rest, 0))
    return Part(tuple(index), inside=_all(tests))


def _all(tests: list[Expression]) -> Expression:
    found = tests[0]
    for test in tests[1:]:
        found = ("and", found, test)
    return found


def _check_nested(layout: Layout) -> None:
    """Every place in memory is at most one number's, and tells its position."""
    reach = 0
    for k in reversed(layout.steps):
        if layout.strides[k] <= reach:
            raise NoRecipeError("its numbers share places in memory")
        reach += (layout.shape[k] - 1) * layout.strides[k]
