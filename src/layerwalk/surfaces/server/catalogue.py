"""The routes of what there is to choose from."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.server.reply import reply

__all__ = ["catalogue"]

catalogue: Final = APIRouter(prefix="/api", tags=["catalogue"])
"""Who answers, the networks, the samples, the methods, and what edits are made of."""


@catalogue.get("/welcome", response_model=wire.Welcome)
async def get_welcome(request: Request) -> Response:
    """Who answers, and what can be asked."""
    return await reply(request, wire.AskWelcome())


@catalogue.get("/models", response_model=tuple[wire.ListedModel, ...])
async def list_models(request: Request) -> Response:
    """The networks that can be named."""
    return await reply(request, wire.AskModels())


@catalogue.get("/editing", response_model=wire.EditingSheet)
async def get_editing(request: Request) -> Response:
    """The filters and activations that edits can name."""
    return await reply(request, wire.AskEditing())


@catalogue.get("/methods", response_model=wire.MethodsSheet)
async def list_methods(request: Request) -> Response:
    """By which methods it can be found out what mattered."""
    return await reply(request, wire.AskMethods())


@catalogue.get("/samples", response_model=tuple[wire.ListedSample, ...])
async def list_samples(request: Request) -> Response:
    """The pictures that come with the package."""
    return await reply(request, wire.AskSamples())


@catalogue.get(
    "/samples/{name:path}/picture",
    response_class=Response,
    responses={200: {"description": "A PNG file.", "content": {"image/png": {}}}},
)
async def get_sample_picture(
    request: Request,
    name: Annotated[str, Path(max_length=80, description="The sample's name, `digits/17`.")],
) -> Response:
    """One of them, small."""
    return await reply(request, wire.AskSamplePicture(name))
