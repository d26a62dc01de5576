"""The browser is asked for only where there is a screen."""

from __future__ import annotations

import sys
import webbrowser

import pytest

from layerwalk.surfaces.browser import open_browser


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    links: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda link: not links.append(link))  # type: ignore[func-returns-value]
    return links


def test_where_there_is_a_screen(monkeypatch: pytest.MonkeyPatch, links: list[str]) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert open_browser("http://localhost")
    assert links == ["http://localhost"]


def test_where_there_is_none(monkeypatch: pytest.MonkeyPatch, links: list[str]) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    assert not open_browser("http://localhost")
    assert links == []


def test_other_systems_have_one_always(monkeypatch: pytest.MonkeyPatch, links: list[str]) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert open_browser("http://localhost")
    assert links == ["http://localhost"]


@pytest.mark.parametrize("error", [webbrowser.Error("no browser"), OSError("not found")])
def test_one_that_cannot_be_started(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(_: str) -> bool:
        raise error

    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(webbrowser, "open", broken)
    assert not open_browser("http://localhost")
