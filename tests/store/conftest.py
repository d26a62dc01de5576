from __future__ import annotations

from pathlib import Path

import pytest

from layerwalk.record import Trace
from layerwalk.store import save
from store.traces import full


@pytest.fixture
def walk() -> Trace:
    return full()


@pytest.fixture
def saved(walk: Trace, tmp_path: Path) -> Path:
    return save(walk, tmp_path / "walk.safetensors")
