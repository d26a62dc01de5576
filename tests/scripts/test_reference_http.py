"""The page about the HTTP interface has every route and every parameter."""

from __future__ import annotations

from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.app import make_app
from reference_http import http_page


def test_every_route_and_every_parameter_is_told() -> None:
    app = make_app(Library())
    described = app.openapi()
    page = http_page(described)
    routes = [
        (method.upper(), path, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    assert len(routes) >= 15
    for method, path, operation in routes:
        heading = f"## `{method} {path}`\n\n"
        assert heading in page
        told = page.split(heading)[1].split("\n## ")[0]
        assert told.strip()[0].isupper()
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert f"- `{parameter['name']}`" in told
                assert parameter["description"]


def test_the_shape_of_an_answer_is_told() -> None:
    page = http_page(make_app(Library()).openapi())
    assert "Answers with a list, each a `TraceCard`." in page
    assert "Answers with a `TraceSheet`." in page
    assert "Answers with `application/octet-stream`." in page
