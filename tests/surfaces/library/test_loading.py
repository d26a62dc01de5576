"""Waiting for a network, and not waiting for it any more."""

from __future__ import annotations

import threading

import pytest

import layerwalk as lw
from layerwalk.models import Model
from layerwalk.surfaces.library.loading import Loading


class Enough(BaseException):
    """Somebody waits no longer."""


def test_the_network_comes_to_whoever_waits() -> None:
    model = lw.load_model("edges")
    loading = Loading(lambda: model)
    assert loading.wait(lambda: None) is model
    assert loading.wait(lambda: None) is model


def test_what_loading_raised_comes_to_whoever_waits() -> None:
    def load() -> Model:
        raise SystemExit(3)

    loading = Loading(load)
    for _ in range(2):
        with pytest.raises(SystemExit):
            loading.wait(lambda: None)


def test_it_goes_on_when_nobody_waits() -> None:
    door = threading.Event()

    def load() -> Model:
        assert door.wait(60)
        return lw.load_model("edges")

    def enough() -> None:
        raise Enough

    loading = Loading(load)
    with pytest.raises(Enough):
        loading.wait(enough)
    door.set()
    assert loading.wait(lambda: None).name == "edges"
