"""What edits do to channels, as data that is read from files too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch

import layerwalk as lw
from layerwalk.capture.channels import ChannelChange, changes_of, with_changes, without_changes
from layerwalk.errors import LayerwalkError
from layerwalk.record import EDITED


def test_a_change_leaves_the_tensor_it_was_given() -> None:
    given = torch.arange(12.0).reshape(1, 3, 4).requires_grad_()
    made = ChannelChange("set", 7.0, 1, (0, 2))(given)
    assert made[0].tolist() == [[7.0] * 4, [4.0, 5.0, 6.0, 7.0], [7.0] * 4]
    (gradient,) = torch.autograd.grad(made.sum(), given)
    assert gradient[0, :, 0].tolist() == [0.0, 1.0, 0.0]
    whole = ChannelChange("scale", -2.0)(given)
    assert torch.equal(whole, -2 * given)
    assert ChannelChange("set", 3.0)(torch.tensor(1.0)).item() == 3.0


def test_changes_follow_each_other() -> None:
    op = lw.trace(lw.load_model("edges"), "sample:cat")["relu"]
    changes = ChannelChange("set", 1.0, 1, (0,)), ChannelChange("scale", 2.0)
    assert changes_of(op) == ()
    assert with_changes(op) is op
    assert without_changes(op) is op
    edited = with_changes(with_changes(op, changes[0]), changes[1])
    assert changes_of(edited) == changes
    assert without_changes(edited).settings == op.settings


@pytest.mark.parametrize("written", [
    True, (True,), (("set", 1.0, 1),), (("turn", 1.0, 1, (0,)),), (("set", "one", 1, (0,)),),
    (("set", 1.0, 1, (4,)),), (("set", 1.0, 1, (-1,)),), (("set", 1.0, 4, (0,)),),
    (("set", 1.0, 1, ()),), (("set", 1.0, "1", (0,)),), (("set", 1.0, 1, 0),),
])  # fmt: skip
def test_a_file_that_does_not_say_it(written: Any) -> None:
    trace = lw.trace(lw.load_model("edges"), "sample:cat")
    op = replace(trace["relu"], settings={EDITED: written})
    with pytest.raises(LayerwalkError, match="relu: the file does not say how an edit changed"):
        changes_of(op)
    damaged = replace(trace, ops=(trace[0], op, trace[2]))
    report = damaged.replay()
    assert [skipped.op for skipped in report.skipped] == ["relu"]
    with pytest.raises(LayerwalkError, match="the file does not say how an edit changed"):
        lw.attribute(damaged, "saliency", ("pool", 0))
    with pytest.raises(LayerwalkError, match="the file does not say how an edit changed"):
        damaged.rerun(lw.edit().silence("conv", 1))
