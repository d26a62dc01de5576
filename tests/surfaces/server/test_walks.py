"""The routes of the walks: uploads, progress, cancelling."""

from __future__ import annotations

import contextlib
import io
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import PIL.Image
import pytest

from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server
from surfaces.gate import Gate, order


def png(width: int = 30, height: int = 20) -> bytes:
    stream = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "red").save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.door.set()


def ended(client: httpx.Client, job: dict[str, Any]) -> dict[str, Any]:
    while job["state"] in ("queued", "running"):
        response = client.get(f"/api/walks/{job['id']}", params={"seen": job["change"]})
        assert response.headers["cache-control"] == "no-store"
        job = response.json()
    return job


def test_an_uploaded_picture(client: httpx.Client, library: Library) -> None:
    response = client.post("/api/walks?model=edges&name=r%C3%A9d%20%232.png", content=png())
    assert response.status_code == 202
    last = ended(client, response.json())
    assert (last["state"], last["problem"]) == ("done", None)
    trace = library.opened(last["trace"]).trace
    assert trace.photo is not None
    assert (trace.photo.name, trace.photo.original) == ("réd #2.png", (30, 20))


def test_a_sample_and_then_the_same_picture_elsewhere(client: httpx.Client) -> None:
    first = ended(client, client.post("/api/walks?model=edges&picture=sample:cat").json())
    second = client.post("/api/walks", params={"trace": first["trace"], "model": "tiny_vgg"})
    last = ended(client, second.json())
    cards = client.get("/api/traces").json()
    assert [(card["model"], card["picture"]) for card in cards] == [
        ("tiny_vgg", "sample:cat"), ("edges", "sample:cat"),
    ]  # fmt: skip
    assert cards[0]["id"] == last["trace"]


def test_progress_and_cancelling(client: httpx.Client, library: Library, gate: Gate) -> None:
    running = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    waiting = client.post("/api/walks?model=edges&picture=sample:cat").json()
    assert (waiting["state"], waiting["before"]) == ("queued", 1)
    assert client.delete(f"/api/walks/{waiting['id']}").json()["state"] == "cancelled"
    sheet = client.get(f"/api/walks/{running.id}").json()
    assert (sheet["stage"], sheet["of"]) == ("walking sample:cat", 4)
    assert client.delete(f"/api/walks/{running.id}").json()["stage"] == "stopping"
    gate.door.set()
    assert ended(client, sheet)["state"] == "cancelled"


def test_who_waits_for_a_walk_keeps_nobody_from_the_rest(
    client: httpx.Client, server: Server, library: Library, gate: Gate
) -> None:
    job = library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    seen = library.walks.sheet(job.id).change
    states: list[str] = []

    def wait() -> None:
        headers = {"Authorization": f"Bearer {server.token}"}
        with httpx.Client(base_url=server.address.url, headers=headers, timeout=60) as tab:
            states.append(ended(tab, tab.get(f"/api/walks/{job.id}?seen={seen}").json())["state"])

    tabs = [threading.Thread(target=wait) for _ in range(50)]
    for tab in tabs:
        tab.start()
    assert client.get("/api/welcome").status_code == 200
    gate.door.set()
    for tab in tabs:
        tab.join(60)
    assert states == ["done"] * 50


def refused(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert said in response.json()["sentence"]


def test_what_is_no_picture(client: httpx.Client) -> None:
    walk = "/api/walks?model=edges&name=a.png"
    refused(client.post(walk, content=b"a text"), 415, "a.png: this is a text, not a picture")
    refused(client.post(walk, content=png()[:40]), 422, "a.png: the PNG file is cut short")
    bomb = bytearray(png())
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    refused(client.post(walk, content=bytes(bomb)), 422, "pixels")


@pytest.mark.parametrize("times", [1, 3])
def test_too_many_bytes(client: httpx.Client, library: Library, times: int) -> None:
    content = bytes(times * library.upload_limit + 1)
    said = "the picture has more than the 1,048,576 bytes that are allowed"
    refused(client.post("/api/walks?model=edges", content=content), 413, said)

    def stream() -> Iterator[bytes]:
        for start in range(0, len(content), 1 << 16):
            yield content[start : start + (1 << 16)]

    refused(client.post("/api/walks?model=edges", content=stream()), 413, said)
    assert library.cards() == ()


def test_bytes_without_end_are_not_read_to_it(client: httpx.Client, library: Library) -> None:
    sent = 0

    def stream() -> Iterator[bytes]:
        nonlocal sent
        while True:
            sent += 1 << 16
            yield bytes(1 << 16)

    with contextlib.suppress(httpx.TransportError):  # cut off while it was still sending
        refused(client.post("/api/walks?model=edges", content=stream()), 413, "are allowed")
    assert sent < 64 * library.upload_limit
    assert client.get("/api/welcome").status_code == 200


def test_just_as_many_bytes_as_are_allowed(client: httpx.Client, library: Library) -> None:
    content = png().ljust(library.upload_limit, b"\0")
    assert client.post("/api/walks?model=edges", content=content).status_code == 202


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("", 400, "there is nothing to walk"),
        ("?picture=/etc/passwd", 400, "'/etc/passwd' is no sample"),
        ("?picture=sample:cat&model=/x/net.py:Net", 400, "is not opened from the page"),
        ("?picture=sample:nope", 422, "there is no such sample"),
        ("?trace=gone", 404, "there is no walk 'gone' here"),
        ("?picture=" + "x" * 500, 400, "picture: "),
    ],
)
def test_what_may_not_be_walked(client: httpx.Client, query: str, status: int, said: str) -> None:
    refused(client.post(f"/api/walks{query}"), status, said)


def test_a_full_queue(client: httpx.Client, library: Library, gate: Gate) -> None:
    library.walks.submit(order(gate))
    assert gate.came.acquire(timeout=60)
    walk = "/api/walks?picture=sample:digits&model=edges"
    answers = [client.post(walk).status_code for _ in range(17)]
    assert answers == [202] * 16 + [503]


def test_an_unknown_walk(client: httpx.Client) -> None:
    refused(client.get("/api/walks/x?seen=3"), 404, "there is no walk 'x' under way")
    refused(client.delete("/api/walks/x"), 404, "there is no walk 'x' under way")
