"""The pictures of a walk, chosen and named; each is drawn when it is asked for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import numpy as np

from layerwalk.axes import channel_axes, has_maps
from layerwalk.errors import NotFoundError
from layerwalk.prediction import probabilities
from layerwalk.record import Op, Trace
from layerwalk.render.numerals import tell_count
from layerwalk.render.weights import titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

__all__ = [
    "Format",
    "Layers",
    "Picture",
    "choose_layers",
    "first_filters",
    "layer_pictures",
    "overview_ops",
    "walk_pictures",
]

Format: TypeAlias = Literal["png", "svg", "pdf"]
Layers: TypeAlias = Literal["main", "all", "none"]

# Ops that lay numbers out anew or leave them alone.
_COPIES: Final = {
    "alias", "chunk", "clone", "contiguous", "copy", "dropout", "expand", "expand_as", "flatten",
    "movedim", "narrow", "permute", "repeat", "reread", "reshape", "select", "slice", "split",
    "split_with_sizes", "squeeze", "t", "to", "transpose", "unbind", "unflatten", "unsqueeze",
    "view", "view_as",
}  # fmt: skip
# A sheet of these would repeat the one before, in other colours or with a rim.
_REPEATS: Final = _COPIES | {
    "batch_norm", "group_norm", "instance_norm", "layer_norm", "pad", "rms_norm",
}  # fmt: skip
_MOST_ROWS, _FEWEST_ROWS = 48, 12  # of the overview: what a person still scrolls through
_MOST_BARS = 20
_MOST_SHEETS = 128  # by default: about ten seconds of drawing


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that can be drawn.

    Attributes
    ----------
    name
        Its file's name within the walk's folder, with forward slashes: ``"walk.png"``.
    title
        What it shows, in a few words.
    draw
        Draws it.
    """

    name: str
    title: str
    draw: Callable[[], Figure | Image] = field(repr=False)


def walk_pictures(
    trace: Trace, *, top: int = 5, ending: Format = "png", whole: bool = False
) -> list[Picture]:
    """The overview, the scores, the photo's colour channels and the first filters.

    The overview of a long walk has the ops at which the maps change; ``whole`` adds one of
    every op, ``walk-all.png``.

    Left out is what the walk does not have: a grey photo's channels, the scores of a network
    that does not classify or did not come to its end.
    """
    from layerwalk.render.figures import class_scores, colour_channels, filters, walk_overview

    rows = overview_ops(trace)
    shown = tell_count(len(trace), "op")
    if len(rows) < len(trace):
        shown = f"{len(rows)} of {shown}"
    pictures = [
        Picture("walk.png", f"the walk, {shown}", lambda: walk_overview(trace, ops=rows)),
    ]
    if whole and len(rows) < len(trace):
        every = f"the whole walk, {tell_count(len(trace), 'op')}"
        pictures.append(Picture("walk-all.png", every, lambda: walk_overview(trace)))
    if _classifies(trace):
        pictures.append(
            Picture(
                f"scores.{ending}",
                "the most probable classes",
                lambda: class_scores(trace, count=min(top, _MOST_BARS)),
            )
        )
    photo = trace.photo
    if photo is not None and photo.pixels.shape[2] == 3:
        pictures.append(
            Picture(
                f"channels.{ending}",
                "the photo as the network sees it, and its three colour channels",
                lambda: colour_channels(photo.pixels),
            )
        )
    first = first_filters(trace)
    if first is not None:
        op = first
        pictures.append(
            Picture(
                f"filters.{ending}",
                f"the filters of {op.name}",
                lambda: filters(
                    op.parameters[0].array(),
                    title=titled(f"Filters of {op.name}", trace),
                    limit=64,
                    channels=_colours(trace, op),
                ),
            )
        )
    return pictures


def choose_layers(trace: Trace, layers: Layers) -> list[Op]:
    """The ops with maps that get a sheet of their own.

    ``"main"`` leaves out those that only lay numbers out anew or rescale them: views,
    padding, normalisation, dropout. Where more than 128 are left, it takes those that the
    overview shows.
    """
    if layers == "none":
        return []
    every = [op for op in trace.ops if has_maps(op)]
    if layers == "all":
        return every
    main = [op for op in every if op.kind not in _REPEATS]
    if len(main) <= _MOST_SHEETS:
        return main
    return [op for op in overview_ops(trace) if has_maps(op)]


def layer_pictures(trace: Trace, ops: Sequence[Op], *, ending: Format = "png") -> list[Picture]:
    """A picture for each op: all channels as a PNG sheet, or a figure of the first 64.

    What has no maps (a row of numbers, say) is a figure whatever the ending.
    """
    axes = channel_axes(trace)
    digits = max(3, len(str(len(trace) - 1)))
    return [
        Picture(
            f"layers/{op.index:0{digits}d}-{_file_name(op.name)}.{ending}",
            op.name,
            _sheet(trace, op, axes[op.index], ending),
        )
        for op in ops
    ]


def first_filters(trace: Trace) -> Op | None:
    """The first convolution whose filters can be drawn."""
    for op in trace.ops:
        if op.kind in ("conv1d", "conv2d") and op.parameters and op.parameters[0].size:
            return op
    return None


def _classifies(trace: Trace) -> bool:
    try:
        with np.errstate(invalid="ignore"):
            probabilities(trace)
    except NotFoundError:
        return False
    return True


def _colours(trace: Trace, op: Op) -> tuple[str, ...]:
    """Names of the channels that a network's first filters look at, if they are colours."""
    coloured = trace.photo is not None and trace.photo.pixels.shape[2] == 3
    return ("red", "green", "blue") if coloured and op.parameters[0].shape[1] == 3 else ()


def overview_ops(trace: Trace) -> list[Op]:
    """The ops that stand for a walk: all of a short one, the last of each block of a long one.

    What only lays numbers out anew does not stand for a long one.
    Blocks are as deep in the module tree as gives at most 48 of them; where that leaves
    fewer than 12, every so-manieth op of the level below stands for the walk.

    Raises
    ------
    NotFoundError
        The trace has no op.
    """
    if not trace.ops:
        raise NotFoundError("the walk has no op to draw", where=trace.name)
    if len(trace) <= _MOST_ROWS:
        return list(trace.ops)
    told = [op for op in trace.ops if op.kind not in _COPIES] or list(trace.ops)
    chosen, finer = told[-1:], told
    deepest = 1 + max(op.module.count(".") for op in told)
    for depth in range(1, deepest + 1):
        blocks = [list(run)[-1] for _, run in itertools.groupby(told, _block(depth))]
        if len(blocks) > _MOST_ROWS:
            finer = blocks
            break
        chosen = blocks
    if len(chosen) >= _FEWEST_ROWS:
        return chosen
    # A network of few blocks with very many parts each: every so-manieth part.
    step = -(-len(finer) // _MOST_ROWS)
    return [*finer[:-1:step], finer[-1]]


def _block(depth: int) -> Callable[[Op], str]:
    def path(op: Op) -> str:
        # An op that the network itself runs is a block of its own.
        return ".".join(op.module.split(".")[:depth]) if op.module else f":{op.index}"

    return path


def _sheet(trace: Trace, op: Op, axis: int, ending: Format) -> Callable[[], Figure | Image]:
    def draw() -> Figure | Image:
        from layerwalk.render.figures import feature_maps
        from layerwalk.render.planes import planes_of
        from layerwalk.render.tiles import tile_sheet

        if ending == "png" and has_maps(op):
            planes = planes_of(op.outputs[0], channel_axis=axis)
            if planes.layout == "maps":
                return tile_sheet(
                    planes.array,
                    name=titled(op.name, trace),
                    kind=op.kind,
                    notes=planes.notes,
                    shape=op.shape,
                    count=planes.count,
                )
        return feature_maps(trace, op, channel_axis=axis)

    return draw


def _file_name(op_name: str) -> str:
    """The op's name with nothing in it that a file system minds."""
    return re.sub(r"[^\w.+-]", "-", op_name)[:120].rstrip(".")
