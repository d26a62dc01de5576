"""Operands of a formula: what it reads, each broadcast to the output, or a number."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Read, Recipe, Step
from layerwalk.record import Ref

__all__ = ["Operands", "stored"]

_FLOATS = ("float64", "float32", "float16", "bfloat16")
_HALVES = ("float16", "bfloat16")


@dataclass(slots=True)
class Operands:
    """The reads of a recipe that is being written.

    Examples
    --------
    >>> operands = Operands(call)                            # doctest: +SKIP
    >>> x, y = operands.named("self"), operands.named("other")  # doctest: +SKIP
    >>> operands.recipe(("add", x, y))                       # doctest: +SKIP
    """

    call: Call
    reads: list[Read] = field(default_factory=list)

    def named(self, *names: str) -> Expression:
        """An argument: a tensor broadcast to the output, or a number as it was written."""
        value = self.call.argument(*names)
        if isinstance(value, Ref):
            return self.read(value.input, self.call.aligned(value.input))
        if not isinstance(value, int | float):
            raise NoRecipeError(f"{names[0]} is {value}")
        return value

    def exact(self, *names: str) -> Expression:
        """The same, for an op that compares or selects: numbers as the operands' type has them."""
        value = self.named(*names)
        if isinstance(value, int | float):
            return stored(value, self._type())
        operand = self.call.input(self.reads[-1].operand)
        if not operand.shape and operand.dtype in _FLOATS and operand.dtype != self._type():
            # Rounded before it is compared or picked, which no formula says.
            raise NoRecipeError(f"a number of {operand.dtype} beside {self._type()}")
        return value

    def divisor(self, *names: str) -> Expression:
        """The same, for a division that is rounded to a whole number.

        Half precision divides by the number in float32, not by the number rounded to half.
        """
        number = self.call.argument(*names)
        if isinstance(number, int | float) and self._type() in _HALVES:
            return stored(number, "float32")
        return self.exact(*names)

    def read(
        self,
        operand: int,
        index: tuple[Expression, ...],
        beyond: float | Literal["skip"] | None = None,
    ) -> Expression:
        """One more read, and what it is called in the formula."""
        self.reads.append(Read(operand, index, beyond))
        return ("read", len(self.reads) - 1)

    def recipe(
        self,
        result: Expression,
        steps: tuple[Step, ...] = (),
        forms: tuple[tuple[str, Expression], ...] = (),
    ) -> Recipe:
        """The recipe of the output that was asked for."""
        return Recipe(self.call.axes, tuple(self.reads), steps, result, forms=forms)

    def _type(self) -> str:
        """The type in which the framework compares and picks."""
        inputs = self.call.op.inputs
        for values in ([value for value in inputs if value.shape], inputs):
            types = {value.dtype for value in values}
            found = [name for name in _FLOATS if name in types]
            if found:
                return found[0]
        # Whole numbers beside a fraction become float32, the framework's default.
        return "float32" if self.call.made.dtype == "bool" else self.call.made.dtype


def stored(number: float, dtype: str) -> int | float:
    """The number as a tensor of a type holds it.

    Examples
    --------
    >>> stored(0.1, "float32")
    0.10000000149011612
    >>> stored(0.1, "bfloat16")
    0.10009765625
    """
    if dtype == "bool":
        return bool(number)
    if dtype.removeprefix("u").startswith("int"):
        return int(number) if float(number).is_integer() else number
    with np.errstate(over="ignore"):
        if dtype != "bfloat16":
            return float(np.dtype(dtype).type(number))
        wide = np.float32(number)
    if not np.isfinite(wide):
        return float(wide)
    bits = int(wide.view(np.uint32))
    # To the nearest of the upper half's numbers, and of two to the even one.
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000
    return float(np.uint32(bits).view(np.float32))
