"""``layerwalk show`` and ``layerwalk serve``: the explorer, as somebody starts and ends it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import layerwalk as lw
from layerwalk.surfaces.server.server import Server
from surfaces.commandline import CommandLine

NET = """
import torch
from torch import nn

class Net(nn.Conv2d):
    def __init__(self):
        super().__init__(3, 4, 3)

class Broken(Net):
    def forward(self, x):
        super().forward(x)
        raise ValueError("the bridge is out.")
"""


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the served explorer said, asked before its user pressed Ctrl-C."""
    said: list[Any] = []

    def wait(server: Server) -> None:
        with httpx.Client(
            base_url=server.address.url, headers={"Authorization": f"Bearer {server.token}"}
        ) as client:
            said.append(client.get("/api/traces").json())
            job = client.post("/api/walks?picture=sample:digits/3").json()
            while job["state"] in ("queued", "running"):
                job = client.get(f"/api/walks/{job['id']}?seen={job['change']}").json()
            said.append(job)
            said.append(client.get("/api/traces").json()[0])
        said.append(server.library.limit)
        raise KeyboardInterrupt

    monkeypatch.setattr(Server, "wait", wait)
    return said


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Links that the browser was told to open."""
    links: list[str] = []

    def open_browser(link: str) -> bool:
        links.append(link)
        return True

    monkeypatch.setattr("layerwalk.surfaces.cli.serve.open_browser", open_browser)
    return links


def test_show_prints_the_classes_and_opens_the_explorer(
    layerwalk: CommandLine, visits: list[Any], opened: list[str], tmp_path: Path
) -> None:
    ended = layerwalk.done("show", "sample:digits/7", "--model", "lenet5", "--top", "3")
    assert len([line for line in ended.lines if "%  " in line]) == 3
    (link,) = opened
    said = re.findall("The explorer is at (http://[^/]+/)#token=[^&]+&(.*)", ended.out)
    assert said == re.findall("(http://[^/]+/)#ticket=[^&]+&(.*)", link)
    assert ended.lines[-1] == "Ctrl-C ends it."
    (card,) = visits[0]
    assert (card["model"], card["picture"]) == ("lenet5", "sample:digits/7")
    assert link.endswith(f"&trace={card['id']}")
    assert visits[1]["state"] == "done", "its network is the usual one"
    assert visits[2]["model"] == "lenet5"
    assert list(tmp_path.iterdir()) == [], "no folder is written"


def test_serve_takes_photos_and_saved_walks_and_none(
    layerwalk: CommandLine, visits: list[Any], opened: list[str], tmp_path: Path
) -> None:
    lw.trace(lw.load_model("edges"), "sample:cat").save(tmp_path / "cat.safetensors")
    words = ("serve", "cat.safetensors", "sample:digits/3", "--model", "tiny_vgg", "--no-browser")
    ended = layerwalk.done(*words, "--memory", "0.5")
    assert [card["model"] for card in visits[0]] == ["tiny_vgg", "edges"]
    assert visits[3] == 500_000_000
    assert opened == []
    assert len(ended.lines) == 2
    layerwalk.done("serve", "--model", "lenet5", "--no-browser")
    assert visits[4] == []
    assert visits[6]["model"] == "lenet5"


def test_the_network_of_the_command_line_is_loaded_once_for_all_photos(
    layerwalk: CommandLine, visits: list[Any], tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(NET + "open('loads', 'a').write('x')\n")
    net = ("--model", "net.py:Net", "--input-size", "8", "--no-browser")
    layerwalk.done("serve", "sample:cat", "sample:dog", *net)
    assert visits[1]["state"] == "done", "the page may use it"
    assert (tmp_path / "loads").read_text() == "x"


def test_a_network_that_raises_half_way_is_shown_as_far_as_it_came(
    layerwalk: CommandLine, visits: list[Any], tmp_path: Path
) -> None:
    (tmp_path / "net.py").write_text(NET)
    net = ("--model", "net.py:Broken", "--input-size", "8", "--no-browser")
    ended = layerwalk("show", "sample:cat", *net)
    assert ended.status == 0
    assert ended.err == (
        "note: Broken: the bridge is out; the network stopped there, and the 1 op before it was "
        "kept.\n"
    )
    assert visits[0][0]["ops"] == 1


@pytest.mark.usefixtures("visits")
def test_other_machines_are_let_in_with_a_warning(layerwalk: CommandLine) -> None:
    ended = layerwalk("serve", "--host", "0.0.0.0", "--no-browser")  # noqa: S104 - what is tested
    assert ended.status == 0
    assert ended.err.startswith("note: everybody who reaches 0.0.0.0 and has the link may look")


@pytest.mark.usefixtures("visits")
def test_without_a_browser_the_link_is_enough(
    layerwalk: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("layerwalk.surfaces.cli.serve.open_browser", lambda _: False)
    ended = layerwalk("serve")
    assert ended.status == 0
    assert ended.err == "note: no browser could be opened here: open the link yourself.\n"


def test_a_port_that_is_taken_is_told_before_anything_long(
    layerwalk: CommandLine, visits: list[Any]
) -> None:
    with lw_server() as server:
        words = ("show", "sample:cat", "--model", "nope", "--port", str(server.address.port))
        assert "the server cannot listen there" in layerwalk.failed(*words)
    assert visits == []


@pytest.mark.usefixtures("visits")
def test_another_name_can_be_allowed(layerwalk: CommandLine) -> None:
    words = ("serve", "--no-browser", "--allow-host")
    layerwalk.done(*words, "gpu.example", "--allow-host", "10.0.0.7")
    assert "'a/b' is no name of a host" in layerwalk.failed(*words, "a/b")


def lw_server() -> Server:
    from layerwalk.surfaces.library import Library
    from layerwalk.surfaces.server.address import bind

    return Server(Library(), bind(port=0))


@pytest.fixture
def program(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The program itself, with a browser that writes down what it opens."""
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    words = ("show", "sample:digits/3", "--model", "lenet5")
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "layerwalk", *words],
        cwd=tmp_path,
        env={**os.environ, "BROWSER": f"{browser} %s"},
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        yield program
        program.kill()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_from_the_terminal_to_the_browser_and_ctrl_c(
    program: subprocess.Popen[str], tmp_path: Path
) -> None:
    assert program.stdout is not None
    said = [next(program.stdout)]
    while not said[-1].startswith("Ctrl-C ends it."):
        said.append(next(program.stdout))
    link = re.findall("http://.*", said[-2])[0]
    base, token = link.split("/#token=")
    token, _, trace = token.partition("&trace=")
    bearer = {"Authorization": f"Bearer {token}"}
    (card,) = httpx.get(f"{base}/api/traces", headers=bearer).json()
    assert trace == card["id"]
    while not (tmp_path / "opened").exists() or not (tmp_path / "opened").read_text():
        assert program.poll() is None
    # The browser's command line can be read by others: what stands there lets in once.
    opened = (tmp_path / "opened").read_text().strip()
    assert token not in opened
    ticket = re.findall("#ticket=([^&]+)&trace=", opened)[0]
    bearer = {"Authorization": f"Bearer {ticket}"}
    assert httpx.post(f"{base}/api/enter", headers=bearer).json() == {"token": token}
    assert httpx.post(f"{base}/api/enter", headers=bearer).status_code == 401
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=60)
    assert (program.returncode, err) == (0, "")
