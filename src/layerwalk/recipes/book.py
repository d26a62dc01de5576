"""The book of recipes: which rule writes the recipe of which kind of op."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import cache
from typing import TypeAlias

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import Op

__all__ = ["Rule", "has_recipe", "recipe_of", "rule", "why_not"]

Rule: TypeAlias = Callable[[Call], Recipe]

_CHAPTERS = (
    "activations", "arithmetic", "attention", "casts", "choices", "constants", "convolution",
    "einsum", "folding", "interpolation", "lengths", "lookup", "moves", "normalisation", "overlay",
    "padding", "pointwise", "pooling", "products", "reductions", "shapes", "softmax",
)  # fmt: skip
_RULES: dict[str, Rule] = {}


def rule(*kinds: str) -> Callable[[Rule], Rule]:
    """Enter a rule into the book under the kinds of op that it knows."""

    def enter(found: Rule) -> Rule:
        for kind in kinds:
            if kind in _RULES:
                raise KeyError(f"two rules for {kind}")
            _RULES[kind] = found
        return found

    return enter


@cache
def _book() -> dict[str, Rule]:
    for chapter in _CHAPTERS:
        importlib.import_module(f"layerwalk.recipes.rules.{chapter}")
    return _RULES


def recipe_of(op: Op, output: int = 0) -> Recipe | None:
    """How one value of an op's output is made; ``None`` where no rule knows the op.

    Examples
    --------
    >>> recipe = recipe_of(trace["conv"])                    # doctest: +SKIP
    >>> [step.combine for step in recipe.steps]              # doctest: +SKIP
    ['sum']
    """
    try:
        return _written(op, output)
    except NoRecipeError:
        return None


def why_not(op: Op, output: int = 0) -> str:
    """Why an op has no recipe, in a few words; ``""`` where it has one."""
    try:
        _written(op, output)
    except NoRecipeError as reason:
        return str(reason)
    return ""


def has_recipe(op: Op) -> bool:
    """Whether every output of the op has a recipe."""
    return all(recipe_of(op, output) is not None for output in range(len(op.made)))


def _written(op: Op, output: int) -> Recipe:
    found = _book().get(op.kind)
    if found is None:
        raise NoRecipeError(f"no recipe for {op.kind}")
    if not 0 <= output < len(op.made):
        raise NoRecipeError(f"it made {len(op.made)} values")
    if op.random:
        raise NoRecipeError("it drew random numbers")
    try:
        return found(Call(op, output))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        # Shapes and arguments that do not fit each other: a file written by somebody else.
        raise NoRecipeError(f"the call contradicts itself: {error}") from error
