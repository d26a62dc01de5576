"""The page's files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from layerwalk.surfaces import page_files
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server import page
from layerwalk.surfaces.server.address import bind
from layerwalk.surfaces.server.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One for all tests here: they leave nothing in it."""
    with Server(Library(), bind(port=0)) as server:
        yield server


@pytest.fixture
def static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "static"
    folder.mkdir()
    monkeypatch.setattr(page, "STATIC", folder)
    monkeypatch.setattr(page_files, "STATIC", folder)
    return folder


@pytest.fixture
def built(static: Path) -> Path:
    (static / "index.html").write_text("<!doctype html><title>é</title>", encoding="utf-8")
    (static / "explorer.js").write_text("export {}")
    (static / "explorer.css").write_text("body {}")
    (static / "notes.txt").write_text("not for the page")
    (static / ".hidden.js").write_text("")
    (static.parent / "above.js").write_text("")
    return static


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/", "text/html"), ("/explorer.js", "text/javascript"), ("/explorer.css", "text/css")],
)
def test_the_page_is_open_to_all(stranger: httpx.Client, built: Path, path: str, kind: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.content == (built / (path[1:] or "index.html")).read_bytes()


def test_a_file_is_asked_for_again_until_it_is_built_anew(
    stranger: httpx.Client, built: Path
) -> None:
    first = stranger.get("/explorer.js")
    assert first.headers["cache-control"] == "no-cache"
    headers = {"If-None-Match": first.headers["etag"]}
    assert stranger.get("/explorer.js", headers=headers).status_code == 304
    (built / "explorer.js").write_text("export const a = 1")
    assert stranger.get("/explorer.js", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/notes.txt", "/.hidden.js", "/nothing.js", "/%2e%2e/above.js", "/..%2fabove.js",
     "/sub/explorer.js", "/index", "/static", "/%00.js", "/explorer.js/"],
)  # fmt: skip
@pytest.mark.usefixtures("built")
def test_nothing_else_is_sent(stranger: httpx.Client, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/plain")
    assert response.text.startswith("there is nothing at ")


@pytest.mark.usefixtures("static")
def test_a_page_that_is_not_built_says_how_to(stranger: httpx.Client) -> None:
    response = stranger.get("/")
    assert response.status_code == 503
    assert "the explorer's page has not been built; run make page" in response.text
