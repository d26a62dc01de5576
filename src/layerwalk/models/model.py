"""A network that is ready to walk: the module and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from torch import nn

from layerwalk.data.preprocessing import Preprocessing

__all__ = ["Model"]


@dataclass(frozen=True, eq=False)
class Model:
    """A module with its preprocessing and its class names.

    Attributes
    ----------
    name
        What it is called: ``"resnet18"``, ``"net.py:Net"``, ``"program.pt2"``.
    module
        The network, in evaluation mode and on the CPU.
    preprocessing
        How a picture becomes its input; ``None`` where nothing is known about it.
    labels
        The class names of its output, in order; ``None`` where they are not known.
    weights
        Where the weights came from, in plain words.
    input_size
        (channels, height, width) of one input; ``None`` where any size goes.

    Examples
    --------
    >>> model = lw.load_model("edges")                      # doctest: +SKIP
    >>> model.weights                                       # doctest: +SKIP
    'four filters made by hand'
    """

    name: str
    module: nn.Module = field(repr=False)
    preprocessing: Preprocessing | None
    labels: tuple[str, ...] | None = field(repr=False)
    weights: str
    input_size: tuple[int, int, int] | None
