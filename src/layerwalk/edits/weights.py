"""Weights set, scaled or replaced by a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, cast

import numpy as np
import torch

from layerwalk.edits.given import as_name, as_wholes
from layerwalk.edits.numbers import (
    Numbers,
    as_number,
    as_numbers,
    shape_of,
    spelled,
    spelled_matrix,
    spelled_number,
)
from layerwalk.edits.plan import Change, Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError, NotFoundError
from layerwalk.filters import Filter, as_filter, find_filter
from layerwalk.record import Trace, Value

__all__ = ["ScaleWeight", "SetWeight", "UseFilter"]

Place: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _OfWeight(Edit):
    """An edit of a part of a weight.

    Attributes
    ----------
    parameter
        Its path; or the name of an op, for the weight that the op reads.
    at
        Which part: of a kernel's weight (out, in, row, column), one number by four indices, a
        kernel by two, a filter by one, all of it by none.
    """

    parameter: str
    at: Place = ()

    def __post_init__(self) -> None:
        super(_OfWeight, self).__post_init__()
        object.__setattr__(self, "parameter", as_name(self.parameter))
        object.__setattr__(self, "at", as_wholes(self.at, self.parameter, "index"))
        if min(self.at, default=0) < 0:
            raise EditError(f"{self.at} are no indices", where=self.parameter, mend="count from 0")

    @property
    def place(self) -> str:
        """The part in words: ``conv1.weight[0, 2]``."""
        return f"{self.parameter}[{', '.join(map(str, self.at))}]" if self.at else self.parameter

    def _join(self, plan: Plan, change: Change) -> None:
        weight = plan.weight(self.parameter)
        self._check(weight)

        def at_place(tensor: torch.Tensor) -> torch.Tensor:
            tensor[self.at] = change(tensor[self.at])
            return tensor

        plan.change(weight, at_place)

    def _check(self, weight: Value) -> None:
        fits = len(self.at) <= len(weight.shape)
        if not fits or any(k >= n for k, n in zip(self.at, weight.shape, strict=False)):
            raise EditError(
                f"there is no part [{', '.join(map(str, self.at))}] in shape {weight.shape}",
                where=weight.name,
                mend="count from 0, one index for each dimension at most",
            )


@dataclass(frozen=True, slots=True)
class SetWeight(_OfWeight):
    """Weights set to numbers: one for all of the part, or as many as the part has.

    Axes of one number do not count: a row fits into a column, and a list into a ``1x1x8`` part.
    """

    do: ClassVar[str] = "set_weight"
    to: Numbers = 0.0

    def __post_init__(self) -> None:
        super(SetWeight, self).__post_init__()
        object.__setattr__(self, "to", as_numbers(self.to, self.parameter))

    def describe(self) -> str:
        """The edit in a few words."""
        return f"set {self.place} to {spelled(self.to)}"

    def join(self, plan: Plan) -> None:
        """Set the part."""

        def change(part: torch.Tensor) -> torch.Tensor:
            numbers = torch.tensor(self.to, dtype=part.dtype, device=part.device)
            if numbers.ndim and _long(numbers.shape) == _long(part.shape):
                return numbers.reshape(part.shape)
            if numbers.ndim:
                raise EditError(
                    f"{tuple(numbers.shape)} numbers do not fit into a part of shape "
                    f"{tuple(part.shape)}",
                    where=self.place,
                )
            return numbers.expand(part.shape)

        self._join(plan, change)


@dataclass(frozen=True, slots=True)
class ScaleWeight(_OfWeight):
    """Weights times a number."""

    do: ClassVar[str] = "scale_weight"
    by: float = 1.0

    def __post_init__(self) -> None:
        super(ScaleWeight, self).__post_init__()
        object.__setattr__(self, "by", as_number(self.by, self.parameter))

    def describe(self) -> str:
        """The edit in a few words."""
        return f"scale {self.place} by {spelled_number(self.by)}"

    def join(self, plan: Plan) -> None:
        """Scale the part."""
        self._join(plan, lambda part: part * self.by)


@dataclass(frozen=True, slots=True)
class UseFilter(_OfWeight):
    """Kernels replaced by a filter.

    A filter that is smaller than the kernel stands in its middle, with zeros around. A whole
    filter of the network (``at=(3,)``) has a kernel for each input channel: each gets the
    filter, divided by their number, so that it answers to the mean of its input channels.

    Attributes
    ----------
    kernel
        A name that :func:`layerwalk.filters.find_filter` knows, or a matrix.
    """

    do: ClassVar[str] = "use_filter"
    kernel: str | tuple[tuple[float, ...], ...] = "identity"

    def __post_init__(self) -> None:
        super(UseFilter, self).__post_init__()
        object.__setattr__(self, "kernel", _kernel(self.kernel, self.parameter))

    def describe(self) -> str:
        """The edit in a few words."""
        kernel = self.kernel
        what = kernel if isinstance(kernel, str) else f"the filter {spelled_matrix(kernel)}"
        return f"use {what} in {self.place}"

    def join(self, plan: Plan) -> None:
        """Replace the kernels."""
        weight = plan.weight(self.parameter)
        if len(weight.shape) != 4 or len(self.at) > 2:
            raise EditError(
                f"shape {weight.shape} at {self.at} has no kernels of rows and columns",
                where=self.parameter,
                mend="name the weight of a two-dimensional convolution, and at most its filter "
                "and input channel",
            )
        kernel = _centred(self._matrix(), (weight.shape[2], weight.shape[3]), self.place)
        if len(self.at) < 2:
            kernel /= weight.shape[1]

        def change(part: torch.Tensor) -> torch.Tensor:
            return kernel.to(part).expand(part.shape)

        self._join(plan, change)

    def remark(self, trace: Trace) -> str:
        """By what the filter is divided, and where it stands in a larger kernel."""
        shape = Plan(trace).weight(self.parameter).shape
        told = []
        if len(self.at) < 2 and shape[1] > 1:
            told.append(f"divided by {shape[1]}, the number of input channels")
        if tuple(self._matrix().shape) != shape[2:]:
            told.append(f"in the middle of {shape[2]}x{shape[3]}, zeros around")
        return "; ".join(told)

    def _matrix(self) -> torch.Tensor:
        given = self.kernel
        matrix = find_filter(given).matrix if isinstance(given, str) else given
        return torch.tensor(matrix, dtype=torch.float64)


def _kernel(given: Any, where: str) -> str | tuple[tuple[float, ...], ...]:
    """A filter's name where it has one, else its numbers."""
    if isinstance(given, str):
        given = as_filter(given)
    if isinstance(given, Filter):
        try:
            known = find_filter(given.name)
        except NotFoundError:
            known = None
        if known is not None and np.array_equal(known.matrix, given.matrix):
            return known.name
        given = given.matrix
    matrix = as_numbers(given, where)
    if len(shape_of(matrix)) != 2:
        raise EditError(
            f"numbers of shape {shape_of(matrix)} are no filter",
            where=where,
            mend="give rows of numbers, a filter, or its name",
        )
    return cast("tuple[tuple[float, ...], ...]", matrix)


def _long(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The axes of more than one number."""
    return tuple([length for length in shape if length != 1])


def _centred(matrix: torch.Tensor, size: tuple[int, int], where: str) -> torch.Tensor:
    (height, width), (rows, columns) = matrix.shape, size
    if height > rows or width > columns:
        raise EditError(
            f"a filter of {height}x{width} does not fit into a kernel of {rows}x{columns}",
            where=where,
            mend="choose a smaller one",
        )
    kernel = torch.zeros(size, dtype=torch.float64)
    top, left = (rows - height) // 2, (columns - width) // 2
    kernel[top : top + height, left : left + width] = matrix
    return kernel
