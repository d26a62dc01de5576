"""Class names, each of them once."""

from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.errors import ModelError
from layerwalk.models.labels import imagenet_labels, read_labels


def test_imagenet_names_are_a_thousand_and_all_different() -> None:
    labels = imagenet_labels()
    assert len(labels) == 1000
    assert len(set(labels)) == 1000
    assert all(labels)


def test_doubled_names_carry_their_wordnet_id() -> None:
    labels = imagenet_labels()
    assert [name for name in labels if "(n0" in name] == [
        "missile (n03773504)",
        "missile (n04008634)",
        "sunglasses (n04355933)",
        "sunglasses (n04356056)",
    ]


@pytest.mark.parametrize(("index", "word"), [(0, "tench"), (207, "retriever"), (999, "toilet")])
def test_names_stand_at_their_class(index: int, word: str) -> None:
    assert word in imagenet_labels()[index].lower()


def test_names_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "names.txt"
    path.write_bytes("\ufeffKatze\r\nHündin \r\n\r\n".encode())
    assert read_labels(path) == ("Katze", "Hündin")
    assert read_labels(str(path)) == ("Katze", "Hündin")


def test_names_from_a_sequence_and_by_word() -> None:
    assert read_labels(["a", "b"]) == ("a", "b")
    assert read_labels("imagenet") == imagenet_labels()


def test_unreadable_names(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere\.txt: the class names cannot be read"):
        read_labels(tmp_path / "nowhere.txt")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="UnicodeDecodeError"):
        read_labels(tmp_path / "binary.txt")
    (tmp_path / "empty.txt").write_text("\n\n")
    with pytest.raises(ModelError, match="there are no class names"):
        read_labels(tmp_path / "empty.txt")
