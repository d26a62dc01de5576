"""Data sets over HTTP."""

from __future__ import annotations

import re

import httpx
import numpy as np

from layerwalk.data.sets import load_data
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.server import Server


def test_a_set_over_http(client: httpx.Client, library: Library) -> None:
    data = load_data("mnist").subset(range(50))
    key = library.data.add(data)
    sheet = client.get(f"/api/data/{key}").json()
    assert (sheet["id"], sheet["pictures"]) == (key, 50)
    part = client.get(f"/api/data/{key}/examples?first=2&count=3&seed=1").json()
    order = np.random.default_rng(1).permutation(50)
    assert part["indices"] == order[2:5].tolist()
    pictures = client.get(f"/api/data/{key}/pictures?indices=4,2&side=0")
    assert data.picture(4).tobytes() in pictures.content
    while client.get(f"/api/data/{key}").json()["state"] == "counting":
        pass
    means = client.get(f"/api/data/{key}/means?first=0&count=2&side=14")
    assert means.headers["X-Layerwalk-Shape"] == "2,14,14,1"
    assert means.headers["X-Layerwalk-Dtype"] == "float32"


def test_what_cannot_be(client: httpx.Client) -> None:
    assert client.get("/api/data/gone").status_code == 404
    assert client.get("/api/data/mnist/pictures?indices=x").status_code == 400
    assert client.get("/api/data/mnist/pictures?indices=10000").status_code == 404
    assert client.get("/api/data/mnist/examples?first=-1").status_code == 400


def test_nobody_else_sees_them(stranger: httpx.Client) -> None:
    assert stranger.get("/api/data/mnist").status_code == 401


def test_the_link_opens_the_set(server: Server, library: Library) -> None:
    key = library.data.add(load_data("mnist").subset(range(5)))
    assert re.fullmatch(rf"http://[\d.:]+/#token=[\w-]+&data={key}", server.link(key))
