"""A network of one convolution whose filters are given: convolution, activation, pooling."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import nn

from layerwalk.errors import ModelError
from layerwalk.filters import Filter, Kernel, as_filters
from layerwalk.models.model import Model
from layerwalk.models.plain_pixels import plain_pixels
from layerwalk.models.seed import seeded

__all__ = ["Activation", "FilterNetwork", "make_network", "stack_kernels"]

Activation: TypeAlias = Literal["relu", "leaky_relu", "elu", "gelu", "silu", "sigmoid", "tanh"]

_ACTIVATIONS: Final[dict[str, Callable[[], nn.Module]]] = {
    "relu": nn.ReLU,
    "leaky_relu": nn.LeakyReLU,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
}
_MOST_NAMES: Final = 8


class FilterNetwork(nn.Sequential):
    """Convolution, an activation and max pooling.

    Its layers are called ``conv``, after the activation (``relu``), and ``pool``. Each
    channel of the picture goes through every filter on its own. The filters are random, as
    in any new convolution, until :meth:`put_filters`.

    Parameters
    ----------
    count, size
        How many filters, and their height and width.
    stride, padding
        Of the convolution.
    pool
        Side of the pooling's window, which moves by as much; ``None`` for no pooling.
    activation
        ``None`` for none.
    channels
        Of the picture.

    Examples
    --------
    >>> network = FilterNetwork(2, (4, 4))
    >>> network(torch.zeros(1, 1, 213, 320)).shape
    torch.Size([1, 2, 105, 158])
    """

    def __init__(
        self,
        count: int,
        size: tuple[int, int],
        *,
        stride: int = 1,
        padding: int = 0,
        pool: int | None = 2,
        activation: Activation | None = "relu",
        channels: int = 1,
    ) -> None:
        layers: OrderedDict[str, nn.Module] = OrderedDict()
        layers["conv"] = nn.Conv2d(
            channels,
            channels * count,
            size,
            stride=stride,
            padding=padding,
            groups=channels,
            bias=False,
        )
        if activation is not None:
            layers[activation] = _ACTIVATIONS[activation]()
        if pool is not None:
            layers["pool"] = nn.MaxPool2d(pool, pool)
        super().__init__(layers)

    def put_filters(self, filters: Float[NDArray[np.float64], "count kh kw"]) -> None:
        """Put filters, as :func:`stack_kernels` makes them, into the convolution."""
        weight = self.get_submodule("conv").get_parameter("weight")
        channels = weight.shape[0] // len(filters)
        with torch.no_grad():
            weight.copy_(torch.from_numpy(np.tile(filters, (channels, 1, 1))).unsqueeze(1))


def make_network(
    kernels: Kernel | Sequence[Kernel],
    *,
    stride: int = 1,
    padding: int = 0,
    pool: int | None = 2,
    activation: Activation | None = "relu",
    channels: Literal[1, 3] = 1,
) -> Model:
    """The tutorial's network of your filters: convolution, ReLU, pooling, ready to walk.

    Its ops are called ``conv``, ``relu`` (or as the activation) and ``pool``; pictures of
    any size go in, their levels divided by 255.

    Parameters
    ----------
    kernels
        Names (:func:`layerwalk.find_filter`), filters, matrices or matrices as text; or one
        of these. Smaller ones lie in the middle of zeros, so that all have the size of the
        largest.
    stride, padding
        Of the convolution; the padding, zeros, is put on each side.
    pool
        Side of the max pooling's window, which moves by as much; ``None`` for no pooling.
    activation
        ``"relu"``, ``"leaky_relu"``, ``"elu"``, ``"gelu"``, ``"silu"``, ``"sigmoid"``,
        ``"tanh"``, or ``None`` for none.
    channels
        1 for grey pictures. 3 for colour: red, green and blue go through every filter each
        on its own, and the maps are all of red, then all of green, then all of blue.

    Examples
    --------
    >>> import layerwalk as lw
    >>> model = lw.make_network(["sobel-x", "sobel-y", "0 1 0; 1 -4 1; 0 1 0"])
    >>> model.weights
    'filters sobel-x, sobel-y, matrix'
    >>> [(op.name, op.shape) for op in lw.trace(model, "sample:dog")][::2]
    [('conv', (1, 3, 538, 718)), ('pool', (1, 3, 269, 359))]

    Raises
    ------
    LayerwalkError
        There is no filter of a name, a matrix is none, or a number makes no sense.
    """
    chosen = as_filters(kernels)
    _check_count("stride", stride, 1)
    _check_count("padding", padding, 0)
    if pool is not None:
        _check_count("pool", pool, 1, "; None leaves the pooling out")
    if activation is not None and activation not in _ACTIVATIONS:
        known = ", ".join(get_args(Activation))
        raise ModelError(
            f"there is no activation {activation!r}",
            where="activation",
            mend=f"use {known}, or None for none",
        )
    if channels not in (1, 3) or isinstance(channels, bool):
        raise ModelError(
            f"{channels!r} channels are no picture", where="channels", mend="use 1 or 3"
        )
    filters = stack_kernels(chosen)
    if np.abs(filters).max() > np.finfo(np.float32).max:
        raise ModelError("a number is too large for float32", where="kernels", mend="scale it down")
    with seeded():  # a new convolution draws numbers
        network = FilterNetwork(
            len(filters),
            (filters.shape[1], filters.shape[2]),
            stride=stride,
            padding=padding,
            pool=pool,
            activation=activation,
            channels=channels,
        )
    network.put_filters(filters)
    return Model(
        name="filters",
        module=network.eval(),
        preprocessing=plain_pixels(None, channels),
        labels=None,
        weights=_told(chosen),
        input_size=None,
    )


def stack_kernels(filters: Sequence[Filter]) -> Float[NDArray[np.float64], "count kh kw"]:
    """The filters' matrices as one array; smaller ones in the middle of zeros.

    Where the middle lies between two places, it is the one at which ``padding="same"``
    gives the filter alone and the filter in its zeros the same result.

    Examples
    --------
    >>> stack_kernels(as_filters([np.ones((1, 2)), np.zeros((3, 3))]))[0]
    array([[0., 0., 0.],
           [0., 1., 1.],
           [0., 0., 0.]])
    """
    lengths = [max(one.shape[axis] for one in filters) for axis in (0, 1)]
    stacked = np.zeros((len(filters), *lengths))
    for place, one in zip(stacked, filters, strict=True):
        top, left = (
            (length - 1) // 2 - (own - 1) // 2
            for length, own in zip(lengths, one.shape, strict=True)
        )
        place[top : top + one.shape[0], left : left + one.shape[1]] = one.matrix
    return stacked


def _check_count(name: str, number: object, least: int, more: str = "") -> None:
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise ModelError(
            f"{number!r} is no {name}",
            where=name,
            mend=f"use a whole number from {least}{more}",
        )


def _told(filters: Sequence[Filter]) -> str:
    names = ", ".join(one.name for one in filters[:_MOST_NAMES])
    others = len(filters) - _MOST_NAMES
    return f"filters {names}" + (f" and {others} more" if others > 0 else "")
