"""``trace.show()``: one explorer for all that a program shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from layerwalk.data.sets import load_data
from layerwalk.record import Trace
from layerwalk.surfaces import show as module
from layerwalk.surfaces.server.server import Server


@pytest.fixture(autouse=True)
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    links: list[str] = []
    monkeypatch.setattr(module, "open_browser", links.append)
    desk = module._Desk()
    monkeypatch.setattr(module, "_DESK", desk)
    yield links
    desk.close()


def listed(shown: Any) -> list[str]:
    base = shown.url.split("/#")[0]
    token = re.findall("token=([^&]+)", shown.url)[0]
    headers = {"Authorization": f"Bearer {token}"}
    return [card["model"] for card in httpx.get(f"{base}/api/traces", headers=headers).json()]


def test_the_browser_opens_and_the_link_is_there(edges: Trace, opened: list[str]) -> None:
    shown = edges.show()
    # Others can read the browser's command line.
    (link,) = opened
    assert re.sub("ticket=[^&]+", "", link) == re.sub("token=[^&]+", "", shown.url)
    assert repr(shown) == f"<Explorer at {shown.url}>"
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#token=[\w-]+&trace=cat-\w{6}", shown.url)
    assert listed(shown) == ["edges"]


def test_several_traces_stand_in_one_explorer(
    edges: Trace, lite0: Trace, opened: list[str]
) -> None:
    first, second = edges.show(browser=False), lite0.show(browser=False)
    assert opened == []
    assert first.url.split("&")[0] == second.url.split("&")[0]
    assert listed(first) == ["efficientnet_lite0", "edges"]
    first.close()
    first.close()
    assert listed(second) == ["efficientnet_lite0"]
    second.close()
    with pytest.raises(httpx.ConnectError):
        listed(second)


def test_after_the_last_was_closed_another_can_be_shown(edges: Trace) -> None:
    edges.show().close()
    assert listed(edges.show()) == ["edges"]


def test_the_same_trace_twice_is_one(edges: Trace) -> None:
    assert edges.show().url == edges.show().url


def test_a_data_set_stands_beside_them(edges: Trace, opened: list[str]) -> None:
    data = load_data("mnist").subset(range(20))
    shown, trace = data.show(), edges.show(browser=False)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/#ticket=[\w-]+&data=mnist-\w{6}", opened[0])
    assert data.show(browser=False).url == shown.url
    trace.close()
    # The set is still looked at.
    assert listed(shown) == []
    shown.close()
    with pytest.raises(httpx.ConnectError):
        listed(shown)


def test_a_script_waits_until_ctrl_c(edges: Trace, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: Server) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "wait", interrupted)
    shown = edges.show()
    shown.wait()
    with pytest.raises(httpx.ConnectError):
        listed(shown)
    shown.wait()


def test_in_a_notebook_it_is_a_widget(
    edges: Trace, monkeypatch: pytest.MonkeyPatch, opened: list[str]
) -> None:
    monkeypatch.setattr(module, "in_notebook", lambda: True)
    monkeypatch.setattr(module, "show_in_cell", lambda library, key: (library, key))
    library, key = edges.show()
    assert ([card.model for card in library.cards()], opened) == (["edges"], [])
    assert library.opened(key).trace is edges
