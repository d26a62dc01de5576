"""Scales: honest where numbers cancel, and no wider than first-order rounding."""

from __future__ import annotations

import numpy as np
import pytest

from layerwalk.recipes.expression import Expression
from layerwalk.recipes.margin import Uncertain, certain, combined


def scale(expression: Expression, **known: Uncertain | float) -> float:
    """The scale of an expression; numbers are read, the rest was reckoned."""

    def leaf(name: Expression) -> Uncertain:
        found = known[str(name)]
        return found if isinstance(found, Uncertain) else certain(found)

    with np.errstate(all="ignore"):
        return float(combined(expression, leaf).scales)


def reckoned(value: float, margin: float) -> Uncertain:
    return Uncertain(np.asarray(value), np.asarray(margin))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (("add", "a", "b"), 7.0),
        (("sub", "a", "b"), 7.0),
        (("mul", "a", "b"), 12.0),
        (("mul", ("add", "a", "b"), "b"), 28.0),
        (("exp", "a"), np.exp(3.0)),
        (("neg", "b"), 4.0),
        (("max", "a", "b"), 3.0),
        (("clamp", "a", 0, 1), 1.0),
        (("where", ("gt", "a", 0), "a", "b"), 3.0),
        (("gt", "a", "b"), 1.0),
    ],
)
def test_of_what_was_read(expression: Expression, expected: float) -> None:
    assert scale(expression, a=3.0, b=-4.0) == pytest.approx(expected)


def test_a_function_carries_the_error_of_what_was_reckoned() -> None:
    # exp(80 * 1.00000006) is 5e-6 off: the product counts as reckoned.
    assert scale(("exp", ("mul", 2, "a")), a=-40.0) == pytest.approx(81 * np.exp(-80), rel=1e-3)
    assert scale(("log", "t"), t=reckoned(1.0, 1.0)) == pytest.approx(1.0, rel=1e-5)


def test_the_square_of_a_difference_that_cancelled() -> None:
    difference = reckoned(1.0, 2e4)
    assert scale(("mul", "d", "d"), d=difference) == pytest.approx(4e4, rel=0.02)


def test_a_root_of_nothing_has_one_side() -> None:
    # 1e-12 more than 0 under the root is 1e-6 above it.
    assert scale(("sqrt", "v"), v=reckoned(0.0, 1e-6)) == pytest.approx(1.0)


def test_nothing_times_infinity_has_no_scale() -> None:
    assert scale(("mul", "zero", "far"), zero=0.0, far=reckoned(-np.inf, np.inf)) == 0
