"""The receptive field: the part of the network's input that one value was made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.recipes.call import AXES
from layerwalk.recipes.explain import checked_index
from layerwalk.recipes.field_mask import mask_back
from layerwalk.recipes.field_paths import Paths, Rates, paths_of
from layerwalk.recipes.field_positions import as_array, ends
from layerwalk.recipes.field_way import Extent, Way
from layerwalk.record import Op, Trace, Value

__all__ = ["Box", "Span", "receptive_field", "spans_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """One side of a receptive field: positions in one dimension of the network's input.

    Attributes
    ----------
    name, length
        The dimension: ``"n"``, ``"c"``, ``"y"``, ``"x"``, and how long the input is there.
    first, stop
        The first position and the one past the last; equal where no position was read.
    free_first, free_stop
        The same without the input's edges: positions that padding stood for count, so the
        first may be negative and ``stop`` beyond ``length``.
    stride
        How far the box moves on the input when the value's index moves by one; ``None``
        where no axis of the output moves it, or not evenly.
    positions
        Exactly which positions were read, sorted: fewer than ``stop - first`` where there
        are holes.
    """

    name: str
    length: int
    first: int
    stop: int
    free_first: int
    free_stop: int
    stride: float | None
    positions: NDArray[np.int64] = field(repr=False)

    @property
    def size(self) -> int:
        """How long the side is without the input's edges."""
        return self.free_stop - self.free_first

    @property
    def centre(self) -> float:
        """The middle of the side without the edges; 0 is the middle of the first position."""
        return (self.free_first + self.free_stop - 1) / 2

    @property
    def slice(self) -> slice:
        """The side as a slice of the input."""
        return slice(self.first, self.stop)


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """The receptive field of one value.

    Attributes
    ----------
    op, output, index
        Which value.
    input
        The network's input on which the box lies.
    spans
        Its sides, one for each dimension of the input. The box is their product.
    mask
        Where exactly the input was read, of the input's shape, if it was asked for: dilated
        and shifted paths leave holes that the product of the sides covers.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> print(receptive_field(trace, "pool", (0, 0, 10, 20)))
    pool (0, 0, 10, 20): 5 x 5 of input, y 20 to 24, x 40 to 44, stride 2 x 2
    """

    op: Op
    output: int
    index: tuple[int, ...]
    input: Value
    spans: tuple[Span, ...]
    mask: NDArray[np.bool_] | None = field(default=None, repr=False)

    @property
    def spatial(self) -> tuple[Span, ...]:
        """The sides along the picture: those behind the sample and the channel."""
        return self.spans[2:] if len(self.spans) > 2 else self.spans[1:]

    @property
    def clipped(self) -> tuple[tuple[int, int], ...]:
        """First position and one past the last on the picture, for each side along it."""
        return tuple((span.first, span.stop) for span in self.spatial)

    @property
    def unclipped(self) -> tuple[tuple[int, int], ...]:
        """The same without the picture's edges."""
        return tuple((span.free_first, span.free_stop) for span in self.spatial)

    @property
    def size(self) -> tuple[int, ...]:
        """How large it is along the picture, without the edges."""
        return tuple(span.size for span in self.spatial)

    @property
    def stride(self) -> tuple[float | None, ...]:
        """How far it moves along the picture when the index moves by one."""
        return tuple(span.stride for span in self.spatial)

    @property
    def centre(self) -> tuple[float, ...]:
        """Its middle along the picture, without the edges."""
        return tuple(span.centre for span in self.spatial)

    @property
    def sets(self) -> tuple[NDArray[np.int64], ...]:
        """The exact positions in every dimension of the input."""
        return tuple(span.positions for span in self.spans)

    @property
    def plane(self) -> NDArray[np.bool_] | None:
        """The mask along the picture alone: read in any sample and channel."""
        if self.mask is None:
            return None
        others = tuple(range(len(self.spans) - len(self.spatial)))
        return np.asarray(self.mask.any(axis=others))

    def __bool__(self) -> bool:
        return all(span.stop > span.first for span in self.spans)

    def __str__(self) -> str:
        where = f"{self.op.made[self.output].name} ({', '.join(map(str, self.index))})"
        if not self:
            return f"{where}: nothing of {self.input.name}, only padding"
        size = " x ".join(str(span.size) for span in self.spatial)
        sides = ", ".join(f"{s.name} {s.first} to {s.stop - 1}" for s in self.spatial)
        strides = [f"{stride:g}" for stride in self.stride if stride is not None]
        moves = f", stride {' x '.join(strides)}" if strides else ""
        return f"{where}: {size} of {self.input.name}, {sides}{moves}"


def receptive_field(
    trace: Trace,
    op: str | int | Op,
    index: Sequence[int],
    *,
    output: int = 0,
    input: int = 0,  # noqa: A002 - the field's word
    mask: bool = False,
) -> Box:
    """The box on the network's input that the value at ``index`` of an op was made of.

    Worked out from the recipes of the ops on the way, through any number of branches: for
    each dimension the set of positions is carried backwards, so that holes at a
    concatenation, a split or a shuffle of channels are kept. Weights and constants are not
    followed. A read whose weight is zero by its position (an interpolation that falls on a
    pixel) does not count; positions that the network itself computed are taken as recorded.

    Parameters
    ----------
    op, index, output
        Which value, as for :func:`layerwalk.recipes.explain.explain`.
    input
        Which of the network's inputs, for one that takes several.
    mask
        Also work out exactly where in the box the input was read, which takes longer.

    Raises
    ------
    NotFoundError
        There is no such op, position or input; the value does not depend on that input; or
        an op on the way has no recipe.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> box = receptive_field(trace, "conv", (0, 0, 0, 20))
    >>> box.clipped, box.unclipped, box.size, box.stride
    (((0, 4), (20, 24)), ((0, 4), (20, 24)), (4, 4), (1.0, 1.0))
    """
    found = trace[op]
    if not 0 <= output < len(found.made):
        raise NotFoundError(
            f"there is no output {output}",
            where=found.name,
            mend=f"it made {len(found.made)}, counted from 0",
        )
    made = found.made[output]
    places = checked_index(index, made.shape, made.name)
    paths = paths_of(trace, input)
    if made.id not in paths.from_input:
        raise NotFoundError(
            f"it does not depend on the network's input {paths.input.name}", where=made.name
        )
    start = tuple(range(place, place + 1) for place in places)
    spans = spans_of(paths, found, output, Extent(start, start))
    exact = _mask(paths, found, output, places) if mask else None
    return Box(found, output, places, paths.input, spans, exact)


def spans_of(paths: Paths, op: Op, output: int, start: Extent) -> tuple[Span, ...]:
    """The sides of the box that a part of an op's output was made of."""
    shape = paths.input.shape
    nothing = (range(0),) * len(shape)
    extent = paths.back(op, output, start, Way.back, Extent.joined) or Extent(nothing, nothing)
    strides = _strides(paths.rates(op, output), len(shape))
    names = AXES.get(len(shape)) or tuple(f"d{k}" for k in range(len(shape)))
    spans = []
    for k, (name, length) in enumerate(zip(names, shape, strict=True)):
        first, stop = ends(extent.sets[k])
        free = ends(extent.free[k])
        if first < stop and free[0] < free[1]:
            # What an irregular op cut off at its own edge counts as far as it was read.
            free = min(free[0], first), max(free[1], stop)
        positions = as_array(extent.sets[k])
        positions.setflags(write=False)
        spans.append(Span(name, length, first, stop, *free, strides[k], positions))
    return tuple(spans)


def _strides(rates: Rates, width: int) -> list[float | None]:
    """The stride in each dimension of the input, where just one axis moves it, and only it."""
    found: list[float | None] = []
    for d in range(width):
        moving = [row for row in rates if row[d] != 0]
        alone = len(moving) == 1 and sum(rate != 0 for rate in moving[0]) == 1
        rate = moving[0][d] if alone else None
        found.append(None if rate is None else float(rate))
    return found


def _mask(paths: Paths, op: Op, output: int, places: tuple[int, ...]) -> NDArray[np.bool_]:
    start = np.zeros(op.made[output].shape, dtype=bool)
    start[places] = True
    found = paths.back(op, output, start, mask_back, np.logical_or)
    mask: NDArray[np.bool_] = (
        np.zeros(paths.input.shape, dtype=bool) if found is None else np.asarray(found)
    )
    mask.setflags(write=False)
    return mask
