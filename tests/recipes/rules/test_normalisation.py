"""Norms against the framework, a plain replica, and the folded form against the unfolded."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from layerwalk.recipes.book import recipe_of, why_not
from layerwalk.recipes.explain import explain, explain_all
from recipes.drawn import few, seeds, tensor
from recipes.judged import judged, places_of, traced

images = st.lists(st.integers(1, 4), min_size=0, max_size=3).map(tuple)


def statistics(channels: int, seed: int) -> list[Tensor]:
    """Running mean and variance, weight and bias."""
    drawn = [tensor(channels, seed=seed + k) for k in range(4)]
    drawn[1] = drawn[1].abs() + 0.05
    return drawn


@few
@given(st.integers(1, 3), st.integers(1, 4), images, st.booleans(), st.booleans(), seeds)
def test_batch_norm_by_running_statistics(  # noqa: PLR0917 - drawn
    count: int, channels: int, image: tuple[int, ...], weighted: bool, shifted: bool, seed: int
) -> None:
    mean, variance, weight, bias = statistics(channels, seed)
    trace = judged(
        lambda x: F.batch_norm(
            x, mean, variance, weight if weighted else None, bias if shifted else None
        ),
        tensor(count, channels, *image, seed=seed),
        kind="batch_norm",
    )
    at = places_of(trace[0].shape, 20)
    for found in explain_all(trace, 0, at.tolist()):
        ((name, _, folded),) = found.forms
        assert name == "folded"
        assert folded == pytest.approx(found.total, rel=1e-9, abs=1e-9 * found.scale)


def test_the_numbers_of_a_batch_norm() -> None:
    mean, variance, weight, bias = statistics(3, 5)
    x = tensor(2, 3, 4, 4)
    found = explain(traced(lambda x: F.batch_norm(x, mean, variance, weight, bias), x), 0,
                    (1, 2, 0, 3))  # fmt: skip
    quantities = dict(found.quantities)
    slope = float(weight[2]) / math.sqrt(float(variance[2]) + 1e-5)
    shift = float(bias[2]) - float(mean[2]) * slope
    assert quantities == {"slope": pytest.approx(slope), "shift": pytest.approx(shift)}
    assert found.total == pytest.approx(float(x[1, 2, 0, 3]) * slope + shift)
    assert found.terms[0].factors[0].index == (1, 2, 0, 3)
    assert found.forms[0][1] == "r2*slope + shift"


@few
@given(st.integers(2, 3), st.integers(1, 3), images, st.booleans(), seeds)
def test_batch_norm_by_the_batch(
    count: int, channels: int, image: tuple[int, ...], affine: bool, seed: int
) -> None:
    mean, variance, weight, bias = statistics(channels, seed)
    given_ = (weight, bias) if affine else (None, None)
    judged(
        lambda x: F.batch_norm(
            x,
            mean.clone(),
            variance.clone(),
            weight=given_[0],
            bias=given_[1],
            training=True,
            momentum=0.3,
        ),
        tensor(count, channels, *image, seed=seed),
        kind="batch_norm",
    )
    judged(
        lambda x: F.batch_norm(x, None, None, given_[0], given_[1], training=True),
        tensor(count, channels, *image, seed=seed),
        kind="batch_norm",
    )


@pytest.mark.parametrize("training", [True, False])
def test_the_other_spellings_of_batch_norm(training: bool) -> None:
    mean, variance, weight, bias = statistics(3, 1)
    last = (training, 0.1, 1e-3)

    def spelled(x: Tensor) -> list[Any]:
        return [
            torch.native_batch_norm(x, weight, bias, mean.clone(), variance.clone(), *last),
            torch.ops.aten._native_batch_norm_legit(
                x, weight, bias, mean.clone(), variance.clone(), *last
            ),
            torch._batch_norm_impl_index(x, weight, bias, mean, variance, False, 0.1, 1e-3, True)[
                0
            ],
            torch.ops.aten._native_batch_norm_legit_no_training(
                x, weight, bias, mean, variance, 0.1, 1e-3
            ),
        ]

    trace = traced(spelled, tensor(2, 3, 4, 5))
    assert sum(op.kind == "batch_norm" for op in trace) == 4
    judged(lambda x: spelled(x)[:2], tensor(2, 3, 4, 5), kind="batch_norm")
    judged(lambda x: spelled(x)[3], tensor(2, 3, 4, 5), kind="batch_norm", outputs=[0])


@few
@given(
    st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), images, st.booleans(), seeds,
    st.sampled_from([torch.float32, torch.float64, torch.bfloat16]),
)  # fmt: skip
def test_group_norm(  # noqa: PLR0917 - drawn
    count: int, groups: int, size: int, image: tuple[int, ...], affine: bool, seed: int,
    dtype: torch.dtype,
) -> None:  # fmt: skip
    channels = groups * size
    weight, bias = (tensor(channels, seed=seed + k, dtype=dtype) for k in (1, 2))
    x = tensor(count, channels, *image, seed=seed, dtype=dtype)
    if x.numel() == count * groups:
        return  # one number a group: the framework refuses
    given_ = (weight, bias) if affine else (None, None)
    judged(lambda x: F.group_norm(x, groups, given_[0], given_[1], eps=1e-3), x, kind="group_norm")


@few
@given(st.integers(1, 3), st.integers(1, 3), st.integers(2, 4), st.booleans(), seeds)
def test_instance_norm(count: int, channels: int, length: int, affine: bool, seed: int) -> None:
    mean, variance, weight, bias = statistics(channels, seed)
    given_ = (weight, bias) if affine else (None, None)
    x = tensor(count, channels, length, 3, seed=seed)

    def moving(x: Tensor) -> Tensor:
        moved = mean.clone(), variance.clone()
        return torch.instance_norm(
            x, given_[0], given_[1], moved[0], moved[1], True, 0.3, 1e-5, False
        )

    def running(x: Tensor) -> Tensor:
        return torch.instance_norm(x, given_[0], given_[1], mean, variance, False, 0.1, 1e-5, False)

    for call in (moving, running, lambda x: F.instance_norm(x, weight=given_[0], bias=given_[1])):
        judged(call, x, kind="instance_norm")


@few
@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data(), seeds,
    st.sampled_from([torch.float32, torch.float64, torch.float16, torch.bfloat16]),
)  # fmt: skip
def test_layer_and_rms_norm(
    shape: list[int], data: st.DataObject, seed: int, dtype: torch.dtype
) -> None:
    behind = data.draw(st.integers(0, len(shape) - 1))
    weight, bias = (tensor(*shape[behind:], seed=seed + k, dtype=dtype) for k in (1, 2))
    x = tensor(*shape, seed=seed, dtype=dtype)
    given_ = data.draw(st.sampled_from([(None, None), (weight, None), (weight, bias)]))
    judged(lambda x: F.layer_norm(x, shape[behind:], *given_), x, kind="layer_norm")
    narrow = dtype in (torch.float16, torch.bfloat16)
    eps = data.draw(st.just(1e-3) if narrow else st.sampled_from([None, 1e-3]))
    judged(lambda x: F.rms_norm(x, shape[behind:], given_[0], eps), x, kind="rms_norm")


def test_a_narrow_rms_norm_without_an_eps_is_not_guessed() -> None:
    trace = traced(lambda x: F.rms_norm(x, (3,)), tensor(2, 3, dtype=torch.float16))
    assert recipe_of(trace[0]) is None
    assert "no eps was given" in why_not(trace[0])


def test_the_saved_statistics_of_native_norms() -> None:
    x, one = tensor(2, 4, 3, 5), torch.ones(4)
    judged(lambda x: torch.native_layer_norm(x, (3, 5), None, None, 1e-5), x, kind="layer_norm")
    judged(lambda x: torch.native_group_norm(x, one, one, 2, 4, 15, 2, 1e-5), x, kind="group_norm")


def replica(values: Sequence[float], eps: float) -> list[float]:
    mean = math.fsum(values) / len(values)
    variance = math.fsum((value - mean) ** 2 for value in values) / len(values)
    return [(value - mean) / math.sqrt(variance + eps) for value in values]


def test_plain_python_says_the_same_of_a_layer_norm() -> None:
    x = tensor(3, 8)
    trace = traced(lambda x: F.layer_norm(x, (8,)), x)
    for row in range(3):
        expected = replica(x[row].tolist(), 1e-5)
        for column in range(8):
            found = explain(trace, 0, (row, column))
            assert found.total == pytest.approx(expected[column], rel=1e-12)
            mean = math.fsum(x[row].tolist()) / 8
            squares = [(value - mean) ** 2 for value in x[row].tolist()]
            assert found.terms.results.tolist() == pytest.approx(squares)
            assert dict(found.quantities)["mean"] == pytest.approx(mean)


def test_plain_python_says_the_same_of_a_group_norm() -> None:
    x = tensor(2, 6, 2, 2)
    trace = traced(lambda x: F.group_norm(x, 2), x)
    for n in range(2):
        for group in range(2):
            values = x[n, 3 * group : 3 * group + 3].flatten().tolist()
            expected = replica(values, 1e-5)
            found = explain_all(
                trace,
                0,
                [(n, 3 * group + c, y, z) for c in range(3) for y in (0, 1) for z in (0, 1)],
            )
            assert [item.total for item in found] == pytest.approx(expected, rel=1e-12)
            assert len(found[0].terms) == 12


@pytest.mark.parametrize("offset", [1e2, 1e4])
def test_a_large_mean_is_judged_by_what_cancels(offset: float) -> None:
    x = tensor(4, 32, spread=1.0) + offset
    trace = judged(lambda x: F.layer_norm(x, (32,)), x, kind="layer_norm")
    judged(lambda x: F.batch_norm(x[..., None], None, None, training=True), x, kind="batch_norm")
    found = explain(trace, 0, (0, 0))
    # Not so loose that any number would do: two hundred thousandths at a mean of ten thousand.
    assert found.scale * 1e-6 < 1e-5 * offset


def test_constant_values_are_their_own_mean() -> None:
    judged(lambda x: F.layer_norm(x, (7,)), torch.full((2, 7), 0.1), kind="layer_norm")
    judged(lambda x: F.group_norm(x, 1), torch.full((2, 7), 1e3), kind="group_norm")


def test_modules_in_either_mode() -> None:
    for module in (nn.BatchNorm2d(3), nn.BatchNorm2d(3).eval(),
                   nn.InstanceNorm2d(3, affine=True, track_running_stats=True),
                   nn.InstanceNorm2d(3, track_running_stats=True).eval()):  # fmt: skip
        kind = "batch_norm" if isinstance(module, nn.BatchNorm2d) else "instance_norm"
        judged(module, tensor(2, 3, 4, 4), kind=kind)


def test_local_response_norm_is_pooling_and_arithmetic() -> None:
    trace = traced(lambda x: F.local_response_norm(x, 3), tensor(2, 4, 5, 5))
    kinds = [op.kind for op in trace]
    assert kinds[0] == "mul"
    assert kinds[-1] == "div"
    for kind in ("mul", "add", "pow", "div"):
        judged(lambda x: F.local_response_norm(x, 3), tensor(2, 4, 5, 5), kind=kind)
