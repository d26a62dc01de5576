"""The OpenAPI document says what there is, and the page's types are made from it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

import wire as script
from layerwalk.surfaces import wire
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.app import make_app

WEB = Path(__file__).resolve().parents[3] / "web"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return make_app(Library()).openapi()


def test_it_is_served(client: httpx.Client, document: dict[str, Any]) -> None:
    assert client.get("/api/openapi.json").json() == json.loads(json.dumps(document))


def test_every_message_is_in_it(document: dict[str, Any]) -> None:
    assert set(document["components"]["schemas"]) == set(wire.__all__) - {"Request"}


def test_every_route_is_told_and_answers_with_a_message_or_a_file(
    document: dict[str, Any],
) -> None:
    assert len(document["paths"]) == 31
    for path, methods in document["paths"].items():
        assert path.startswith("/api/")
        for told in methods.values():
            assert told["description"], path
            assert told["responses"]["default"]["content"]["application/json"]["schema"] == {
                "$ref": "#/components/schemas/Problem"
            }
            assert "422" not in told["responses"]
            for parameter in told.get("parameters", ()):
                assert parameter["description"], (path, parameter["name"])


def test_the_page_has_the_same_schema() -> None:
    assert (WEB / "src" / "wire" / "schema.json").read_text() == script.schema(), "run make wire"
