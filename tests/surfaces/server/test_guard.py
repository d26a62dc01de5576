"""Who is let in. Each rule has a test that fails when the rule is taken away."""

from __future__ import annotations

import socket
from collections.abc import Iterator

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
    said = token.encode("latin-1")
    cookie = f"layerwalk-{server.address.port}=".encode()
    for name, value in (
        (b"Authorization", b"Bearer " + said),
        (b"Authorization", server.token.encode()),
        (b"Authorization", b"Basic " + server.token.encode()),
        (b"Cookie", cookie + said),
        (b"Cookie", cookie),
    ):
        problem(stranger.get("/api/welcome", headers={name: value}), 401, "open the link")


def test_the_token_in_the_address_of_a_question_is_not_taken(
    stranger: httpx.Client, server: Server
) -> None:
    problem(stranger.get(f"/api/welcome?token={server.token}"), 401, "link")


def test_the_token_as_a_bearer(client: httpx.Client) -> None:
    assert client.get("/api/welcome").status_code == 200


def test_the_printed_link_lets_a_browser_in(stranger: httpx.Client, server: Server) -> None:
    entered = stranger.get(server.link("dog-1").split("#")[0])
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert entered.headers["cache-control"] == "no-store"
    cookie = entered.headers["set-cookie"]
    name, *rest = cookie.split("; ")
    assert name == f"layerwalk-{server.address.port}={server.token}"
    assert sorted(rest) == ["HttpOnly", "Path=/api", "SameSite=strict"]
    stranger.cookies.clear()
    assert stranger.get("/api/welcome", headers={"Cookie": name}).status_code == 200


def test_a_wrong_link_sets_no_cookie(stranger: httpx.Client) -> None:
    refused = stranger.get("/?token=wrong")
    assert refused.status_code == 401
    assert refused.headers["content-type"].startswith("text/plain")
    assert "open the link that was printed" in refused.text
    assert "set-cookie" not in refused.headers


def test_other_cookies_do_not_hide_ours(stranger: httpx.Client, server: Server) -> None:
    ours = f"layerwalk-{server.address.port}={server.token}"
    for cookie in (f"a=b; {ours}; c", f"layerwalk-1=x; {ours}", f'x="{{; {ours}', f"=; {ours}"):
        assert stranger.get("/api/welcome", headers={"Cookie": cookie}).status_code == 200, cookie


def test_the_cookie_of_another_explorer_is_another(stranger: httpx.Client, server: Server) -> None:
    cookie = f"layerwalk-{server.address.port + 1}={server.token}"
    assert stranger.get("/api/welcome", headers={"Cookie": cookie}).status_code == 401


def test_every_server_has_a_token_of_its_own() -> None:
    tokens = {Server(Library(), bind(port=0)) for _ in range(3)}
    assert len({server.token for server in tokens}) == 3
    assert all(len(server.token) >= 32 for server in tokens)
    for server in tokens:
        server.stop()


# The host


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost:1",
             "127.0.0.1.evil.example:{port}", "localhost:{port}@evil.example", "192.168.0.1:{port}",
             "a/b:{port}", "[::2]:{port}"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/api/welcome", "/explorer.js"])
def test_another_name_is_refused(
    client: httpx.Client, server: Server, host: str, path: str
) -> None:
    named = host.format(port=server.address.port)
    refused = client.get(path, headers={"Host": named})
    assert refused.status_code in (400, 421)
    assert "Invalid" in refused.text or "this is not" in refused.text


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
def test_a_name_of_ours_is_taken(client: httpx.Client, server: Server, name: str) -> None:
    headers = {"Host": f"{name}:{server.address.port}"}
    assert client.get("/api/welcome", headers=headers).status_code == 200


def test_a_request_without_a_host(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.address.port), timeout=60) as line:
        line.sendall(b"GET /api/welcome HTTP/1.0\r\nAuthorization: Bearer x\r\n\r\n")
        answer = line.makefile("rb").read()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"a request names one host" in answer


# The origin


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:1", "http://evil.example:{port}",
               "https://127.0.0.1:{port}", "http://127.0.0.1:{port}/", "http://[", "file://", ""],
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


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/welcome", "/api/nothing", "/?token=x"])
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
        "frame-ancestors": "'none'",
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
