"""The routes of a report: its sizes, and the file while it is made."""

from __future__ import annotations

import threading
from collections.abc import Generator
from pathlib import Path

import httpx
import pytest

from layerwalk.record import Trace
from layerwalk.surfaces import wire
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.report import Writing, make_report, report_sizes


@pytest.fixture
def key(library: Library, edges: Trace) -> str:
    return library.add(edges)


def test_a_report_is_a_file_to_keep(client: httpx.Client, key: str, edges: Trace) -> None:
    asked = {"detail": "compact", "weights": "none"}
    response = client.get(f"/api/traces/{key}/report", params=asked)
    assert response.content == make_report(edges, detail="compact", weights="none").content
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="{key}.html"'
    assert response.headers["cache-control"] == "no-store"


def test_the_sizes_of_reports_are_told_before(client: httpx.Client, key: str, edges: Trace) -> None:
    sizes = client.get(f"/api/traces/{key}/report/sizes").json()
    assert [wire.ReportSize(**size) for size in sizes] == list(report_sizes(edges))


@pytest.mark.parametrize("path", ["report", "report/sizes"])
def test_there_is_no_report_of_no_trace(client: httpx.Client, path: str) -> None:
    assert client.get(f"/api/traces/nothing/{path}").status_code == 404
    for asked in ({"detail": "x"}, {"weights": "most"}):
        status = 400 if path == "report" else 404
        assert client.get(f"/api/traces/nothing/{path}", params=asked).status_code == status


def test_a_report_without_a_page_is_refused_and_not_begun(
    client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("layerwalk.surfaces.page_files.STATIC", tmp_path)
    for path in ("report", "report/sizes"):
        response = client.get(f"/api/traces/{key}/{path}")
        assert response.status_code == 422
        assert "has not been built" in response.json()["sentence"]


def test_a_report_that_nobody_waits_for_is_made_no_further(
    client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = threading.Semaphore(0)
    ended = threading.Event()

    def parts(_: Writing) -> Generator[bytes]:
        try:
            while True:
                made.release()
                yield bytes(1 << 16)
        finally:
            ended.set()

    monkeypatch.setattr(Writing, "parts", parts)
    with client.stream("GET", f"/api/traces/{key}/report") as response:
        assert len(next(response.iter_bytes())) > 0
    assert made.acquire(timeout=60)
    assert ended.wait(60)


def test_a_report_that_breaks_half_way_is_cut_off(
    client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parts(_: Writing) -> Generator[bytes]:
        yield b"<!doctype html>"
        raise MemoryError

    monkeypatch.setattr(Writing, "parts", parts)
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"/api/traces/{key}/report")
