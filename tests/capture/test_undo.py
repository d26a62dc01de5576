"""What the network wrote into memory from outside is put back, and nothing else."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from capture.judge import judged, tensor_of
from capture.networks import Net, photo
from layerwalk.capture import record, replay


def test_only_the_written_bytes_are_put_back() -> None:
    batch = torch.ones(2, 4)
    inside = threading.Barrier(2)

    def body(_self: Any, x: Tensor) -> Tensor:
        inside.wait()  # both rows are written while both walks last
        x.mul_(10)
        inside.wait()
        return x + 0

    answers: list[float] = []

    def walk(row: Tensor) -> None:
        answers.append(float(record(Net(body), (row,)).outputs[0].array().max()))

    threads = [threading.Thread(target=walk, args=(batch[k],)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [10.0, 10.0]
    assert torch.equal(batch, torch.ones(2, 4))


def test_a_small_view_of_a_large_input_costs_little() -> None:
    large = torch.zeros(1 << 20)
    small = large[:8]
    trace = record(nn.ReLU(inplace=True), (small,))
    held = trace[0].inputs[0]
    assert tensor_of(held).untyped_storage().nbytes() == 8 * 4


def test_shape_and_size_of_what_was_given_come_back() -> None:
    x = photo(2, 3)
    kept = x.clone()

    def body(_self: Any, x: Tensor) -> Tensor:
        x.unsqueeze_(0)
        y = x * 2
        x.squeeze_(0)
        x.resize_(9)
        return y

    trace = record(Net(body), (x,))
    assert trace.complete
    assert x.shape == (2, 3)
    assert torch.equal(x, kept)
    assert trace.outputs[0].shape == (1, 2, 3)


def test_an_older_trace_of_the_same_input_stays_readable() -> None:
    x = photo()
    older = record(nn.Sigmoid(), (x,))
    before = older.inputs[0].array().copy()
    record(nn.ReLU(inplace=True), (x,))
    assert (older.inputs[0].array() == before).all()


def test_a_handle_on_the_memory_counts_as_a_reader() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        y = x + 1
        memory = y.untyped_storage()
        y.mul_(2)
        return torch.empty(0).set_(memory) + 0

    x = photo(4)
    trace = record(Net(body), (x,))
    assert torch.equal(tensor_of(trace.outputs[0]), (x + 1) * 2)


def test_conjugate_views_keep_what_they_were() -> None:
    def body(_self: Any, x: Tensor) -> Tensor:
        z = x * (1 + 2j)
        c = z.conj()
        d = c * 2
        z.mul_(3)
        return d

    trace = record(Net(body), (torch.ones(2),))
    conj = next(op for op in trace if op.kind == "_conj")
    assert conj.array().tolist() == [1 - 2j] * 2
    assert not replay(trace).failures


def test_a_weight_that_was_halved_is_not_shown_as_if_it_were_old() -> None:
    from layerwalk.errors import CaptureError

    net = nn.Linear(3, 2)
    trace = record(net, (torch.ones(1, 3),))
    net.half()
    with pytest.raises(CaptureError, match="changed in place after the trace"):
        trace[0].inputs[1].array()
    again = record(net, (torch.ones(1, 3, dtype=torch.float16),))
    assert again[0].inputs[1].dtype == "float16"


def test_random_states_of_two_walks_at_once() -> None:
    started, drawn = threading.Event(), threading.Event()

    def first(_self: Any, x: Tensor) -> Tensor:
        y = x + torch.rand(1)
        started.set()
        drawn.wait(60)
        return y

    def second(_self: Any, x: Tensor) -> Tensor:
        return x + torch.rand(1)

    before = torch.get_rng_state()
    thread = threading.Thread(target=lambda: record(Net(first), (photo(),)))
    thread.start()
    assert started.wait(60)
    walk = threading.Thread(target=lambda: record(Net(second), (photo(),)))
    walk.start()
    walk.join()
    drawn.set()
    thread.join()
    assert torch.equal(torch.get_rng_state(), before)


def test_objects_that_know_each_other_are_opened_once() -> None:
    class Node:
        def __init__(self, value: Tensor) -> None:
            self.value = value
            self.others: list[Node] = []

    nodes = [Node(torch.full((1,), float(k))) for k in range(12)]
    for node in nodes:
        node.others = nodes
    trace = judged(Net(lambda _self, x: x + 1), photo())
    assert trace.complete
    from layerwalk.capture.structure import flatten

    assert len(flatten(nodes[0])) == 12
