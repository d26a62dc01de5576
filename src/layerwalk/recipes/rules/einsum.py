"""Einstein sums: a product over the letters that the output does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from layerwalk.recipes.book import rule
from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.recipe import Recipe, Step
from layerwalk.recipes.rules.operands import Operands

__all__ = ["einsum", "tensordot"]


@rule("einsum")
def einsum(call: Call) -> Recipe:
    """The products of the operands' values at the letters' places, summed over the rest.

    The equation's own letters name the output's dimensions and the loops.
    """
    tensors = call.tensors("tensors")
    shapes = [call.input(operand).shape for operand in tensors]
    equation = str(call.argument("equation")).replace(" ", "")
    left, arrow, right = equation.partition("->")
    inputs = [list(_letters(*pair)) for pair in zip(left.split(","), shapes, strict=True)]
    lengths: dict[str, int] = {}
    for letters, shape in zip(inputs, shapes, strict=True):
        if len(letters) != len(shape):
            raise NoRecipeError(f"{equation} of {shapes}")
        for letter, length in zip(letters, shape, strict=True):
            lengths[letter] = max(lengths.get(letter, 1), length)
    dots = sorted((letter for letter in lengths if len(letter) > 1), reverse=True)
    if arrow:
        made = [
            letter
            for part in right.replace("...", ".")
            for letter in (dots if part == "." else [part])
        ]
    else:
        count = Counter(letter for letters in inputs for letter in letters if len(letter) == 1)
        made = [*dots, *sorted(letter for letter, times in count.items() if times == 1)]
    if tuple(lengths.get(letter, 0) for letter in made) != call.shape:
        raise NoRecipeError(f"{equation} makes {call.shape}")
    return _summed(call, tensors, inputs, made, lengths)


def _letters(part: str, shape: tuple[int, ...]) -> Iterator[str]:
    """One name for each dimension; those of an ellipsis are counted from its end."""
    before, dots, after = part.partition("...")
    yield from before
    if dots:
        for place in range(len(shape) - len(before) - len(after), 0, -1):
            yield f"d{place}"
    yield from after


def _summed(
    call: Call,
    tensors: list[int],
    inputs: list[list[str]],
    made: list[str],
    lengths: dict[str, int],
) -> Recipe:
    operands = Operands(call)
    factors = []
    for operand, letters in zip(tensors, inputs, strict=True):
        shape = call.input(operand).shape
        index: tuple[Expression, ...] = tuple(
            0 if length == 1 else letter for letter, length in zip(letters, shape, strict=True)
        )
        factors.append(operands.read(operand, index))
    term: Expression = factors[0] if len(factors) == 1 else ("mul", *factors)
    loops = tuple((letter, length) for letter, length in lengths.items() if letter not in made)
    axes = tuple((letter, lengths[letter]) for letter in made)
    reads = tuple(operands.reads)
    if not loops:
        return Recipe(axes, reads, (), term)
    return Recipe(axes, reads, (Step("sum", loops, "sum", term),), "sum")


@rule("tensordot")
def tensordot(call: Call) -> Recipe:
    """The products summed over pairs of dimensions, one of each operand."""
    first, second = call.tensor("self"), call.tensor("other")
    shapes = [call.input(operand).shape for operand in (first, second)]
    pairs = [call.argument(name) for name in ("dims_self", "dims_other")]
    names: list[list[Expression]] = [[""] * len(shape) for shape in shapes]
    loops = []
    for k, (one, other) in enumerate(zip(*pairs, strict=True)):
        name = "ijklm"[k]
        names[0][one], names[1][other] = name, name
        loops.append((name, shapes[0][one]))
        if shapes[0][one] != shapes[1][other]:
            raise NoRecipeError("dimensions of different length")
    places = iter(call.places)
    operands = Operands(call)
    reads = [
        operands.read(operand, tuple(name or next(places) for name in found))
        for operand, found in zip((first, second), names, strict=True)
    ]
    if not loops:
        return operands.recipe(("mul", *reads))
    return operands.recipe("sum", (Step("sum", tuple(loops), "sum", ("mul", *reads)),))
