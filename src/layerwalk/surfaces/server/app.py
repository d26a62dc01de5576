"""The explorer as an ASGI application."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.attributions import attributions
from layerwalk.surfaces.server.catalogue import catalogue
from layerwalk.surfaces.server.data import data
from layerwalk.surfaces.server.page import page
from layerwalk.surfaces.server.refusal import refuse
from layerwalk.surfaces.server.runs import runs
from layerwalk.surfaces.server.schema import schema_of
from layerwalk.surfaces.server.threads import Threads
from layerwalk.surfaces.server.traces import traces
from layerwalk.surfaces.server.walks import walks
from layerwalk.surfaces.wire import Problem

__all__ = ["make_app"]


def make_app(library: Library) -> FastAPI:
    """The application that answers out of a library; who may ask is not its business.

    See :class:`layerwalk.surfaces.server.guard.Guard`.
    """
    app = _Explorer(
        title="Layerwalk's explorer",
        version="1",
        description="The walks of a Layerwalk explorer: every value of every op. Each request "
        "carries the token of the printed link as a bearer.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=_name,
        responses={"default": {"model": Problem, "description": "Why it could not be done."}},
    )
    app.state.library = library
    app.state.threads = Threads()
    routers: tuple[APIRouter, ...] = (
        catalogue, traces, attributions, walks, runs, data, page,
    )  # fmt: skip
    for router in routers:
        app.include_router(router)
    app.state.routes = [route for router in routers for route in router.routes]
    for kind in (LayerwalkError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, refuse)
    return app


class _Explorer(FastAPI):
    """FastAPI, with every message in its document, and HEAD wherever there is GET."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # uvicorn, who knows better, sends no body
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = schema_of(self)
        return self.openapi_schema


def _name(route: APIRoute) -> str:
    return route.name
