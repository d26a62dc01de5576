"""What a tensor held at each time of a walk."""

from __future__ import annotations

import torch
from torch import nn

from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import Copy, copies_of, place_of
from layerwalk.capture.recorder import Aside, Call
from layerwalk.capture.signature import signature
from layerwalk.capture.timeline import Timeline


def call(*copies: Copy) -> Call:
    made = Call(signature(torch.ops.aten.relu.default), (), {}, Frame(nn.ReLU(), None, 1))
    made.copies = copies
    return made


def test_the_first_copy_after_a_time_is_what_was_held_then() -> None:
    x, other = torch.zeros(2), torch.ones(2)
    (first,) = copies_of([x])
    x += 1
    (second,) = copies_of([x])
    x += 1
    timeline = Timeline([call(), call(first), call(), Aside([second])])
    assert [timeline.held(x, time).tolist() for time in range(4)] == [
        [0, 0],
        [0, 0],
        [1, 1],
        [1, 1],
    ]
    assert timeline.held(x, 4) is x
    assert timeline.held(other, 0) is other


def test_where_it_lay_then() -> None:
    x = torch.zeros(2, 3)
    (copy,) = copies_of([x])
    x.t_()
    timeline = Timeline([call(copy)])
    assert timeline.place(x, 0) == (0, (2, 3), (3, 1))
    assert timeline.place(x, 1) == place_of(x) == (0, (3, 2), (1, 3))
