"""The window sliding over the input and the output filling, picture by picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from layerwalk.errors import LayerwalkError, NotFoundError
from layerwalk.recipes.explain import checked_index, explain_all
from layerwalk.recipes.explanation import Explanation
from layerwalk.record import Array, Op, Trace, Value
from layerwalk.render.film import Film, Move
from layerwalk.render.window import Plane, Window, window_of

__all__ = ["sliding_window"]

_MOST_FRAMES = 120


def sliding_window(
    trace: Trace,
    op: str | int | Op,
    index: Sequence[int] | None = None,
    *,
    output: int = 0,
    channel: int | None = None,
    most: int = _MOST_FRAMES,
) -> Film:
    """The film of an op's window: where it reads for each value of one output map.

    The positions are those that the op's recipe reads, for convolution of any kernel,
    stride, padding and dilation as for pooling. A map of more than ``most`` values has every
    k-th in reading order shown, with the smallest k for which they are at most ``most``, and
    the last one; the output is filled up to there.

    Parameters
    ----------
    trace, op, output
        The walk, the op by name, index or itself, and which of its outputs.
    index
        A position of the output: the film shows the map on which it lies; the first map if
        not given.
    channel
        The channel of the input that is shown; the one that adds most, if not given.
    most
        The most pictures, 2 or more.

    Raises
    ------
    NotFoundError
        There is no such op, output, map or channel; the op has no recipe or no window.
    LayerwalkError
        ``most`` is less than 2.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), np.eye(8, dtype=np.uint8))
    >>> film = sliding_window(trace, "pool", (0, 1, 0, 0))
    >>> len(film), film.moves[1].index, film.moves[1].plane.box
    (4, (0, 1), (0, 2, 2, 4))
    """
    if most < 2:
        raise LayerwalkError(
            f"{most} pictures are no film", where="sliding window", mend="give 2 or more"
        )
    found = trace[op]
    if not 0 <= output < len(found.made):
        raise NotFoundError(
            f"there is no output {output}", where=found.name, mend=f"it made {len(found.made)}"
        )
    made = found.made[output]
    if made.size == 0:
        raise NotFoundError("the value is empty", where=made.name)
    places = checked_index(index or (0,) * len(made.shape), made.shape, made.name)
    (first,) = explain_all(trace, found, [places], output=output)
    rank = _window(found, first).rank
    lead = places[:-rank]
    shape = made.shape[len(made.shape) - rank :]
    order = [tuple(int(k) for k in place) for place in np.ndindex(*shape)]
    step = -(-len(order) // most)
    if step > 1:
        step = -(-(len(order) - 1) // (most - 1))
    shown = sorted({*range(0, len(order), step), len(order) - 1})
    explained = explain_all(trace, found, [(*lead, *order[k]) for k in shown], output=output)
    windows = [_window(found, one) for one in explained]
    wanted = _channel(windows, channel)
    moves = tuple(
        Move(order[k] if rank == 2 else (0, *order[k]), _plane(window, wanted), one)
        for k, window, one in zip(shown, windows, explained, strict=True)
    )
    # What is shown of a large map may not reach its edges: the corners do.
    ends = np.ndindex(*(2,) * rank)
    edges = [tuple((n - 1) * k for n, k in zip(shape, end, strict=True)) for end in ends]
    corners = [
        _plane(_window(found, one), wanted)
        for one in explain_all(trace, found, [(*lead, *at) for at in edges], output=output)
    ]
    own = made.read(*lead)
    return Film(
        op=found,
        lead=lead,
        moves=moves,
        input=_map(windows[0].input, wanted),
        output=own if rank == 2 else own[None],
        bounds=_bounds([*(move.plane for move in moves), *corners]),
    )


def _window(op: Op, explanation: Explanation) -> Window:
    window = window_of(explanation, printed=False)
    if window is None:
        raise NotFoundError(
            f"no window slides over what {op.kind} reads",
            where=op.name,
            mend="choose a convolution or a pooling",
        )
    return window


def _channel(windows: Sequence[Window], channel: int | None) -> tuple[int, ...]:
    """The channel to show: as asked, or that whose terms come to the most over the film."""
    sums: dict[tuple[int, ...], float] = {}
    for window in windows:
        for plane in window.planes:
            if window.holds(plane.channel):
                sums[plane.channel] = sums.get(plane.channel, 0.0) + abs(plane.total)
    if not sums:
        raise NotFoundError(
            "the windows of this map read nothing but padding", where=windows[0].input.name
        )
    if channel is None:
        return max(sums, key=lambda one: sums[one])
    axis = 1 if len(next(iter(sums))) > 1 else 0
    fitting = [one for one in sums if one[axis : axis + 1] == (channel,)]
    if not fitting:
        numbers = sorted({one[axis] for one in sums}) if next(iter(sums)) else [0]
        raise NotFoundError(
            f"the window does not go through channel {channel}",
            where=windows[0].input.name,
            mend=f"it goes through {numbers[0]}"
            + (f" to {numbers[-1]}" if len(numbers) > 1 else ""),
        )
    return max(fitting, key=lambda one: sums[one])


def _plane(window: Window, channel: tuple[int, ...]) -> Plane:
    found = [plane for plane in window.planes if plane.channel == channel]
    # Beyond the input there may be no term in a channel: the window is then empty there.
    return found[0] if found else window.planes[0]


def _map(value: Value, lead: tuple[int, ...]) -> Array:
    array = value.read(*lead)
    return array if array.ndim == 2 else array[None]


def _bounds(planes: Sequence[Plane]) -> tuple[int, int, int, int]:
    """How far the window goes: first row and column, and those past the last."""
    boxes = np.array([plane.box for plane in planes if not plane.absent.all()])
    first, last = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return int(first[0]), int(first[1]), int(last[0]), int(last[1])
