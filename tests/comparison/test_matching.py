from __future__ import annotations

import pytest
import torch
from torch import nn

import layerwalk as lw
from comparison.networks import given, small, walked
from layerwalk.comparison.alignment import align
from layerwalk.comparison.families import before_relu, family
from layerwalk.comparison.matching import match
from layerwalk.errors import NotFoundError
from layerwalk.record import Trace


def chain(*layers: nn.Module) -> Trace:
    torch.manual_seed(0)
    return lw.trace(nn.Sequential(*layers).eval(), torch.randn(1, 3, 8, 8))


def names(trace: Trace, other: Trace, **how: str) -> list[tuple[str, str, str]]:
    pairs = match(trace, other, how or None).pairs
    return [(trace[p.reference].name, other[p.other].name, p.how) for p in pairs]


def test_one_network_is_matched_by_name() -> None:
    trace = walked()
    found = match(trace, walked())
    assert [(p.reference, p.other) for p in found.pairs] == [(k, k) for k in range(len(trace))]
    assert {p.how for p in found.pairs} == {"name"}
    assert found.unmatched == ()


def test_other_names_are_matched_in_order() -> None:
    class Renamed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.relu(self.second(self.first(x)))

    one = chain(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3), nn.ReLU())
    two = lw.trace(Renamed(), torch.randn(1, 3, 8, 8))
    assert names(one, two) == [
        ("0", "first", "order"), ("1", "second", "order"), ("2", "relu", "order")
    ]  # fmt: skip


def test_an_op_too_many_is_told_and_shifts_nothing() -> None:
    one = chain(nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 3))
    two = chain(nn.Conv2d(3, 4, 3), nn.Sigmoid(), nn.Conv2d(4, 4, 3))
    found = match(one, two)
    assert names(one, two) == [("0", "0", "name"), ("1", "2", "order")]
    assert [(u.op.name, u.side) for u in found.unmatched] == [("1", "other")]


def test_one_name_and_two_shapes_is_no_pair() -> None:
    one, two = chain(nn.Conv2d(3, 4, 3), nn.ReLU()), chain(nn.Conv2d(3, 5, 3), nn.ReLU())
    found = match(one, two)
    assert found.pairs == ()
    assert {u.reason for u in found.unmatched} == {"its shape is 1x4x6x6 and 1x5x6x6"}


def test_numbered_names_count_only_where_both_have_as_many() -> None:
    def run(early: bool) -> Trace:
        class Net(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.conv, self.last = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 1)

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                x = torch.relu(x) if early else x
                return torch.relu(self.last(torch.relu(self.conv(x))))

        torch.manual_seed(0)
        return lw.trace(Net(), torch.randn(1, 3, 8, 8))

    pairs = names(run(early=False), run(early=True))
    assert pairs == [
        ("conv", "conv", "name"), ("relu", "relu:2", "order"), ("last", "last", "name"),
        ("relu:2", "relu:3", "order"),
    ]  # fmt: skip


@pytest.mark.parametrize("swapped", [False, True])
def test_a_folded_batch_norm_is_matched_with_its_convolution(swapped: bool) -> None:
    network = small()
    folded = small()
    conv, norm = folded.stem[0], folded.stem[1]
    assert isinstance(conv, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    fused = torch.nn.utils.fusion.fuse_conv_bn_eval(conv, norm)
    folded.stem = nn.Sequential(fused, folded.stem[2])
    plain, tight = lw.trace(network, given()), lw.trace(folded, given())
    one, two = (tight, plain) if swapped else (plain, tight)
    pairs = names(one, two)
    wanted = ("stem.0", "stem.1") if swapped else ("stem.1", "stem.0")
    assert (*wanted, "folded") in pairs
    reasons = {u.op.name: u.reason for u in match(one, two).unmatched}
    assert "folded with its batch norm" in reasons["stem.0"]
    assert lw.compare(one, two)


def test_pairs_that_are_given_come_first() -> None:
    one, two = (chain(nn.Conv2d(3, 3, 1), nn.Conv2d(3, 3, 1)) for _ in range(2))
    found = match(one, two, {"0": "1"})
    assert (found.pairs[0].reference, found.pairs[0].other, found.pairs[0].how) == (0, 1, "given")
    with pytest.raises(NotFoundError, match="no op 'x'"):
        match(one, two, {"x": "1"})


def test_alignment_prefers_the_same_kind() -> None:
    clamp, relu6 = ("clamp", "relu6", (1,)), ("relu6", "relu6", (1,))
    assert align([clamp], [relu6]) == [(0, 0)]
    assert align([relu6], [clamp, relu6]) == [(0, 1)]
    assert align([("conv2d", "conv2d", (1,))], [("conv2d", "conv2d", (2,))]) == []


def test_long_walks_are_aligned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("layerwalk.comparison.alignment._MOST_CELLS", 1)
    tokens = [(kind, kind, (1,)) for kind in ("a", "b", "c", "d")]
    assert align(tokens, [tokens[0], tokens[2], tokens[3]]) == [(0, 0), (2, 1), (3, 2)]


def test_families() -> None:
    assert family("quantized.conv2d") == family("conv2d")
    assert family("quantized.conv2d_relu") == family("quantized.linear_relu_dynamic") == "relu"
    assert family("leaky_relu") == "leaky_relu"
    assert family("sigmoid") == "sigmoid"
    assert before_relu("quantized.linear_relu_dynamic") == "linear"
    assert before_relu("quantized.add_relu") == "add"
    assert before_relu("quantized.leaky_relu") == ""


def test_an_activation_that_was_swapped_is_matched_by_its_name() -> None:
    one = chain(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Conv2d(4, 4, 1))
    two = chain(nn.Conv2d(3, 4, 3), nn.Sigmoid(), nn.Conv2d(4, 4, 1))
    assert ("1", "1", "name") in names(one, two)
    found = lw.compare(one, two)
    assert found.first is not None
    assert found.first.name == "1"
    assert found.reasons[0] == "it is relu in the reference, sigmoid in the other"
