from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from layerwalk.data.sets.class_names import check_classes, check_labels, name_classes
from layerwalk.errors import DataError


def test_numbers_name_themselves() -> None:
    labels, classes = name_classes(np.array([2, 0, 2], np.uint8), "it")
    assert (labels.tolist(), classes) == ([2, 0, 2], ("0", "1", "2"))
    labels, classes = name_classes(np.array([[1], [0]]), "it", ["cat", "dog"])
    assert (labels.tolist(), classes) == ([1, 0], ("cat", "dog"))
    assert name_classes(np.array([1.0, 0.0]), "it")[0].tolist() == [1, 0]
    assert name_classes(np.array([True, False]), "it")[1] == ("False", "True")


def test_texts_are_classes_in_the_order_of_the_alphabet_or_as_named() -> None:
    texts = np.array(["dog", "cat", "dog"])
    assert name_classes(texts, "it")[1] == ("cat", "dog")
    labels, classes = name_classes(texts, "it", ["emu", "dog", "cat"])
    assert (labels.tolist(), classes) == ([1, 2, 1], ("emu", "dog", "cat"))
    assert name_classes(np.array([b"dog", b"cat"]), "it")[1] == ("cat", "dog")


@pytest.mark.parametrize(
    ("labels", "classes", "sentence"),
    [
        (np.array([0, -1]), None, "picture 1 has the label -1, which is no class number"),
        (np.array([0, 10**6]), None, "picture 1 has the label 1,000,000"),
        (np.array([0.5]), None, "labels of type float64 and shape (1,) are no classes"),
        (np.zeros((3, 2), np.int64), None, "shape (3, 2) are no classes"),
        (np.array([None]), None, "labels of type object"),
        (np.array(["cat", "cow"]), ["cat"], "picture 1 has the label 'cow', which is none"),
    ],
)
def test_what_are_no_classes(
    labels: NDArray[Any], classes: list[str] | None, sentence: str
) -> None:
    with pytest.raises(DataError) as caught:
        name_classes(labels, "it", classes)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("classes", "sentence"),
    [
        ((), "it: it has no class; a data set needs two, to tell them apart."),
        (("cat",), "it: it has one class only, 'cat'; a data set needs two, to tell them apart."),
        (("cat", "dog", "cat"), "it: two of its classes are called 'cat'."),
    ],
)
def test_classes_that_cannot_be_told_apart(classes: tuple[str, ...], sentence: str) -> None:
    with pytest.raises(DataError) as caught:
        check_classes(classes, "it")
    assert str(caught.value) == sentence


def test_a_label_out_of_range() -> None:
    assert check_labels(np.array([0, 1], np.uint8), 2, "it").dtype == np.int64
    for wrong in (2, -1):
        with pytest.raises(DataError) as caught:
            check_labels(np.array([0, wrong]), 2, "it")
        assert str(caught.value) == (
            f"it: picture 1 has the label {wrong}, and its 2 classes have the numbers 0 to 1; "
            "correct the label, or name more classes."
        )
    with pytest.raises(DataError, match="are no class numbers"):
        check_labels(np.array([0.0]), 2, "it")
