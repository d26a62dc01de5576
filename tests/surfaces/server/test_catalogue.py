"""The routes of what there is to choose from."""

from __future__ import annotations

import io

import httpx
import PIL.Image

import layerwalk


def test_who_answers(client: httpx.Client) -> None:
    told = client.get("/api/welcome").json()
    assert told == {
        "version": layerwalk.__version__, "walks": True, "reports": True, "upload_limit": 1 << 20,
        "edits": True, "lacking": told["lacking"], "data": told["data"],
    }  # fmt: skip
    assert {one["id"] for one in told["data"]} >= {"mnist", "digits"}


def test_the_networks(client: httpx.Client) -> None:
    names = [one["name"] for one in client.get("/api/models").json()]
    assert names[:5] == ["efficientnet_lite0", "edges", "mlp", "lenet5", "tiny_vgg"]


def test_what_edits_are_made_of(client: httpx.Client) -> None:
    told = client.get("/api/editing").json()
    assert {"sobel-x", "edge-right-4"} < {one["name"] for one in told["filters"]}
    assert "gelu" in told["activations"]


def test_the_samples_and_their_pictures(client: httpx.Client) -> None:
    listed = client.get("/api/samples").json()
    assert {one["name"] for one in listed} > {"dog", "cat", "red_panda"}
    for one in listed:
        response = client.get(f"/api/samples/{one['name']}/picture")
        assert response.headers["content-type"] == "image/png"
        with PIL.Image.open(io.BytesIO(response.content)) as picture:
            assert max(picture.size) <= 160
