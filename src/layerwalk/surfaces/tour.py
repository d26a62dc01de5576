"""The pictures of a tour: those of a walk, and how the first layer sees the photo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from layerwalk.errors import NotFoundError
from layerwalk.record import Op, Photo, Ref, Trace, Value
from layerwalk.render.weights import titled
from layerwalk.surfaces.album import (
    Format,
    Picture,
    choose_layers,
    first_filters,
    layer_pictures,
    walk_pictures,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from PIL.Image import Image

__all__ = ["choose_ops", "edges_pictures", "tour_pictures"]

_MOST_CELLS: Final = 64  # of a photo whose every value is printed
_RESPONSES: Final = 8
_LARGEST_KERNEL: Final = 11
_MOST_GRIDS: Final = 4


def tour_pictures(trace: Trace, ops: Sequence[Op], *, ending: Format = "png") -> list[Picture]:
    """The photo, its channels or values, first filters and responses, layers, scores, overview.

    The photo itself, the overview and, among PNG files, the layers are made of pixels, so
    they are PNG whatever the ending.

    Parameters
    ----------
    trace
        The walk of a photo.
    ops
        The ops whose maps are drawn; see :func:`choose_ops`.
    ending
        Format of the figures.
    """
    pictures = []
    photo = trace.photo
    if photo is not None:
        pictures.append(
            Picture("photo.png", "the photo as the network sees it", _plain_photo(photo))
        )
        if photo.pixels.shape[2] == 1 and max(photo.pixels.shape) <= _MOST_CELLS:
            pictures.append(Picture(f"pixels.{ending}", "every pixel is a number", _pixels(photo)))
    pictures += walk_pictures(trace, ending=ending)
    pictures += _responses(trace, ending)
    return [*pictures, *layer_pictures(trace, ops, ending=ending)]


def edges_pictures(trace: Trace, *, ending: Format = "png") -> list[Picture]:
    """The tutorial: grey photo, four filters, the outputs, after ReLU, after pooling.

    Raises
    ------
    NotFoundError
        The trace is not of the ``edges`` network.
    """
    from layerwalk.render.figures import edges_walk

    titles = {
        "1-photo": "the photo in grey",
        "2-filters": "the four filters",
        "3-convolution": "after the convolution",
        "4-relu": "after ReLU",
        "5-pooling": "after pooling",
    }
    return [
        Picture(f"{stem}.{ending}", titles.get(stem, stem), _given(figure))
        for stem, figure in ((name.removesuffix(".png"), made) for name, made in edges_walk(trace))
    ]


def choose_ops(trace: Trace, names: Sequence[str], kinds: Sequence[str]) -> list[Op]:
    """The ops of those names and kinds, in the walk's order; the main ones if none is said.

    Raises
    ------
    NotFoundError
        There is no op of such a name or kind.
    """
    if not names and not kinds:
        return choose_layers(trace, "main")
    chosen = {trace[name].index for name in names}
    for kind in kinds:
        found = {op.index for op in trace.ops if op.kind == kind}
        if not found:
            there = ", ".join(dict.fromkeys(op.kind for op in trace.ops))
            raise NotFoundError(
                f"there is no op of kind {kind!r}", where=trace.name, mend=f"its kinds are {there}"
            )
        chosen |= found
    return [trace[index] for index in sorted(chosen)]


def _responses(trace: Trace, ending: Format) -> list[Picture]:
    """The strongest channels of the first convolution, each beside its filter and the photo."""
    from layerwalk.render.mosaic import rank

    op = first_filters(trace)
    if op is None or trace.photo is None or len(op.shape) != 4:
        return []
    shape = op.parameters[0].shape
    if len(shape) != 4 or max(shape[2:]) > _LARGEST_KERNEL or shape[1] > _MOST_GRIDS:
        return []
    strongest = rank(op.outputs[0].read(0), "strength", _RESPONSES)
    return [
        Picture(
            f"responses/filter-{channel:03d}.{ending}",
            f"filter {channel} of {op.name} on the photo",
            _response(trace, trace.photo, op, channel),
        )
        for channel in strongest
    ]


def _response(trace: Trace, photo: Photo, op: Op, channel: int) -> Callable[[], Figure]:
    def draw() -> Figure:
        from layerwalk.render.figures import filter_response

        bias = _bias(op)
        return filter_response(
            photo.pixels,
            op.parameters[0].read(channel),
            op.outputs[0].read(0, channel),
            title=titled(f"{op.name}, filter {channel}, on the photo as it was prepared", trace),
            bias=None if bias is None else float(bias.read(channel)),
            notes=(*(["no bias"] if bias is None else []), *_normalised_later(trace, op)),
        )

    return draw


def _bias(op: Op) -> Value | None:
    place = dict(op.arguments).get("bias")
    return op.inputs[place.input] if isinstance(place, Ref) else None


def _normalised_later(trace: Trace, op: Op) -> tuple[str, ...]:
    """That the op which reads the result next normalises it: this is before that."""
    made = op.made[0].id
    reader = next((one for one in trace.ops if any(v.id == made for v in one.inputs)), None)
    if reader is None or not reader.kind.endswith("_norm"):
        return ()
    return (f"before the normalisation, which is the op {reader.name}",)


def _plain_photo(photo: Photo) -> Callable[[], Image]:
    def draw() -> Image:
        from PIL import Image as Pillow

        pixels = photo.pixels
        return Pillow.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)

    return draw


def _pixels(photo: Photo) -> Callable[[], Figure]:
    def draw() -> Figure:
        from layerwalk.render.figures import pixel_grid

        return pixel_grid(
            photo.pixels[..., 0] / 255, title=f"{photo.name}: every pixel is a number, level / 255"
        )

    return draw


def _given(figure: Figure) -> Callable[[], Figure]:
    return lambda: figure
