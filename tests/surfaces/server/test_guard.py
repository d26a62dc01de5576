"""Who is let in. Each rule has a test that fails when the rule is taken away."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.address import bind
from layerwalk.surfaces.server.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One for all tests here: they leave nothing in it."""
    with Server(Library(), bind(port=0)) as server:
        yield server


def problem(response: httpx.Response, status: int, said: str) -> None:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    assert set(response.json()) == {"what", "where", "mend", "sentence"}
    assert said in response.json()["sentence"]


# The token


@pytest.mark.parametrize(
    "path", ["welcome", "traces", "models", "samples/dog/picture", "openapi.json", "nothing"]
)
def test_without_the_token_nothing_is_answered(stranger: httpx.Client, path: str) -> None:
    problem(stranger.get(f"/api/{path}"), 401, "open the link that was printed")


@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "HEAD"])
def test_whatever_the_method(stranger: httpx.Client, method: str) -> None:
    assert stranger.request(method, "/api/walks").status_code == 401


@pytest.mark.parametrize("token", ["x", "Bearer", "\xe9"])
def test_a_wrong_token(stranger: httpx.Client, server: Server, token: str) -> None:
    for said in (
        b"Bearer " + token.encode("latin-1"),
        b"Bearer " + server.token[:-1].encode(),
        server.token.encode(),
        b"Bearer",
        b"Basic " + server.token.encode(),
    ):
        problem(stranger.get("/api/welcome", headers={b"Authorization": said}), 401, "open the")


def test_a_cookie_is_not_taken(stranger: httpx.Client, server: Server) -> None:
    # Browsers send those to every port of this machine.
    name = f"layerwalk-{server.address.port}"
    cookie = {"Cookie": f"{name}={server.token}; token={server.token}"}
    problem(stranger.get("/api/welcome", headers=cookie), 401, "link")


def test_the_token_in_the_address_of_a_question_is_not_taken(
    stranger: httpx.Client, server: Server
) -> None:
    problem(stranger.get(f"/api/welcome?token={server.token}"), 401, "link")


def test_the_token_as_a_bearer(client: httpx.Client) -> None:
    assert client.get("/api/welcome").status_code == 200


def test_the_secret_of_a_link_is_in_no_request(server: Server) -> None:
    for link in (server.link("dog-1"), server.link("dog-1", once=True)):
        parts = urlsplit(link)
        assert (parts.path, parts.query) == ("/", "")
        assert re.fullmatch(r"(token|ticket)=[\w-]{32}&trace=dog-1", parts.fragment)
    assert server.token in server.link()
    assert server.token not in server.link(once=True)


def ticket_of(link: str) -> str:
    (ticket,) = parse_qs(urlsplit(link).fragment)["ticket"]
    return ticket


def test_a_ticket_buys_the_token_once(stranger: httpx.Client, server: Server) -> None:
    ticket = {"Authorization": f"Bearer {ticket_of(server.link(once=True))}"}
    problem(stranger.get("/api/welcome", headers=ticket), 401, "the token is missing")
    problem(stranger.get("/api/enter", headers=ticket), 401, "the token is missing")
    entered = stranger.post("/api/enter", headers=ticket)
    assert (entered.status_code, entered.json()) == (200, {"token": server.token})
    assert entered.headers["cache-control"] == "no-store"
    assert "set-cookie" not in entered.headers
    problem(stranger.post("/api/enter", headers=ticket), 401, "lets in once")


def test_of_many_at_once_one_gets_the_token(server: Server) -> None:
    ticket = {"Authorization": f"Bearer {ticket_of(server.link(once=True))}"}
    with ThreadPoolExecutor(8) as pool:
        url = f"{server.address.url}/api/enter"
        found = [pool.submit(httpx.post, url, headers=ticket, timeout=60) for _ in range(8)]
        assert sorted(one.result().status_code for one in found) == [200, *[401] * 7]


@pytest.mark.parametrize("ticket", ["x", "{token}"])
def test_what_is_no_ticket_buys_nothing(
    stranger: httpx.Client, server: Server, ticket: str
) -> None:
    said = {"Authorization": f"Bearer {ticket.format(token=server.token)}"}
    problem(stranger.post("/api/enter", headers=said), 401, "open the link that was printed")
    problem(stranger.post("/api/enter"), 401, "open the link that was printed")


def test_another_sites_page_cannot_use_a_ticket(stranger: httpx.Client, server: Server) -> None:
    ticket = {"Authorization": f"Bearer {ticket_of(server.link(once=True))}"}
    for name, value in (
        ("Origin", "http://127.0.0.1:1"),
        ("Sec-Fetch-Site", "same-site"),
        ("Host", "evil.example"),
    ):
        assert stranger.post("/api/enter", headers={**ticket, name: value}).status_code >= 400
    assert stranger.post("/api/enter", headers=ticket).status_code == 200, "it was not used up"


def test_every_server_has_a_token_of_its_own() -> None:
    tokens = {Server(Library(), bind(port=0)) for _ in range(3)}
    assert len({server.token for server in tokens}) == 3
    assert all(len(server.token) >= 32 for server in tokens)
    for server in tokens:
        server.stop()


# The host


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}",
             "localhost:{port}@evil.example", "192.168.0.1:{port}", "a/b:{port}", "[::2]:{port}",
             "localhost:", "localhost:123456"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/welcome", "/explorer.js"])
def test_another_name_is_refused(
    client: httpx.Client, server: Server, host: str, path: str
) -> None:
    named = host.format(port=server.address.port)
    refused = client.get(path, headers={"Host": named})
    assert refused.status_code in (400, 421)
    assert "Invalid" in refused.text or "this is not" in refused.text


def test_the_refusal_of_a_name_says_how_to_allow_it(client: httpx.Client) -> None:
    refused = client.get("/api/welcome", headers={"Host": "GPU.example:9000"})
    problem(refused, 421, "or start it with --allow-host gpu.example if that is its name for you")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
@pytest.mark.parametrize("port", ["{port}", "9000", None])
def test_a_name_of_ours_is_taken_at_any_port(
    client: httpx.Client, server: Server, name: str, port: str | None
) -> None:
    # ssh -L 9000:localhost:8765
    host = f"{name}:{port.format(port=server.address.port)}" if port else name
    headers = {"Host": host, "Origin": f"http://{host}"}
    assert client.get("/api/welcome", headers=headers).status_code == 200


@pytest.mark.parametrize("host", ["gpu.example", "GPU.example:9000"])
def test_an_allowed_name_is_taken(host: str) -> None:
    with Server(Library(), bind(port=0), ["gpu.example:443"]) as server:
        for origin in (f"http://{host}", f"https://{host.lower()}"):
            headers = {"Host": host, "Authorization": f"Bearer {server.token}", "Origin": origin}
            url = f"{server.address.url}/api/welcome"
            assert httpx.get(url, headers=headers).status_code == 200
            headers["Origin"] = "https://gpu.example:1"
            assert httpx.get(url, headers=headers).status_code == 403


def test_a_request_without_a_host(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.address.port), timeout=60) as line:
        line.sendall(b"GET /api/welcome HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n")
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"a request names one host" in answer


# The origin


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://evil.example:{port}",
               "http://localhost:{port}", "http://127.0.0.1:{port}/", "http://127.0.0.1", "file://",
               ""],
)  # fmt: skip
@pytest.mark.parametrize(("method", "path"), [("GET", "/api/welcome"), ("POST", "/api/walks"),
                                              ("GET", "/"), ("OPTIONS", "/api/walks")])  # fmt: skip
def test_another_origin_is_refused(
    client: httpx.Client, server: Server, origin: str, method: str, path: str
) -> None:
    headers = {"Origin": origin.format(port=server.address.port)}
    refused = client.request(method, path, headers=headers)
    assert refused.status_code == 403
    assert "another site's page may not ask here" in refused.text
    assert not [name for name in refused.headers if name.startswith("access-control")]


def test_our_own_origin_is_taken(client: httpx.Client, server: Server) -> None:
    taken = client.get("/api/welcome", headers={"Origin": server.address.url})
    assert taken.status_code == 200
    assert not [name for name in taken.headers if name.startswith("access-control")]


@pytest.mark.parametrize("site", ["cross-site", "same-site", "anything"])
def test_what_another_page_embeds_is_refused(client: httpx.Client, site: str) -> None:
    # An image of another page brings no origin along, but the browser says where it stands.
    headers = {"Sec-Fetch-Site": site}
    problem(client.get("/api/samples/dog/picture", headers=headers), 403, "another site's page")
    assert client.get("/", headers=headers).status_code in (200, 503), "a link may stand anywhere"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_our_page_embeds_is_sent(client: httpx.Client, site: str) -> None:
    headers = {"Sec-Fetch-Site": site}
    assert client.get("/api/samples/dog/picture", headers=headers).status_code == 200


# What every answer says


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/welcome", "/api/nothing", "/api/enter"])
def test_every_answer_tells_the_browser_what_it_may(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: data:",
        "connect-src": "'self'",
        "media-src": "blob:",
        "frame-src": "'self'",
        "frame-ancestors": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "server" not in headers


def test_a_refused_stranger_is_told_so_too(stranger: httpx.Client) -> None:
    headers = stranger.get("/api/welcome").headers
    assert "content-security-policy" in headers
    assert headers["cache-control"] == "no-store"
