"""Interpolation of every mode: against the framework, and the weights bit by bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from layerwalk.recipes.book import why_not
from layerwalk.recipes.explain import explain
from recipes.judged import judged, places_of, recipe_for, traced

KINDS = {
    ("nearest", 1): "upsample_nearest1d", ("nearest", 2): "upsample_nearest2d",
    ("nearest", 3): "upsample_nearest3d", ("nearest-exact", 1): "_upsample_nearest_exact1d",
    ("nearest-exact", 2): "_upsample_nearest_exact2d",
    ("nearest-exact", 3): "_upsample_nearest_exact3d", ("linear", 1): "upsample_linear1d",
    ("bilinear", 2): "upsample_bilinear2d", ("trilinear", 3): "upsample_trilinear3d",
    ("bicubic", 2): "upsample_bicubic2d",
}  # fmt: skip
FACTORS = [0.3, 1 / 3, 0.5, 0.7, 1.0, 1.1, 1.7, 2.0, 2.3, 3.0]


@st.composite
def _settings(draw: st.DrawFn) -> tuple[str, str, torch.Tensor, dict[str, Any]]:
    mode, rank = draw(st.sampled_from(sorted(KINDS)))
    most = (60, 14, 6)[rank - 1]
    size = draw(st.tuples(*[st.integers(1, most)] * rank))
    options: dict[str, Any] = {"mode": mode}
    if draw(st.booleans()):
        options["size"] = draw(st.tuples(*[st.integers(1, 2 * most)] * rank))
    else:
        factors = [draw(st.sampled_from([f for f in FACTORS if int(n * f)])) for n in size]
        options["scale_factor"] = tuple(factors)
        options["recompute_scale_factor"] = draw(st.booleans())
    if "nearest" not in mode:
        options["align_corners"] = draw(st.booleans())
    torch.manual_seed(0)
    x = torch.randn(1, 2, *size).to(draw(st.sampled_from([torch.float32, torch.bfloat16])))
    if rank == 2 and draw(st.booleans()):
        x = x.to(memory_format=torch.channels_last)
    return KINDS[mode, rank], mode, x, options


@given(_settings())
@settings(max_examples=250)
def test_interpolation(setting: tuple[str, str, torch.Tensor, dict[str, Any]]) -> None:
    kind, mode, x, options = setting
    judged(
        lambda x: F.interpolate(x, **options), x,
        kind=kind, moves="nearest" in mode, samples=100,
    )  # fmt: skip


@given(
    st.tuples(st.integers(1, 24), st.integers(1, 24)),
    st.tuples(st.integers(1, 30), st.integers(2, 30)),
    st.sampled_from(["bilinear", "bicubic"]),
    st.booleans(),
)
@settings(max_examples=80)
def test_smoothed_interpolation(
    size: tuple[int, int], wanted: tuple[int, int], mode: str, align: bool
) -> None:
    torch.manual_seed(0)
    judged(
        lambda x: F.interpolate(x, wanted, mode=mode, align_corners=align, antialias=True),
        torch.randn(1, 2, *size), kind=f"_upsample_{mode}2d_aa", samples=100,
    )  # fmt: skip


@pytest.mark.parametrize("align", [False, True])
@pytest.mark.parametrize("mode", ["bilinear", "bicubic"])
@pytest.mark.parametrize("sizes", [(5, 13), (13, 5), (57, 101), (7, 7), (1, 4)])
def test_the_weights_are_the_frameworks(mode: str, align: bool, sizes: tuple[int, int]) -> None:
    """Of rows with a single 1 the framework's outputs are its weights themselves."""
    before, after = sizes
    rows = torch.eye(before)[:, None, None, :].expand(-1, 1, 2, -1).contiguous()
    trace = traced(lambda x: F.interpolate(x, (2, after), mode=mode, align_corners=align), rows)
    recorded = trace[0].array()[:, 0, 0, :]
    found = np.zeros_like(recorded)
    recipe = recipe_for(trace[0])
    positions, weights = recipe.tables[2:]
    for x in range(after):
        for place, weight in zip(positions[x], weights[x], strict=True):  # type: ignore[arg-type]
            found[int(place), x] += np.float32(weight)
    # What lands on the same end position twice is added up in another order.
    np.testing.assert_allclose(found, recorded, rtol=0, atol=2**-23)
    assert (found == recorded).mean() > 0.9


def _bilinear(n: int, m: int, align: bool) -> list[dict[int, float]]:
    """The weights of one dimension, as textbooks have them."""
    rows: list[dict[int, float]] = []
    for k in range(m):
        if align:
            source = k * (n - 1) / (m - 1) if m > 1 else 0.0
        else:
            source = max((k + 0.5) * n / m - 0.5, 0.0)
        left = min(int(source), n - 1)
        row = {left: 1 - (source - left)}
        right = min(left + 1, n - 1)
        row[right] = row.get(right, 0) + source - left
        rows.append(row)
    return rows


@given(st.tuples(*[st.integers(1, 9)] * 4), st.booleans())
@settings(max_examples=40)
def test_bilinear_terms_are_the_textbooks(sizes: tuple[int, int, int, int], align: bool) -> None:
    height, width, rows, columns = sizes
    trace = traced(
        lambda x: F.interpolate(x, (rows, columns), mode="bilinear", align_corners=align),
        torch.rand(1, 2, height, width) + 0.5,
    )
    vertical, horizontal = _bilinear(height, rows, align), _bilinear(width, columns, align)
    for place in places_of(trace[0].shape, 6).tolist():
        found: dict[tuple[int, ...], float] = {}
        for term in explain(trace, 0, place).terms:
            (factor,) = term.factors
            weight = complex(term.result / factor.number).real
            found[factor.index] = found.get(factor.index, 0) + weight
        wanted = {
            (*place[:2], y, x): a * b
            for y, a in vertical[place[2]].items()
            for x, b in horizontal[place[3]].items()
        }
        assert found.keys() >= {key for key, weight in wanted.items() if weight > 1e-5}
        for key, weight in found.items():
            assert weight == pytest.approx(wanted.get(key, 0), abs=1e-5)


def test_doubling_by_the_nearest_needs_no_table() -> None:
    trace = traced(lambda x: F.interpolate(x, scale_factor=2.0), torch.rand(1, 2, 3, 4))
    recipe = recipe_for(trace[0])
    assert recipe.tables == ()
    assert recipe.reads[0].index == ("n", "c", ("floordiv", "y", 2), ("floordiv", "x", 2))


def test_halving_by_the_nearest_needs_no_table() -> None:
    trace = traced(lambda x: F.interpolate(x, scale_factor=0.5), torch.rand(1, 2, 6, 4))
    assert recipe_for(trace[0]).reads[0].index[2:] == (("mul", 2, "y"), ("mul", 2, "x"))


def test_the_calls_below_the_function_are_known_too() -> None:
    call = torch.ops.aten.upsample_bilinear2d.default
    judged(lambda x: call(x, [5, 9], False, 1.7, None), torch.randn(1, 2, 3, 4),
           kind="upsample_bilinear2d")  # fmt: skip
    one = torch.ops.aten.upsample_nearest1d.default
    judged(lambda x: one(x, [5], 1.7), torch.randn(1, 2, 3), kind="upsample_nearest1d", moves=True)


@pytest.mark.parametrize(
    ("mode", "rank"), [("linear", 1), ("bilinear", 2), ("trilinear", 3), ("nearest", 2)]
)
def test_a_size_that_stays_is_a_copy_whatever_the_factor(mode: str, rank: int) -> None:
    x = torch.randn(1, 2, *[4, 3, 2][:rank])
    trace = judged(
        lambda x: F.interpolate(x, scale_factor=1.1, mode=mode), x, kind=KINDS[mode, rank]
    )
    assert np.array_equal(trace[0].array(), x.numpy())


def test_volumes_by_the_nearest_have_positions_by_their_layout() -> None:
    x = torch.randn(1, 4, 7, 7, 7)
    judged(lambda x: F.interpolate(x, scale_factor=1.1), x, kind="upsample_nearest3d", moves=True)
    last = x.to(memory_format=torch.channels_last_3d)
    trace = traced(lambda x: F.interpolate(x, scale_factor=1.1), last)
    assert "memory's layout" in why_not(trace[0])
    judged(lambda x: F.interpolate(x, scale_factor=1.5), last, kind="upsample_nearest3d")


def test_float64_has_its_own_positions() -> None:
    x = torch.randn(1, 1, 1, 20, dtype=torch.float64)
    judged(lambda x: F.interpolate(x, (1, 50)), x, kind="upsample_nearest2d", moves=True)


def test_whole_numbers_have_no_recipe() -> None:
    x = torch.randint(0, 255, (1, 3, 4, 4), dtype=torch.uint8)
    trace = traced(lambda x: F.interpolate(x, (8, 8), mode="bilinear"), x)
    assert why_not(trace[0]) == "uint8 is resized in whole numbers"
