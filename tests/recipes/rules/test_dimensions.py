"""Where an op reads that goes over some dimensions."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from layerwalk.recipes.call import Call, NoRecipeError
from layerwalk.recipes.expression import Expression
from layerwalk.recipes.rules.dimensions import over
from recipes.drawn import tensor
from recipes.judged import traced


def call_of(dims: tuple[int, ...], *, keepdim: bool) -> Call:
    def summed(x: Tensor) -> Tensor:
        return torch.sum(x, dims, keepdim)

    return Call(traced(summed, tensor(2, 3, 4, 5))[0], 0)


@pytest.mark.parametrize(
    ("dims", "keepdim", "index"),
    [
        ((2, 3), False, ("n", "c", "i", "j")),
        ((2, 3), True, ("n", "c", "i", "j")),
        ((-1, 0), False, ("i", "n", "c", "j")),
        ((1,), False, ("n", "i", "c", "x")),
        ((1,), True, ("n", "i", "y", "x")),
    ],
)
def test_loops_where_it_goes_and_places_elsewhere(
    dims: tuple[int, ...], keepdim: bool, index: tuple[Expression, ...]
) -> None:
    found = over(call_of(dims, keepdim=keepdim), 0, dims, keepdim=keepdim)
    assert found.index == index
    lengths = [(2, 3, 4, 5)[dim] for dim in sorted(dim % 4 for dim in dims)]
    assert [length for _, length in found.loops] == lengths
    assert found.count == torch.Size(lengths).numel()


def test_none_is_all() -> None:
    call = Call(traced(torch.sum, tensor(2, 3))[0], 0)
    assert over(call, 0, None, keepdim=False) == over(call, 0, (0, 1), keepdim=False)


@pytest.mark.parametrize("dims", [(0, 0), (1, 2), ("c",)])
def test_dimensions_that_do_not_make_the_output(dims: tuple[object, ...]) -> None:
    with pytest.raises(NoRecipeError):
        over(call_of((2,), keepdim=False), 0, dims, keepdim=False)
