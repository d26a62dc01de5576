"""Constants: values that no input decides, a number or a formula of their places."""

from __future__ import annotations

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe
from layerwalk.recipes.rules.operands import Operands, stored

__all__ = ["arange", "eye", "filled", "linspace", "ones", "zeros"]


def _number(call: Call, value: object) -> Recipe:
    if not isinstance(value, int | float):
        raise NoRecipeError(f"a value of {value}")
    return Recipe(call.axes, (), (), stored(value, call.made.dtype))


@rule("zeros", "zeros_like", "new_zeros", "zero")
def zeros(call: Call) -> Recipe:
    """0 everywhere."""
    return _number(call, 0)


@rule("ones", "ones_like", "new_ones")
def ones(call: Call) -> Recipe:
    """1 everywhere."""
    return _number(call, 1)


@rule("full", "full_like", "new_full", "scalar_tensor", "fill")
def filled(call: Call) -> Recipe:
    """One number everywhere."""
    operand = call.operand("value", "fill_value")
    if operand is None:
        return _number(call, call.argument("fill_value", "value", "s"))
    if call.input(operand).dtype != call.made.dtype:
        raise NoRecipeError(f"a number of {call.input(operand).dtype} as {call.made.dtype}")
    operands = Operands(call)
    return operands.recipe(operands.read(operand, call.aligned(operand)))


@rule("arange")
def arange(call: Call) -> Recipe:
    """A start and as many steps as the place says."""
    start, step = (_real(call.argument(name, default=d)) for name, d in (("start", 0), ("step", 1)))
    if "int" in call.made.dtype and not (isinstance(start, int) and isinstance(step, int)):
        raise NoRecipeError("fractions made whole")
    place: Expression = call.places[0]
    if step != 1:
        place = ("mul", step, place)
    return Recipe(call.axes, (), (), place if start == 0 else ("add", start, place))


@rule("linspace")
def linspace(call: Call) -> Recipe:
    """Steps of one size from the first number to the last."""
    start, end = (_real(call.argument(name)) for name in ("start", "end"))
    steps = call.argument("steps")
    if "int" in call.made.dtype:
        raise NoRecipeError("fractions made whole")
    if steps == 1:
        return Recipe(call.axes, (), (), float(start))
    place: Expression = ("div", ("mul", end - start, call.places[0]), steps - 1)
    return Recipe(call.axes, (), (), ("add", start, place))


def _real(value: object) -> int | float:
    if not isinstance(value, int | float):
        raise NoRecipeError(f"a value of {value}")
    return value


@rule("eye")
def eye(call: Call) -> Recipe:
    """1 where row and column are the same, 0 elsewhere."""
    row, column = call.places
    return Recipe(call.axes, (), (), ("where", ("eq", row, column), 1, 0))


@rule("tril", "triu")
def triangle(call: Call) -> Recipe:
    """The values on and below (tril) or above (triu) a diagonal, 0 elsewhere."""
    operands = Operands(call)
    value = operands.named("self")
    diagonal = call.argument("diagonal", default=0)
    row, column = call.places[-2:]
    edge: Expression = row if diagonal == 0 else ("add", row, diagonal)
    compare = "le" if call.kind == "tril" else "ge"
    return operands.recipe(("where", (compare, column, edge), value, 0))
