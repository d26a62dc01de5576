"""The receptive fields of a whole network, one row for each op."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import overload

from layerwalk.errors import NotFoundError
from layerwalk.recipes.field_paths import Paths, Rates, paths_of
from layerwalk.recipes.field_positions import Positions
from layerwalk.recipes.field_way import Extent
from layerwalk.recipes.receptive_field import Span, spans_of
from layerwalk.record import Op, Trace, Value

__all__ = ["FieldRow", "ReceptiveFields", "receptive_fields"]


@dataclass(frozen=True, slots=True, eq=False)
class FieldRow:
    """The receptive field of the middle of one op's map, over all of its channels.

    Attributes
    ----------
    op
        The op; of its first output.
    index
        The position: the middle along the picture, ``None`` where the whole axis is meant.
    spans
        The sides of the box, one for each dimension of the input; empty where ``missing``.
    offsets
        For each side the middle of the box of index 0, where the box moves evenly: the box
        of index i lies around ``offset + stride*i``.
    missing
        Why there is no box; ``""`` where there is one.
    """

    op: Op
    index: tuple[int | None, ...]
    spans: tuple[Span, ...]
    offsets: tuple[float | None, ...]
    missing: str = ""

    @property
    def spatial(self) -> tuple[Span, ...]:
        """The sides along the picture."""
        return self.spans[2:] if len(self.spans) > 2 else self.spans[1:]

    @property
    def size(self) -> tuple[int, ...]:
        """How large the box is along the picture, without the edges."""
        return tuple(span.size for span in self.spatial)

    @property
    def stride(self) -> tuple[float | None, ...]:
        """How far it moves along the picture when the index moves by one."""
        return tuple(span.stride for span in self.spatial)

    @property
    def offset(self) -> tuple[float | None, ...]:
        """The offsets along the picture."""
        return self.offsets[len(self.offsets) - len(self.spatial) :]


@dataclass(frozen=True, slots=True, eq=False)
class ReceptiveFields(Sequence[FieldRow]):
    """The rows of a network, in the order of its ops; printed, a table of 80 columns."""

    input: Value
    rows: tuple[FieldRow, ...] = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, place: int) -> FieldRow: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[FieldRow, ...]: ...
    def __getitem__(self, place: int | slice) -> FieldRow | tuple[FieldRow, ...]:
        return self.rows[place]

    def __iter__(self) -> Iterator[FieldRow]:
        return iter(self.rows)

    def __str__(self) -> str:
        lines = [f"{'op':<34} {'kind':<13} {'size':>11} {'stride':>9} {'offset':>9}"]
        for row in self.rows:
            name = row.op.name if len(row.op.name) <= 34 else f"...{row.op.name[-31:]}"
            kind = row.op.kind if len(row.op.kind) <= 13 else f"{row.op.kind[:10]}..."
            if row.missing:
                lines.append(f"{name:<34} {kind:<13} {'not known':>11}")
                continue
            cells = [_cell(row.size), _cell(row.stride), _cell(row.offset)]
            line = f"{name:<34} {kind:<13} {cells[0]:>11} {cells[1]:>9} {cells[2]:>9}"
            lines.append(line.rstrip())
        return "\n".join(lines)


def receptive_fields(trace: Trace, *, input: int = 0) -> ReceptiveFields:  # noqa: A002
    """The receptive field of every op of a network that depends on an input.

    Each row is of the middle of the op's map, over all channels, without the picture's
    edges. Axes of the output along which the box moves over the picture are taken at their
    middle; of all others the whole is meant (the channels; both sides of a map which is
    read as a whole, as behind a global mean).

    Raises
    ------
    NotFoundError
        The trace has no such input. An op without a recipe does not raise: its row and
        those behind it say what is missing.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> print(receptive_fields(trace))
    op                                 kind                 size    stride    offset
    conv                               conv2d              4 x 4     1 x 1 1.5 x 1.5
    relu                               relu                4 x 4     1 x 1 1.5 x 1.5
    pool                               max_pool2d          5 x 5     2 x 2     2 x 2
    """
    paths = paths_of(trace, input)
    rows = [_row(paths, op) for op in trace if op.made and op.made[0].id in paths.from_input]
    return ReceptiveFields(paths.input, tuple(rows))


def _row(paths: Paths, op: Op) -> FieldRow:
    shape = op.made[0].shape
    try:
        index = _middle(paths.rates(op, 0), shape, len(paths.input.shape))
        start: tuple[Positions, ...] = tuple(
            range(length) if place is None else range(place, place + 1)
            for place, length in zip(index, shape, strict=True)
        )
        spans = spans_of(paths, op, 0, Extent(start, start))
    except NotFoundError as error:
        return FieldRow(op, (None,) * len(shape), (), (), f"{error.where}: {error.what}")
    offsets = _offsets(paths.rates(op, 0), index, spans)
    return FieldRow(op, index, spans, offsets)


def _middle(rates: Rates, shape: tuple[int, ...], width: int) -> tuple[int | None, ...]:
    """The middle of each axis that moves the box along the picture, and the first sample."""
    picture = range(2, width) if width > 2 else range(1, width)
    index: list[int | None] = []
    for axis, length in enumerate(shape):
        if length and any(rates[axis][d] != 0 for d in picture):
            index.append(length // 2)
        else:
            # The sample: what only moves along the first dimension of the input.
            alone = [d for d, rate in enumerate(rates[axis]) if rate != 0] == [0]
            index.append(0 if alone and length else None)
    return tuple(index)


def _offsets(
    rates: Rates, index: tuple[int | None, ...], spans: tuple[Span, ...]
) -> tuple[float | None, ...]:
    found: list[float | None] = []
    for d, span in enumerate(spans):
        moving = [axis for axis, row in enumerate(rates) if row[d] != 0]
        place = index[moving[0]] if len(moving) == 1 else None
        even = span.stride is not None and place is not None
        found.append(span.centre - span.stride * place if even else None)  # type: ignore[operator]
    return tuple(found)


def _cell(numbers: Sequence[float | None]) -> str:
    if all(number is None for number in numbers):
        return ""
    return " x ".join("-" if number is None else f"{number:g}" for number in numbers)
