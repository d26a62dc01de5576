"""The routes and the messages, as an OpenAPI document."""

from __future__ import annotations

import dataclasses
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from layerwalk.surfaces import wire

__all__ = ["schema_of"]


def schema_of(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the explorer's routes and of every message.

    The messages that no route has, because a notebook passes them on as they are, are among
    the components too.
    """
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        openapi_version=app.openapi_version,
        routes=app.routes,
    )
    schemas: dict[str, Any] = document["components"]["schemas"]
    document["components"]["schemas"] = dict(sorted((_messages() | schemas).items()))
    return document


def _messages() -> dict[str, Any]:
    """Every message: a question as it may be sent, an answer as it comes."""
    classes: list[Any] = [getattr(wire, name) for name in wire.__all__]
    modes: list[Any] = [
        (one, "validation" if name.startswith("Ask") else "serialization", TypeAdapter(one))
        for name, one in zip(wire.__all__, classes, strict=True)
        if dataclasses.is_dataclass(one)
    ]
    _, found = TypeAdapter.json_schemas(modes, ref_template="#/components/schemas/{model}")
    messages: dict[str, Any] = found["$defs"]
    return messages
