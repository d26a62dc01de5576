"""What was recorded stays as it was when its memory is written again."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from capture.judge import judged, tensor_of
from capture.networks import Net, kinds, photo
from layerwalk.record import Trace


def test_an_in_place_activation_leaves_the_value_before_it() -> None:
    net = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(inplace=True))
    trace = judged(net, photo())
    before, after = trace["0"].array(), trace["1"].array()
    assert before.min() < 0
    assert after.min() == 0
    assert (after == before.clip(0)).all()
    assert trace["1"].writes == (0,)


def test_an_in_place_op_on_the_input_leaves_the_input() -> None:
    x = photo()
    kept = x.clone()
    trace = judged(nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(3, 2, 1)), x)
    assert torch.equal(x, kept)
    assert (trace.inputs[0].array() == kept.numpy()).all()


def test_writes_into_views_and_slices() -> None:
    def body(self: Any, x: Tensor) -> Tensor:
        y: Tensor = self.conv(x)
        first = y[:, 0]
        first.mul_(2)
        y[:, ::2] = 7.0
        y[..., 0] += x[:, :1, 2:, 2]
        return y.sum(1) + first

    trace = judged(Net(body, conv=nn.Conv2d(3, 4, 3)), photo())
    # `first` is read after its memory was written through `y`, and `y` after writes by views.
    assert kinds(trace).count("reread") >= 2
    assert trace["conv"].array().max() < 7.0


def test_a_buffer_filled_row_by_row() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        rows = torch.zeros(4, x.shape[-1])
        for k in range(4):
            rows[k] = x[0, 0, k] * k
        return rows.cumsum(0)

    trace = judged(Net(body), photo())
    assert trace.outputs[0].shape == (4, 12)
    assert kinds(trace).count("reread") == 1


def memory_in(trace: Trace) -> int:
    """Bytes of all memory that the results of a trace lie in."""
    storages = [tensor_of(value).untyped_storage() for op in trace for value in op.made]
    return sum({s.data_ptr(): s.nbytes() for s in storages}.values())


@pytest.mark.parametrize("count", [5, 40])
def test_a_large_memory_written_slice_by_slice_is_kept_once(count: int) -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        rows = torch.zeros(count, 1000)
        for k in range(count):
            rows[k] = x * k
        return rows.tanh()

    trace = judged(Net(body), photo(1, 1000))
    assert kinds(trace).count("reread") == 1
    # The zeros, the rows multiplied, the rows written, the whole read again and its tanh.
    assert memory_in(trace) <= 6 * count * 1000 * 4


def test_slices_that_meet_what_was_written_are_read_again() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        rows = torch.zeros(6, 5)
        rows[1:3] = x
        both = rows[2:4] * 2
        rows[2:4] = both + 1
        rows[5] = rows[2]
        rows.view(2, 15)[1] += 1
        return rows[3:] + rows[0]

    trace = judged(Net(body), photo(1, 5))
    assert "reread" in kinds(trace)


def test_parts_of_a_stale_memory_seen_past_its_writes() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        rows = x.clone().reshape(6, -1)
        rows[0] = 0
        second, rest = rows[1], torch.split(rows[2:], 2)
        rows[1] = 1
        rest[0].add_(1)
        return second + 0, rest[0] + 0, rest[1] + 0, rows + 0

    judged(Net(body), photo(1, 6, 4))


def test_out_arguments_and_foreach() -> None:
    def body(_self: Any, x: Tensor) -> Any:
        total = torch.zeros_like(x)
        torch.add(x, 1, out=total)
        pair = [x * 2, x * 3]
        torch._foreach_add_(pair, 1.0)
        torch._foreach_mul_(pair, pair[::-1])
        return total, pair

    trace = judged(Net(body), photo())
    added = next(op for op in trace if op.kind == "_foreach_add")
    assert len(added.outputs) == 2
    assert added.writes == (0, 1)
    assert trace.output_paths == ("0", "1.0", "1.1")


def test_an_op_that_changes_only_the_shape_in_place() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x[0, 0] * 2
        total = y.sum(0)
        y.t_()
        y.unsqueeze_(0)
        return y + total[:, None]

    trace = judged(Net(body), photo(1, 1, 3, 5))
    assert trace["mul"].array().shape == (3, 5)
