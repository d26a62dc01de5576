"""Receptive fields by a formula against those that are worked out."""

from __future__ import annotations

import itertools

import torch
from torch import nn

import layerwalk as lw
from layerwalk.surfaces.report.fields import even_fields


class Branches(nn.Module):
    """Two branches of different reach, joined, then read together; then one number a channel."""

    def __init__(self) -> None:
        super().__init__()
        self.small = nn.Conv2d(3, 2, 1)
        self.large = nn.Conv2d(3, 2, 5, padding=2)
        self.both = nn.Conv2d(4, 2, 3, stride=2, padding=1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.both(torch.cat([self.small(x), self.large(x)], dim=1))
        return torch.flatten(nn.functional.adaptive_avg_pool2d(y, 1), 1)


def test_every_box_is_the_one_that_is_worked_out() -> None:
    trace = lw.trace(Branches().eval(), torch.rand(2, 3, 12, 15))
    fields = even_fields(trace)
    checked = 0
    for op in trace:
        field = fields.get(op.index)
        if field is None:
            continue
        ends = itertools.product(*[(0, length - 1) for length in op.shape])
        for index in ends:
            box = lw.receptive_field(trace, op, index)
            for side in range(2):
                middle = field.offsets[side] + field.strides[side] * index[field.axes[side]]
                first = middle - (field.sizes[side] - 1) / 2
                assert (first, first + field.sizes[side]) == box.unclipped[side], (op.name, index)
                checked += 1
    assert checked > 50


def test_there_is_none_where_channels_have_other_fields() -> None:
    trace = lw.trace(Branches().eval(), torch.rand(1, 3, 12, 15))
    fields = even_fields(trace)
    assert {op.name for op in trace if op.index not in fields} == {"cat"}
