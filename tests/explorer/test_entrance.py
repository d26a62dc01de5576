"""Who is let in, as a browser finds it."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from explorer.conftest import Complaints, Opened, Walks
from layerwalk.surfaces.server.server import Server


def _is_let_in(page: Page) -> None:
    expect(page.get_by_role("region", name="Prediction").locator("tbody tr")).to_have_count(5)


def test_the_link_that_the_program_opens_lets_in_once(
    open_page: Opened, served: Server, walks: Walks, complaints: Complaints
) -> None:
    _, key = walks("tiny_vgg")
    link = served.link(key, once=True)
    page = open_page(url=link)
    _is_let_in(page)
    assert "ticket" not in page.url
    page.reload()
    _is_let_in(page)
    other = page.context.new_page()
    other.goto(page.url)  # a link that was copied
    _is_let_in(other)
    page.goto("about:blank")
    page.goto(link)  # in a browser that was let in before
    _is_let_in(page)
    stranger = open_page(url=link)
    expect(stranger.get_by_text("lets in once, and soon: it is used, or too old")).to_be_visible()
    expect(stranger.get_by_text("open the link that was printed")).to_be_visible()
    # The browser itself writes down that it was refused.
    assert all("401" in said for said in complaints)
    complaints.clear()


def test_the_printed_link_lets_in_as_often_as_it_is_opened(
    open_page: Opened, served: Server, walks: Walks
) -> None:
    _, key = walks("tiny_vgg")
    for _ in range(2):
        page = open_page(url=served.link(key))
        _is_let_in(page)
        assert served.token not in page.url


def test_a_new_link_in_an_old_tab(
    open_page: Opened, served: Server, walks: Walks, complaints: Complaints
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(url=f"{served.address.url}/#token=of-the-server-before")
    expect(page.get_by_text("the token is missing or not this explorer's")).to_be_visible()
    complaints.clear()  # the browser writes down that it was refused
    page.evaluate("link => { location.href = link; }", served.link(key))
    _is_let_in(page)


@pytest.fixture
def neighbour() -> Iterator[tuple[str, list[str]]]:
    """Another server of this machine, and the heads of the requests that it got."""
    heads: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heads.append(f"{self.path}\n{self.headers}")
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", heads
    server.shutdown()
    server.server_close()


def test_another_server_of_this_machine_learns_nothing(
    open_page: Opened,
    served: Server,
    walks: Walks,
    neighbour: tuple[str, list[str]],
    complaints: Complaints,
) -> None:
    _, key = walks("tiny_vgg")
    page = open_page(url=served.link(key))
    _is_let_in(page)
    url, heads = neighbour
    page.goto(f"{url}/api/traces")
    expect(page.locator("body")).to_have_text("hello")
    assert heads
    assert all(served.token not in head and "Cookie" not in head for head in heads)
    assert page.evaluate("JSON.stringify(localStorage)") == "{}"
    assert page.context.cookies() == []
    # Its page cannot ask the explorer, either.
    asked = """async url => {
        const key = { Authorization: "Bearer x" };
        const tries = [fetch(url), fetch(url, { headers: key }), fetch(url, { mode: "no-cors" })];
        return (await Promise.allSettled(tries)).map(({ status, value }) => value?.type ?? status);
    }"""
    found = page.evaluate(asked, f"{served.address.url}/api/traces")
    assert found[:2] == ["rejected", "rejected"]
    assert found[2] in ("opaque", "rejected")
    complaints.clear()  # the browser writes down what it kept from that page


def test_a_browser_that_keeps_nothing_for_pages(
    browser: Browser, served: Server, walks: Walks
) -> None:
    _, key = walks("tiny_vgg")
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', "
        "{ get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page = context.new_page()
    page.goto(served.link(key, once=True))
    _is_let_in(page)
    context.close()
