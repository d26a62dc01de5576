"""The first layer of a network as neurons that read pixels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.learn.contest.result import Connections
from layerwalk.recipes.book import recipe_of
from layerwalk.recipes.evaluator import work_out
from layerwalk.recipes.explain import explain
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.multiply_adds import multiply_adds
from layerwalk.record import Op, Trace

__all__ = ["FirstLayer", "Neuron", "first_layer"]

_LAYERS: Final = ("conv1d", "conv2d", "conv3d", "linear", "addmm", "mm", "matmul")


@dataclass(frozen=True, slots=True, eq=False)
class Neuron:
    """One output of a layer, and what it reads.

    Attributes
    ----------
    index
        Its position in the layer's output.
    pixels
        (N, dimensions of the input): the numbers of the network's input that it reads.
    weights
        (N,): by what each is multiplied.
    """

    index: tuple[int, ...]
    pixels: NDArray[np.int64] = field(repr=False)
    weights: NDArray[np.float64] = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class FirstLayer:
    """The first layer with weights, where it reads the network's input itself.

    Attributes
    ----------
    trace, op
        The layer in its walk.
    sources
        Of the shape of what it reads: which number of the network's input each is, counted
        along all its dimensions.
    """

    trace: Trace
    op: Op
    sources: NDArray[np.int64] = field(repr=False)

    @property
    def dense(self) -> bool:
        """Whether every neuron has its own weight for every number of the input."""
        return not self.op.kind.startswith("conv")

    def neuron(self, index: tuple[int, ...]) -> Neuron:
        """The output at an index, with its pixels and weights, from the layer's recipe."""
        terms = explain(self.trace, self.op, index).terms
        known = {id(value): at for at, value in enumerate(terms.values)}
        read = next(at for key, at in known.items() if key == id(self.op.inputs[0]))
        weight = next(at for key, at in known.items() if key == id(self.op.parameters[0]))
        there = ~terms.padding[read]
        places = self.sources[tuple(terms.places[read][there].T)]
        pixels = np.stack(np.unravel_index(places, self.trace.inputs[0].shape), axis=1)
        return Neuron(index, pixels.astype(np.int64), terms.numbers[weight][there].astype(float))

    def connections(self) -> Connections:
        """How many connections and weights it has, of one picture."""
        count = multiply_adds(self.trace)[self.op.name] or 0
        neurons = int(np.prod(self.op.shape[1:]))
        batch = self.op.shape[0]
        connections = count // batch
        return Connections(
            layer=self.op.name,
            kind=self.op.kind,
            neurons=neurons,
            each=connections // neurons,
            connections=connections,
            weights=self.op.parameters[0].size,
        )

    def weight_images(self) -> NDArray[np.float64]:
        """What each neuron or filter is multiplied with, (count, channels, height, width).

        A dense layer's weights lie where their pixels are; a convolution's are its filters.

        Raises
        ------
        NotFoundError
            The input is no picture, or the layer has no row of weights for each neuron.
        """
        weights = self.op.parameters[0].array().astype(np.float64)
        shape = self.trace.inputs[0].shape
        if not self.dense and weights.ndim == 4:
            return weights
        sources = self.sources
        if self.op.kind != "linear" or len(shape) != 4 or sources.ndim != 2:
            raise NotFoundError("its weights cannot be laid out as pictures", where=self.op.name)
        images = np.zeros((len(weights), int(np.prod(shape[1:]))))
        images[:, sources[0]] = weights
        return images.reshape(len(weights), *shape[1:])


def first_layer(trace: Trace) -> FirstLayer:
    """The first layer with weights, if nothing but moving comes between it and the input.

    Raises
    ------
    NotFoundError
        The layer reads what other ops computed, or there is none.

    Examples
    --------
    >>> import layerwalk as lw
    >>> layer = first_layer(lw.trace(lw.load_model("mlp"), "sample:digits/0"))
    >>> layer.op.name, layer.connections().connections, layer.weight_images().shape
    ('hidden_1', 401408, (512, 1, 28, 28))
    """
    given = trace.inputs[0]
    sources = {given.id: np.arange(given.size, dtype=np.int64).reshape(given.shape)}
    for op in trace:
        if not op.inputs or op.inputs[0].id not in sources:
            continue
        read = sources[op.inputs[0].id]
        if op.parameters and op.kind in _LAYERS:
            return FirstLayer(trace, op, read)
        recipe = recipe_of(op)
        # Moved, not chosen: a ReLU hands values on, too, but not all of them.
        if recipe is None or recipe.steps or not _is_read(recipe.result):
            raise NotFoundError(
                f"its first layer does not read the pixels: {op.name} ({op.kind}) comes before",
                where=trace.name,
            )
        every = np.stack(np.unravel_index(np.arange(op.made[0].size), op.made[0].shape), axis=1)
        found = work_out(recipe, [read], every.astype(np.int64)).values
        sources[op.made[0].id] = found.reshape(op.made[0].shape).astype(np.int64)
    raise NotFoundError("it has no layer that reads the pixels", where=trace.name)


def _is_read(expression: Expression) -> bool:
    return isinstance(expression, tuple) and expression[0] == "read"
