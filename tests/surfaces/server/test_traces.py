"""The routes of the traces: numbers bit for bit, and what a browser keeps of them."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import numpy as np
import pytest
import torch
from torch import nn

import layerwalk as lw
from layerwalk.record import Array, Trace
from layerwalk.surfaces.answer import encoded
from layerwalk.surfaces.answer.sheet import sheet_of
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server import reply
from layerwalk.surfaces.server.server import Server


def read(response: httpx.Response) -> Array:
    """The numbers of an answer, as the page reads them."""
    shape = [int(length) for length in response.headers["x-layerwalk-shape"].split(",") if length]
    dtype = np.dtype(response.headers["x-layerwalk-dtype"]).newbyteorder("<")
    return np.frombuffer(response.content, dtype).reshape(shape)


@pytest.fixture
def key(library: Library, edges: Trace) -> str:
    return library.add(edges)


@pytest.fixture
def conv(key: str, edges: Trace) -> str:
    return f"/api/traces/{key}/values/{edges['conv'].outputs[0].id}"


# Numbers


def test_every_value_bit_for_bit(client: httpx.Client, key: str, edges: Trace) -> None:
    for value in edges.values:
        response = client.get(f"/api/traces/{key}/values/{value.id}")
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/octet-stream"
        assert response.headers["x-layerwalk-exact"] == "1"
        assert np.array_equal(read(response), value.array())


def test_a_region_and_one_number(client: httpx.Client, conv: str, edges: Trace) -> None:
    array = edges["conv"].array()
    assert np.array_equal(read(client.get(conv, params={"region": "0,1:3"})), array[0, 1:3])
    one = client.get(conv, params={"region": "0,1,7,9"})
    assert (one.headers["x-layerwalk-shape"], read(one)) == ("", array[0, 1, 7, 9])


def test_half_says_that_it_is_not_exact(client: httpx.Client, conv: str, edges: Trace) -> None:
    response = client.get(conv, params={"half": "1"})
    assert response.headers["x-layerwalk-dtype"] == "float16"
    assert response.headers["x-layerwalk-exact"] == "0"
    assert np.array_equal(read(response), edges["conv"].array().astype(np.float16))


def test_an_empty_value(client: httpx.Client, library: Library) -> None:
    key = library.add(lw.trace(nn.ReLU(), torch.zeros(2, 0)))
    response = client.get(f"/api/traces/{key}/values/0")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["x-layerwalk-shape"] == "2,0"


def test_the_photo(client: httpx.Client, key: str, edges: Trace) -> None:
    assert edges.photo is not None
    assert np.array_equal(read(client.get(f"/api/traces/{key}/photo")), edges.photo.pixels)


# What a browser keeps


def test_numbers_are_kept_and_known_again(client: httpx.Client, conv: str) -> None:
    first = client.get(conv)
    assert first.headers["cache-control"] == "private, max-age=86400, immutable"
    for tag in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = client.get(conv, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    assert client.get(conv, headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("path", ["", "/values/2", "/photo", "/digests?ops=0"])
def test_what_is_known_is_kept_as_what_was_sent(client: httpx.Client, key: str, path: str) -> None:
    first = client.get(f"/api/traces/{key}{path}")
    headers = {"If-None-Match": first.headers["etag"]}
    again = client.get(f"/api/traces/{key}{path}", headers=headers)
    assert again.status_code == 304
    for name in ("cache-control", "etag"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize(
    ("path", "status"),
    [("/values/99", 404), ("/values/0?region=%E4%B8%AD", 400), ("/values/0?region=%0D%0Aa:b", 400),
     ("/digests?ops=7", 404)],
)  # fmt: skip
def test_what_is_not_there_is_not_known(
    client: httpx.Client, key: str, path: str, status: int
) -> None:
    answer = client.get(f"/api/traces/{key}{path}", headers={"If-None-Match": "*"})
    assert answer.status_code == status


@pytest.mark.parametrize("path", ["", "/values/2", "/photo"])
def test_the_headers_alone(client: httpx.Client, key: str, path: str) -> None:
    whole, head = (client.request(one, f"/api/traces/{key}{path}") for one in ("GET", "HEAD"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_every_part_has_a_tag_of_its_own(client: httpx.Client, key: str) -> None:
    base = f"/api/traces/{key}"
    paths = [f"{base}/values/0", f"{base}/values/1", f"{base}/values/0?region=0",
             f"{base}/values/0?region=0&half=1", f"{base}/values/0?half=1", f"{base}/photo",
             f"{base}/values/0?region=0,0", base, f"{base}/digests?ops=0"]  # fmt: skip
    tags = {client.get(path).headers["etag"] for path in paths}
    assert len(tags) == len(paths)


def test_a_browser_that_has_them_is_still_told_when_the_trace_is_gone(
    client: httpx.Client, library: Library, conv: str, key: str
) -> None:
    tag = client.get(conv).headers["etag"]
    library.close(key)
    assert client.get(conv, headers={"If-None-Match": tag}).status_code == 404


def test_the_sheet_is_asked_for_again_each_time(client: httpx.Client, key: str) -> None:
    sheet = client.get(f"/api/traces/{key}")
    assert sheet.headers["cache-control"] == "private, no-cache"
    again = client.get(f"/api/traces/{key}", headers={"If-None-Match": sheet.headers["etag"]})
    assert again.status_code == 304


def test_lists_are_not_kept(client: httpx.Client) -> None:
    assert client.get("/api/traces").headers["cache-control"] == "no-store"


# Parts of the bytes


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-3", slice(0, 4), "bytes 0-3/{size}"),
        ("bytes=4-", slice(4, None), "bytes 4-{last}/{size}"),
        ("bytes=-8", slice(-8, None), "bytes {tail}-{last}/{size}"),
        ("bytes=0-999999999", slice(None), "bytes 0-{last}/{size}"),
        ("bytes=-999999999", slice(None), "bytes 0-{last}/{size}"),
    ],
)
def test_one_range(client: httpx.Client, conv: str, wanted: str, part: slice, told: str) -> None:
    whole = client.get(conv)
    assert whole.headers["accept-ranges"] == "bytes"
    size = len(whole.content)
    response = client.get(conv, headers={"Range": wanted})
    assert (response.status_code, response.content) == (206, whole.content[part])
    said = told.format(size=size, last=size - 1, tail=size - 8)
    assert response.headers["content-range"] == said
    assert response.headers["content-length"] == str(len(response.content))


@pytest.mark.parametrize("wanted", ["bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end(client: httpx.Client, conv: str, wanted: str) -> None:
    size = len(client.get(conv).content)
    response = client.get(conv, headers={"Range": wanted})
    assert (response.status_code, response.content) == (416, b"")
    assert response.headers["content-range"] == f"bytes */{size}"
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("wanted", ["bytes=0-1,4-5", "bytes=5-1", "bytes=-", "items=0-1", "x"])
def test_what_is_no_single_range_gets_all(client: httpx.Client, conv: str, wanted: str) -> None:
    assert client.get(conv, headers={"Range": wanted}).status_code == 200


def test_a_range_of_what_changed_gets_all(client: httpx.Client, conv: str) -> None:
    tag = client.get(conv).headers["etag"]
    headers = {"Range": "bytes=0-3", "If-Range": tag}
    assert client.get(conv, headers=headers).status_code == 206
    assert client.get(conv, headers={**headers, "If-Range": '"old"'}).status_code == 200


# JSON


def test_the_sheet(client: httpx.Client, key: str, edges: Trace) -> None:
    response = client.get(f"/api/traces/{key}")
    assert response.headers["content-type"] == "application/json"
    assert response.json() == json.loads(encoded(sheet_of(edges, key)))


def test_digests_and_fields(client: httpx.Client, key: str) -> None:
    digests = client.get(f"/api/traces/{key}/digests", params={"ops": "2,0"}).json()
    assert [one["op"] for one in digests] == [2, 0]
    field = client.get(f"/api/traces/{key}/ops/2/field", params={"at": "0,1,3,4"}).json()
    assert [span["name"] for span in field["spans"]] == ["n", "c", "y", "x"]


def test_the_list_and_closing(client: httpx.Client, key: str) -> None:
    (card,) = client.get("/api/traces").json()
    assert (card["id"], card["model"], card["open"]) == (key, "edges", True)
    assert client.delete(f"/api/traces/{key}").json() == []
    assert client.delete(f"/api/traces/{key}").status_code == 404


def test_hostile_names_are_text(client: httpx.Client, library: Library) -> None:
    name = '<img src=x onerror=alert(1)>"\r\nSet-Cookie: a=b'
    photo = lw.load_image("sample:digits")
    net = lw.load_model(
        nn.Sequential(nn.Flatten(), nn.Linear(12, 2)), input_size=2, labels=(name, "b")
    )
    key = library.add(lw.trace(net, lw.Image(photo.pixels, name, "RGB")))
    response = client.get(f"/api/traces/{key}")
    assert response.headers["content-type"] == "application/json"
    assert "set-cookie" not in response.headers
    assert response.json()["labels"][0] == name
    assert response.json()["photo"]["name"] == name
    assert client.get("/api/traces").json()[0]["picture"] == name


def test_json_is_packed_for_another_machine_only(
    client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    near = client.get(f"/api/traces/{key}")
    assert "content-encoding" not in near.headers
    monkeypatch.setattr(reply, "is_loopback", lambda _: False)
    monkeypatch.setattr(reply, "_WORTH_PACKING", 100)
    far = client.get(f"/api/traces/{key}")
    assert (far.headers["content-encoding"], far.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert far.json() == near.json()
    headers = {"If-None-Match": far.headers["etag"]}
    assert client.get(f"/api/traces/{key}", headers=headers).status_code == 304
    plain = client.get(f"/api/traces/{key}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(gzip.compress(plain.content)) == near.content


# What is not there


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/api/traces/x", 404, "there is no walk 'x' here"),
        ("/api/traces/{key}/values/99", 404, "there is no value 99"),
        ("/api/traces/{key}/values/x", 400, "value: "),
        ("/api/traces/{key}/values/-1", 400, "value: "),
        ("/api/traces/{key}/values/0?region=9", 400, "9 lies outside of a dimension"),
        ("/api/traces/{key}/values/0?region=a", 400, "'a' is no part of a region"),
        ("/api/traces/{key}/values/0?half=perhaps", 400, "half: "),
        ("/api/traces/{key}/digests", 400, "ops: "),
        ("/api/traces/{key}/digests?ops=a", 400, "'a' are no ops"),
        ("/api/traces/{key}/digests?ops=7", 404, "there is no op 7"),
        ("/api/traces/{key}/ops/0/field?at=x", 400, "'x' are no positions"),
        ("/api/traces/{key}/ops/0/field?at=0,0,0,999", 404, "outside of shape"),
        ("/api/traces/{key}/report?detail=all", 400, "detail: "),
        ("/api/traces/" + "x" * 100, 400, "trace: "),
        ("/api/samples/nope/picture", 404, "there is no such sample"),
        ("/api/nothing", 404, "there is nothing at '/api/nothing'"),
        ("/api/traces/{key}/", 404, "there is nothing at"),
    ],
)
def test_one_problem_whatever_it_was(
    client: httpx.Client, key: str, path: str, status: int, said: str
) -> None:
    response = client.get(path.format(key=key), follow_redirects=True)
    assert response.status_code == status, response.text
    assert set(response.json()) == {"what", "where", "mend", "sentence"}
    assert said in response.json()["sentence"]
    assert response.json()["sentence"].endswith((".", "?"))
    assert response.headers["cache-control"] == "no-store"


def test_a_method_that_is_not_answered(client: httpx.Client) -> None:
    response = client.put("/api/traces")
    assert response.status_code == 405
    assert response.json()["sentence"] == "PUT is not answered at '/api/traces'."
    assert response.headers["allow"] == "GET, HEAD"
    assert client.put("/api/traces/x").headers["allow"] == "DELETE, GET, HEAD"
    assert client.head("/api/walks").headers["allow"] == "POST"


def test_numbers_that_were_dropped(client: httpx.Client, library: Library, edges: Trace) -> None:
    library.limit = 1
    key = library.add(lw.trace(nn.ReLU(), torch.zeros(100)))
    library.add(edges)
    for path in ("", "/values/0", "/digests?ops=0", "/ops/0/field?at=0"):
        response = client.get(f"/api/traces/{key}{path}")
        assert response.status_code == 410
        assert "were dropped for want of memory; walk it again" in response.json()["sentence"]


def test_a_fault_of_ours_is_a_problem_and_the_server_lives(
    client: httpx.Client, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(reply, "answer", broken)
    response = client.get(f"/api/traces/{key}")
    assert response.status_code == 500
    sentence = "It failed with ZeroDivisionError: division by zero."
    assert response.json()["sentence"] == sentence
    assert "content-security-policy" in response.headers
    monkeypatch.undo()
    assert client.get(f"/api/traces/{key}").status_code == 200


# Many at once


def test_many_tabs_at_once(
    server: Server, library: Library, key: str, edges: Trace, lite0: Trace
) -> None:
    keys = {key: edges, library.add(lite0): lite0}
    asked = [(name, value) for name, trace in keys.items() for value in trace.values[:40]]

    def tab(number: int) -> int:
        headers = {"Authorization": f"Bearer {server.token}"}
        right = 0
        with httpx.Client(base_url=server.address.url, headers=headers, timeout=60) as client:
            for name, value in asked[number % 5 :: 5]:
                response = client.get(f"/api/traces/{name}/values/{value.id}")
                right += np.array_equal(read(response), value.array())
                ops = f"/api/traces/{name}/digests?ops=0,1,2"
                right += client.get(ops).status_code == 200
        return right

    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(tab, range(12)))
    assert found == [2 * len(asked[number % 5 :: 5]) for number in range(12)]
