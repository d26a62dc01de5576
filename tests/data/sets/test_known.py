from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from layerwalk.data.sets import known_sets, load_data


def test_what_comes_with_packages_is_as_it_is_said() -> None:
    for known in known_sets():
        if known.hub:
            continue
        data = load_data(known.name)
        assert (len(data), data.shape, len(data.classes)) == (
            known.size,
            known.shape,
            known.classes,
        )


def test_what_is_at_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_DATASETS_CACHE", str(tmp_path))
    (tmp_path / "uoft-cs___cifar10").mkdir()
    said = {known.name: known.at_hand for known in known_sets()}
    assert said == {
        "mnist": "comes with Layerwalk",
        "digits": "comes with scikit-learn",
        "fashion-mnist": "downloaded when first used",
        "cifar10": "on this machine",
    }
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    said = {known.name: known.at_hand for known in known_sets()}
    assert said["digits"] == "pip install scikit-learn first"
    assert said["cifar10"] == "pip install datasets first"


def test_the_cache_is_where_hugging_face_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HF_DATASETS_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    (tmp_path / "datasets" / "uoft-cs___cifar10").mkdir(parents=True)
    assert known_sets()[-1].at_hand == "on this machine"
