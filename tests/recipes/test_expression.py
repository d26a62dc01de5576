"""The language of the recipes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from layerwalk.recipes.expression import FUNCTIONS, evaluate, names_in, reads_in, spelled

ROOT = Path(__file__).resolve().parent.parent.parent


def test_every_function_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`[^|]*) \|", page, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (("add", ("mul", 2, "y"), "u", -1), "2*y + u - 1"),
        (("sub", "a", ("sub", "b", "c")), "a - (b - c)"),
        (("sub", ("sub", "a", "b"), "c"), "a - b - c"),
        (("mul", ("add", "a", 1), "b"), "(a + 1)*b"),
        (("div", "a", ("mul", "b", "c")), "a/(b*c)"),
        (("neg", ("add", "a", "b")), "-(a + b)"),
        (("max", ("read", 0), 0), "max(r0, 0)"),
        (("where", ("gt", "x", 0), "x", ("mul", 0.1, "x")), "where(x > 0, x, 0.1*x)"),
        (("pow", "x", 2), "x^2"),
        (("mul", "a", ("mod", "b", "c")), "a*(b % c)"),
        (("mul", ("floordiv", "a", "b"), "c"), "(a // b)*c"),
        (("floordiv", ("mul", "a", "b"), "c"), "a*b // c"),
        (("add", "a", ("mod", "b", "c")), "a + b % c"),
    ],
)
def test_how_it_is_spelled(expression: tuple[object, ...], text: str) -> None:
    assert spelled(expression) == text  # type: ignore[arg-type]


def test_names_and_reads() -> None:
    expression = ("add", ("mul", ("read", 1), "y"), ("read", 0), ("table", 0, "x"), "y")
    assert names_in(expression) == ["y", "x"]
    assert reads_in(expression) == [1, 0]


def test_values() -> None:
    numbers = {"x": np.array([-2.0, 0.0, 3.0]), "i": np.array([-1, 0, 1, 4, 5, 6])}

    def value(expression: object) -> list[float]:
        found = evaluate(expression, lambda name: numbers[str(name)])  # type: ignore[arg-type]
        return np.asarray(found).tolist()  # type: ignore[no-any-return]

    assert value(("clamp", "x", -1, 2)) == [-1.0, 0.0, 2.0]
    assert value(("reflect", "i", 5)) == [1, 0, 1, 4, 3, 2]
    assert value(("choose", "x", 0, 3, 10, 7, 8, 9)) == [7, 8, 9]
    assert value(("mod", "i", 4)) == [3, 0, 1, 0, 1, 2]
    assert value(("round", ("mul", "i", 0.5))) == [-0.0, 0.0, 0.0, 2.0, 2.0, 3.0]
    assert value(("sigmoid", ("mul", "x", 1000))) == [0.0, 0.5, 1.0]
    assert value(("softplus", ("mul", "x", 1000))) == pytest.approx([0.0, np.log(2), 3000.0])
    assert value(("erf", "x")) == pytest.approx([-0.9953222650189527, 0.0, 0.9999779095030014])
