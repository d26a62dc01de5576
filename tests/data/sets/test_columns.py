from __future__ import annotations

from typing import Any

import pytest
from datasets import Array2D, ClassLabel, Image, Value

from layerwalk.data.sets.columns import Columns, find_columns
from layerwalk.data.sets.wanted import Wanted
from layerwalk.errors import DataError

LABEL = ClassLabel(names=["a", "b"])
TEXT = Value("string")


@pytest.mark.parametrize(
    ("features", "wanted", "columns"),
    [
        ({"img": Image(), "fine": LABEL}, Wanted(), Columns("img", "fine", True, ("a", "b"))),
        ({"id": TEXT, "image": Image(), "kind": TEXT, "label": TEXT}, Wanted(),
         Columns("image", "label", True, None)),
        ({"x": Array2D((2, 2), "uint8"), "y": Value("int64")}, Wanted(),
         Columns("x", "y", False, None)),
        ({"image": Image(), "mask": Image(), "label": LABEL, "other": LABEL}, Wanted(),
         Columns("image", "label", True, ("a", "b"))),
        ({"image": Image(), "mask": Image(), "label": LABEL, "other": LABEL},
         Wanted(image="mask", label="other"), Columns("mask", "other", True, ("a", "b"))),
    ],
)  # fmt: skip
def test_columns(features: dict[str, Any], wanted: Wanted, columns: Columns) -> None:
    assert find_columns(features, wanted, "it") == columns


@pytest.mark.parametrize(
    ("features", "wanted", "missing", "there"),
    [
        ({"fine_label": LABEL, "coarse_label": LABEL, "img": Image()}, Wanted(),
         "no single column of its labels was found; say which with label=",
         "fine_label, coarse_label"),
        ({"left": Image(), "right": Image(), "label": LABEL}, Wanted(),
         "no single column of its pictures was found; say which with image=",
         "left, right, label"),
        ({"text": TEXT}, Wanted(),
         "no single column of its pictures was found; say which with image=", "text"),
        ({"image": Image(), "label": LABEL}, Wanted(label="kind"),
         "it has no column 'kind'; say which with label=", "label"),
        ({"image": Image()}, Wanted(),
         "no single column of its labels was found; say which with label=", "no other"),
    ],
)  # fmt: skip
def test_columns_that_are_not_there(
    features: dict[str, Any], wanted: Wanted, missing: str, there: str
) -> None:
    with pytest.raises(DataError) as caught:
        find_columns(features, wanted, "it")
    assert str(caught.value) == f"it: {missing}: it has {there}."
