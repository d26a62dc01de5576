"""What a type cannot hold is no failure of the arithmetic; what is wrong is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from layerwalk.recipes.verify import verify
from layerwalk.record import Data, Region, Trace
from recipes.drawn import tensor
from recipes.judged import traced


class Changed:
    """Data of which every number is off by a share."""

    def __init__(self, data: Data, share: float) -> None:
        self.strides, self._data, self._share = data.strides, data, share

    def read(self, region: Region = ()) -> NDArray[np.float32]:
        changed: NDArray[np.float32] = self._data.read(region) * np.float32(1 + self._share)
        return changed


def changed(trace: Trace, share: float) -> Trace:
    """The trace with other numbers in the output of its first op."""
    op = trace[0]
    (made,) = op.made
    return replace(trace, ops=(replace(op, made=(replace(made, data=Changed(made.data, share)),)),))


CALLS = (
    lambda x: F.softmax(x, 1),
    lambda x: F.log_softmax(x, 1),
    F.gelu,
    lambda x: F.layer_norm(x, (8,)),
    lambda x: x @ x.mT,
    lambda x: x.var(1),
    lambda x: F.scaled_dot_product_attention(x, x, x),
)


@pytest.mark.parametrize("call", CALLS)
def test_a_number_that_is_off_fails(call: object) -> None:
    assert callable(call)
    trace = traced(call, tensor(8, 8).abs() + 0.1)
    trace = replace(trace, ops=trace.ops[-1:])
    assert verify(trace).failures == ()
    assert verify(changed(trace, 1e-4)).failures


def test_beyond_the_ends_of_a_type() -> None:
    for call, x in (
        (torch.exp, torch.tensor([11.5, -30.0], dtype=torch.float16)),
        (torch.exp, torch.tensor([95.0, -110.0])),
        (F.silu, torch.tensor([-90.0, -200.0])),
        (torch.prod, torch.full((60,), 1e-2)),
        (lambda x: x * 3, torch.tensor([3e38, 1e-45])),
    ):
        report = verify(traced(call, x))
        assert (report.failures, report.checked > 0) == ((), True)
