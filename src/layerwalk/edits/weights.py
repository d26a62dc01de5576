"""Weights set, scaled or replaced by a filter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

import torch

from layerwalk.edits.numbers import Numbers, checked_numbers, spelled
from layerwalk.edits.plan import Change, Plan
from layerwalk.edits.step import Edit
from layerwalk.errors import EditError
from layerwalk.filters import find_filter
from layerwalk.record import Value

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
        if not all(type(index) is int and index >= 0 for index in self.at):
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
    """Weights set to numbers: one for all of the part, or as many as the part has."""

    do: ClassVar[str] = "set_weight"
    to: Numbers = 0.0

    def __post_init__(self) -> None:
        super(SetWeight, self).__post_init__()
        checked_numbers(self.to, self.parameter)

    def describe(self) -> str:
        """The edit in a few words."""
        return f"set {self.place} to {spelled(self.to)}"

    def join(self, plan: Plan) -> None:
        """Set the part."""

        def change(part: torch.Tensor) -> torch.Tensor:
            numbers = torch.tensor(self.to, dtype=part.dtype, device=part.device)
            if numbers.ndim and numbers.shape != part.shape:
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
        checked_numbers(self.by, self.parameter)

    def describe(self) -> str:
        """The edit in a few words."""
        return f"scale {self.place} by {spelled(self.by)}"

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
        if isinstance(self.kernel, str):
            find_filter(self.kernel)
        else:
            checked_numbers(self.kernel, self.parameter)

    def describe(self) -> str:
        """The edit in a few words."""
        what = self.kernel if isinstance(self.kernel, str) else f"the filter {spelled(self.kernel)}"
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
        if isinstance(self.kernel, str):
            matrix = torch.tensor(find_filter(self.kernel).matrix, dtype=torch.float64)
        else:
            matrix = torch.tensor(self.kernel, dtype=torch.float64)
        kernel = _centred(matrix, (weight.shape[2], weight.shape[3]), self.place)
        if len(self.at) < 2:
            kernel /= weight.shape[1]

        def change(part: torch.Tensor) -> torch.Tensor:
            return kernel.to(part).expand(part.shape)

        self._join(plan, change)


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
