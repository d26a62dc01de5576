"""The pictures of a comparison of two networks, chosen and named.

They are drawn from the comparison's folder: its numbers, and the last step of each training.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.learn.contest import Contestant, Versus
from layerwalk.learn.contest.first_layer import FirstLayer, first_layer
from layerwalk.record import Array, Trace
from layerwalk.render.numerals import tell_count
from layerwalk.runs import open_run
from layerwalk.surfaces.album import Picture

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from layerwalk.render.figures import Wiring

__all__ = ["versus_pictures"]

_NEURONS: Final = 28  # of a column that is drawn
_IMAGES: Final = 27
_Place: TypeAlias = tuple[int, int, tuple[int, ...]]
_TIMES: Final = "\N{MULTIPLICATION SIGN}"


def versus_pictures(found: Versus, folder: Path) -> list[Picture]:
    """The pictures that show what a comparison has found so far, each drawn when asked for.

    Parameters
    ----------
    found
        Its numbers.
    folder
        Where its trainings lie.
    """
    trained = [one for one in found.contestants if one.run]
    wired = [one for one in trained if one.first is not None]
    pictures = []
    if wired:
        pictures += [
            Picture(
                "connections.png",
                "what the neurons of each first layer are connected to",
                lambda: _connections(wired, folder),
            ),
            Picture(
                "weights.png",
                "the weights of each first layer",
                lambda: _weights(wired, folder),
            ),
        ]
    if any(one.across for one in found.contestants):
        pictures.append(Picture("shifts.png", "accuracy on moved pictures", lambda: _shifts(found)))
    if any(one.shuffled_run for one in found.contestants):
        pictures.append(
            Picture(
                "shuffled.png", "a picture with shuffled pixels, and what is learned from such",
                lambda: _shuffled(found, folder),
            )
        )  # fmt: skip
    if len({point.parameters for point in found.sweep}) > 1:
        pictures.append(Picture("sizes.png", "accuracy against parameters", lambda: _sizes(found)))
    return pictures


def _last(folder: Path, run: str) -> Trace:
    opened = open_run(folder / run)
    return opened.trace(opened.steps[-1])


def _connections(sides: Sequence[Contestant], folder: Path) -> Figure:
    from layerwalk.render.figures import connections_figure

    return connections_figure([_wiring(one, _last(folder, one.run)) for one in sides])


def _wiring(side: Contestant, trace: Trace) -> Wiring:
    from layerwalk.render.figures import Fan, Wiring

    layer = first_layer(trace)
    made = layer.op.array()[0]
    places, neurons, note = _drawn(made)
    fans = []
    for row, column, index in places:
        neuron = layer.neuron((0, *index))
        fans.append(Fan(row, column, neuron.pixels[:, -2:], neuron.weights))
    return Wiring(
        name=f"{side.name}: {layer.op.name}, {layer.op.kind}",
        facts=_told(side),
        picture=_seen(trace)[0],
        neurons=neurons,
        fans=fans,
        note=note,
    )


def _drawn(made: Array) -> tuple[list[_Place], NDArray[np.float64], str]:
    """Which two neurons have their lines drawn (row, column, index), and beside which others."""
    if made.ndim == 1:
        count = min(len(made), _NEURONS)
        chosen = np.linspace(0, len(made) - 1, count).round().astype(int)
        places: list[_Place] = [(row, 0, (int(chosen[row]),)) for row in _two(count)]
        note = f"{count} of {len(made)} neurons" if count < len(made) else ""
        return places, made[chosen].reshape(-1, 1).astype(np.float64), note
    if made.ndim != 3:
        raise NotFoundError(f"neurons of shape {made.shape} are not drawn")
    height, width = (int(side) for side in made.shape[1:])
    places = [(row, width // 2, (0, row, width // 2)) for row in _two(height)]
    note = f"channel 0 of {len(made)}" if len(made) > 1 else ""
    return places, made[0].astype(np.float64), note


def _two(count: int) -> list[int]:
    """Two of so many rows, a quarter from each end."""
    return sorted({count // 4, count - 1 - count // 4})


def _told(side: Contestant) -> str:
    first = side.first
    if first is None:
        return ""
    shared = "each used once" if first.shared == 1 else f"each used {first.shared:,.0f} times"
    return (
        f"{tell_count(first.neurons, 'neuron')} that each read {tell_count(first.each, 'number')}: "
        f"{first.connections:,} connections, {tell_count(first.weights, 'weight')}, {shared}"
    )


def _seen(trace: Trace) -> NDArray[np.uint8]:
    """The pictures that were walked, as levels: (N, H, W), or (N, H, W, 3)."""
    given = trace.inputs[0].array().astype(np.float64)
    low, high = float(given.min()), float(given.max())
    levels = np.rint((given - low) / ((high - low) or 1) * 255).astype(np.uint8)
    return levels[:, 0] if levels.shape[1] == 1 else np.moveaxis(levels[:, :3], 1, -1)


def _weights(sides: Sequence[Contestant], folder: Path) -> Figure:
    from layerwalk.render.figures import WeightImages, weight_images

    layers = []
    for one in sides:
        layer = first_layer(_last(folder, one.run))
        try:
            images = layer.weight_images()
        except NotFoundError:
            continue
        layers.append(WeightImages(*_images(one, layer, images)))
    return weight_images(layers, title="The weights of the first layers, trained")


def _images(
    side: Contestant, layer: FirstLayer, images: NDArray[np.float64]
) -> tuple[str, str, NDArray[np.float64], NDArray[np.float64], list[int]]:
    """Those with the largest weights, in the order of their numbers."""
    norms = np.sqrt((images**2).sum(axis=(1, 2, 3)))
    chosen = np.sort(np.argsort(-norms, kind="stable")[:_IMAGES])
    size = _TIMES.join(f" {length} " for length in images.shape[1:]).strip()
    what = "neuron" if layer.dense else "filter"
    facts = f"{tell_count(len(images), what)} of {size} weights"
    if len(chosen) < len(images):
        facts += f"; the {len(chosen)} with the largest are drawn, each with its number"
    name = f"{side.name}: {layer.op.name}"
    return name, facts, images[chosen], images, chosen.tolist()


def _shifts(found: Versus) -> Figure:
    from layerwalk.render.figures import Curve, accuracy_chart

    order = sorted(range(len(found.shifts)), key=lambda at: found.shifts[at])
    at = [float(found.shifts[one]) for one in order]
    curves = []
    for number, side in enumerate(found.contestants):
        for way, levels in (("to the right", side.across), ("down", side.down)):
            if levels:
                curve = Curve(
                    f"{side.name}, {way}", at, [levels[one] for one in order],
                    colour=number, dashed=way == "down",
                )  # fmt: skip
                curves.append(curve)
    return accuracy_chart(
        curves,
        title=f"{found.data}: held-out pictures moved by a few pixels",
        along="pixels to the right, or down; what comes in from outside is black",
        notes=[f"trained on {found.learned:,} that were not moved", _judged(found)],
    )


def _shuffled(found: Versus, folder: Path) -> Figure:
    from layerwalk.render.figures import ShuffledScore, shuffled_pixels

    side = next(one for one in found.contestants if one.shuffled_run)
    plain, mixed = (_seen(_last(folder, run)) for run in (side.run, side.shuffled_run))
    scores = [
        ShuffledScore(one.name, one.accuracy, one.shuffled)
        for one in found.contestants
        if one.accuracy is not None and one.shuffled is not None
    ]
    return shuffled_pixels(
        plain[0], mixed[0], scores,
        title=f"{found.data}: trained anew, the pixels of all pictures in one other order",
        notes=["the same network, plan and pictures", _judged(found)],
    )  # fmt: skip


def _sizes(found: Versus) -> Figure:
    from layerwalk.render.figures import Curve, accuracy_chart

    curves = []
    for number, side in enumerate(found.contestants):
        points = sorted(
            (point for point in found.sweep if point.network == side.name),
            key=lambda point: point.parameters,
        )
        if points:
            curves.append(
                Curve(
                    side.name,
                    [float(point.parameters) for point in points],
                    [point.accuracy for point in points],
                    colour=number,
                    marked=float(side.parameters),
                )
            )
    return accuracy_chart(
        curves,
        title=f"{found.data}: accuracy against parameters",
        along="parameters; the ring is the network itself, the others have every width scaled",
        logarithmic=True,
        notes=[f"{found.updates:,} updates each", _judged(found)],
    )


def _judged(found: Versus) -> str:
    return f"{found.held_out:,} held-out pictures"
