"""Ask any number of a trace how it was made."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError
from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.evaluator import Gathered, Work, places_at_once
from layerwalk.recipes.explanation import Explanation, Number, Terms
from layerwalk.recipes.expression import Expression, reads_in, spelled
from layerwalk.recipes.recipe import Recipe
from layerwalk.record import Op, Trace

__all__ = ["checked_index", "explain", "explain_all", "known_recipe", "picked_reads"]


def explain(
    trace: Trace, op: str | int | Op, index: Sequence[int], *, output: int = 0
) -> Explanation:
    """How the number at ``index`` of an op's output was made: every term of it.

    Parameters
    ----------
    op
        By name, index or itself; a module's path means the last op that it ran.
    index
        The position in the output, one whole number for each dimension, from 0.
    output
        Which output, for an op that makes several.

    Raises
    ------
    NotFoundError
        There is no such op or position, or the op has no recipe.
    LayerwalkError
        The trace was saved without what the op read (its weights).

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> found = lw.explain(trace, "conv", (0, 0, 10, 20))
    >>> len(found.terms), found.bias, abs(found.residue) < 1e-6
    (16, None, True)
    """
    return explain_all(trace, op, [index], output=output)[0]


def explain_all(
    trace: Trace, op: str | int | Op, indices: Sequence[Sequence[int]], *, output: int = 0
) -> list[Explanation]:
    """How several numbers of one output were made; quicker than one by one.

    Raises as :func:`explain` does.
    """
    found = trace[op]
    recipe = known_recipe(found, output)
    made = found.made[output]
    places = [checked_index(index, made.shape, made.name) for index in indices]
    at = np.array(places, dtype=np.int64).reshape(len(places), len(made.shape))
    operands = [value.array() for value in found.inputs]
    recorded = made.array()[tuple(at.T)] if made.shape else np.repeat(made.array(), len(at))
    batch = places_at_once(recipe)
    explained: list[Explanation] = []
    for start in range(0, len(at), batch):
        part = slice(start, start + batch)
        work = Work(recipe, operands, at[part])
        explained.extend(_explained(found, output, work, recorded[part]))
    return explained


def known_recipe(op: Op, output: int = 0) -> Recipe:
    """The recipe of an op's output; one sentence where there is none."""
    if not 0 <= output < len(op.made):
        raise NotFoundError(
            f"there is no output {output}",
            where=op.name,
            mend=f"it made {len(op.made)}, counted from 0",
        )
    recipe = recipe_of(op, output)
    if recipe is None:
        raise NotFoundError(
            f"how a number of this {op.kind} is made is not known ({why_not(op, output)})",
            where=op.name,
            mend="layerwalk verify lists the ops without a recipe",
        )
    return recipe


def checked_index(index: Sequence[int], shape: tuple[int, ...], where: str) -> tuple[int, ...]:
    """The position as whole numbers, if it is one of the shape."""
    try:
        places = tuple(operator.index(place) for place in index)
    except TypeError:
        raise NotFoundError(
            f"{index!r} is no position", where=where, mend="give a whole number for each dimension"
        ) from None
    if len(places) != len(shape):
        raise NotFoundError(
            f"{_listed(places)} is no position in shape {_listed(shape)}",
            where=where,
            mend=f"give {len(shape)} numbers, one for each dimension",
        )
    for axis, (place, length) in enumerate(zip(places, shape, strict=True)):
        if not 0 <= place < length:
            raise NotFoundError(
                f"position {place} of dimension {axis} is outside of shape {_listed(shape)}",
                where=where,
                mend=f"count from 0 to {length - 1}" if length else "the value is empty",
            )
    return places


def _listed(numbers: Sequence[int]) -> str:
    return f"({', '.join(map(str, numbers))})"


def _explained(op: Op, output: int, work: Work, recorded: NDArray[Any]) -> list[Explanation]:
    recipe = work.recipe
    result = work.run()
    terms = _terms(op, work)
    formula = spelled(recipe.result, lambda k: op.inputs[recipe.reads[k].operand].name)
    main = recipe.main
    bias = _bias(recipe)
    steps = [step for step in recipe.steps if not step.each]
    found = []
    for k, kept in enumerate(terms):
        total, was = _item(result.values[k]), _item(recorded[k])
        found.append(
            Explanation(
                op=op,
                output=output,
                index=tuple(work.at[k].tolist()),
                recipe=recipe,
                formula=formula,
                combine=main.combine if main is not None else "",
                terms=kept,
                bias=None if bias is None else _at(work.gathered(bias).values, k),
                quantities=tuple((s.name, _at(work.steps[s.name].values, k)) for s in steps),
                forms=tuple(
                    (name, spelled(form), _at(work.value(form).values, k))
                    for name, form in recipe.forms
                ),
                total=total,
                recorded=was,
                residue=_residue(was, total),
                scale=float(result.scales[k]),
            )
        )
    return found


def _residue(recorded: Number, total: Number) -> Number:
    # Infinities and NaN that are the same leave nothing between them.
    same = recorded == total or (recorded != recorded and total != total)  # noqa: PLR0124
    return 0.0 if same else recorded - total


def _item(number: Any) -> Number:
    return np.asarray(number).item()  # type: ignore[no-any-return]


def _at(values: NDArray[Any], k: int) -> Number:
    """The k-th number of an array that may be the same for all."""
    rows = values.reshape(len(values) if values.ndim else 1, -1)
    return _item(rows[min(k, len(rows) - 1), 0])


def _bias(recipe: Recipe) -> int | None:
    """The read that is added to the sum."""
    result = recipe.result
    if isinstance(result, tuple) and result[0] == "add" and len(result) == 3:
        step, last = result[1:]
        if isinstance(step, str) and isinstance(last, tuple) and last[0] == "read":
            return int(str(last[1]))
    return None


def _terms(op: Op, work: Work) -> list[Terms]:
    """The terms of each of the places."""
    recipe, main = work.recipe, work.recipe.main
    if main is None:
        return _single(op, work)
    numbers = reads_in(main.term)
    gathered = [work.gathered(number) for number in numbers]
    results = work.value(main.term).values
    skipped = work.skipped(main)
    shape = np.broadcast_shapes(
        results.shape, *(g.values.shape for g in gathered), _loops(work, main.loops)
    )
    full = (len(work.at), *shape[1:])
    keep = None if skipped is None else ~np.broadcast_to(skipped, full).reshape(full[0], -1)
    flat = [_flat(results, full)]
    values = tuple(op.inputs[recipe.reads[number].operand] for number in numbers)
    read = [_flat(g.values, full) for g in gathered]
    places = [[_flat(place, full) for place in g.places] for g in gathered]
    beyond = [_flat(_padding(g), full) for g in gathered]
    weight = _weight(main.term)
    weights = None if weight is None else _flat(work.value(weight).values, full)
    found = []
    for k in range(full[0]):
        chosen = slice(None) if keep is None else keep[k]
        found.append(
            Terms(
                values,
                flat[0][k][chosen],
                tuple(numbers[k][chosen] for numbers in read),
                tuple(
                    np.stack([p[k][chosen] for p in each], 1)
                    if each
                    else np.zeros((len(flat[0][k][chosen]), 0), dtype=np.int64)
                    for each in places
                ),
                tuple(pad[k][chosen] for pad in beyond),
                None if weights is None else weights[k][chosen],
            )
        )
    return found


def _weight(term: Expression) -> Expression | None:
    """What a product has besides the numbers that it reads."""
    if not isinstance(term, tuple) or term[0] != "mul":
        return None
    rest = [part for part in term[1:] if not (isinstance(part, tuple) and part[0] == "read")]
    if not rest or len(rest) == len(term) - 1:
        return None
    return ("mul", *rest) if len(rest) > 1 else rest[0]


def _loops(work: Work, loops: tuple[tuple[str, int], ...]) -> tuple[int, ...]:
    shapes = [work.position(name).shape for name, _ in loops]
    return np.broadcast_shapes(*shapes)


def _padding(gathered: Gathered) -> NDArray[np.bool_]:
    return np.zeros(1, dtype=bool) if gathered.beyond is None else gathered.beyond


def _flat(array: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    return np.broadcast_to(array, shape).reshape(shape[0], -1)


def _single(op: Op, work: Work) -> list[Terms]:
    """One term of all the numbers that the formula reads."""
    recipe, count = work.recipe, len(work.at)
    results = work.value(recipe.result).values
    found = []
    for k in range(count):
        picked = picked_reads(recipe.result, work, k)
        gathered = [work.gathered(number) for number in picked]
        found.append(
            Terms(
                tuple(op.inputs[recipe.reads[number].operand] for number in picked),
                np.array([_at(results, k)]),
                tuple(np.array([_at(g.values, k)]) for g in gathered),
                tuple(
                    np.array([[_at(place, k) for place in g.places]], dtype=np.int64)
                    for g in gathered
                ),
                tuple(np.array([_at(_padding(g), k)], dtype=bool) for g in gathered),
            )
        )
    return found


def picked_reads(expression: Expression, work: Work, k: int) -> list[int]:
    """The reads that matter at the k-th place: of a choice, only the one that was chosen."""
    if not isinstance(expression, tuple):
        steps = {step.name: step.term for step in work.recipe.steps}
        return picked_reads(steps[expression], work, k) if expression in steps else []
    if expression[0] == "read":
        return [int(str(expression[1]))]
    parts = list(expression[1:])
    if expression[0] == "choose":
        half = (len(parts) - 1) // 2
        place = _at(work.value(parts[0]).values, k)
        ends = [_at(work.value(end).values, k) for end in parts[1 : half + 1]]
        chosen = next(j for j, end in enumerate(ends) if place.real < end.real)
        parts = [parts[half + 1 + chosen]]
    found = [number for part in parts for number in picked_reads(part, work, k)]
    return list(dict.fromkeys(found))
