"""The fixtures that every evaluator must reproduce, and the one in Python does."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from layerwalk.recipes.evaluator import Work
from layerwalk.recipes.expression import FUNCTIONS
from layerwalk.recipes.notation import from_plain
from recipe_fixtures import CASES, PATH, fixtures

WRITTEN: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
BY_NAME = {one["name"]: one for one in WRITTEN["fixtures"]}
# JSON has no complex numbers, and neither has a page.
_NOT_ON_THE_PAGE = {"conj", "imag", "real"}


def close(one: Any, other: Any) -> bool:
    """Equal, but for the last bits of what machines reckon differently."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(close, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-5, abs_tol=1e-6)
    return bool(one == other)


@pytest.mark.filterwarnings("ignore:Using padding='same'")
def test_the_file_is_what_the_recipes_give() -> None:
    made = {one["name"]: one for one in fixtures()}
    assert made.keys() == BY_NAME.keys()
    for name, one in made.items():
        told = f"{name}: run scripts/recipe_fixtures.py"
        assert one["recipe"] == BY_NAME[name]["recipe"], told
        assert one["operands"] == BY_NAME[name]["operands"], told
        assert close(one["values"], BY_NAME[name]["values"]), told


@pytest.mark.parametrize("name", CASES)
def test_the_file_says_all_that_an_evaluator_needs(name: str) -> None:
    one = BY_NAME[name]
    recipe = from_plain(one["recipe"])
    operands = [
        np.array(given["numbers"], dtype=given["dtype"]).reshape(given["shape"])
        for given in one["operands"]
    ]
    at = np.array([value["index"] for value in one["values"]], dtype=np.int64)
    work = Work(recipe, operands, at.reshape(len(one["values"]), len(recipe.axes)))
    result = work.run()
    for k, value in enumerate(one["values"]):
        assert result.values[k] == pytest.approx(value["total"], rel=1e-12, abs=1e-12)
        assert result.scales[k] == pytest.approx(value["scale"], rel=1e-6, abs=1e-9)
        assert abs(float(value["recorded"]) - float(value["total"])) <= 1e-6 * value["scale"]


def test_every_part_of_the_language_is_in_them() -> None:
    text = json.dumps([one["recipe"] for one in WRITTEN["fixtures"]])
    missing = [name for name in FUNCTIONS if f'["{name}"' not in text]
    assert set(missing) == _NOT_ON_THE_PAGE
    for word in ("exact", "table", "skip", "limits", "each", "forms", "number"):
        assert f'"{word}"' in text
    for combine in ("sum", "mean", "max", "min", "prod", "any", "all"):
        assert f'"combine": "{combine}"' in text
