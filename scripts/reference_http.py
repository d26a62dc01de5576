"""The page of the reference about the explorer's HTTP interface, from its own description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["http_page"]

_OPENING = """# HTTP interface

What `layerwalk serve` and `layerwalk show` answer, for the explorer's page and for other programs
of yours. Each question needs the token of the printed link as `Authorization: Bearer ...`; the
same, for programs, stands at `/api/openapi.json`. Numbers come raw: little-endian, in C order,
their shape and type in the headers `X-Layerwalk-Shape` and `X-Layerwalk-Dtype`. A question that
cannot be answered gets a status of 400 or above and a JSON table whose `sentence` says what was
wrong, where, and how to mend it.
"""


def http_page(description: Mapping[str, Any]) -> str:
    """The page, in Markdown, from an OpenAPI document; each route with its parameters."""
    pieces = [_OPENING]
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            said = " ".join((operation.get("description") or "").split())
            pieces.append(f"## `{method.upper()} {path}`\n\n{said}\n")
            rows = list(_parameters(operation))
            if rows:
                pieces.append("\n".join(rows) + "\n")
            pieces.append(f"Answers with {_answer(operation)}.\n")
    return "\n".join(pieces)


def _parameters(operation: Mapping[str, Any]) -> Iterator[str]:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] != "query":
            continue
        said = " ".join((parameter.get("description") or "").split())
        default = parameter["schema"].get("default")
        usual = f" (`{default}` if not given)" if default not in (None, "", False) else ""
        yield (
            f"- `{parameter['name']}`{usual}: {said}" if said else f"- `{parameter['name']}`{usual}"
        )
    if "requestBody" in operation:
        yield "- the body: the bytes of a picture, if one is uploaded"


def _answer(operation: Mapping[str, Any]) -> str:
    """What comes back where all is well, by the names of its schema."""
    for status, response in operation["responses"].items():
        if not status.startswith("2"):
            continue
        for media, content in response.get("content", {}).items():
            return (
                _named(content.get("schema", {})) if media == "application/json" else f"`{media}`"
            )
    return "nothing"


def _named(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        return f"a `{schema['$ref'].rsplit('/', 1)[-1]}`"
    if schema.get("type") == "array":
        return f"a list, each {_named(schema['items'])}"
    return "JSON"
