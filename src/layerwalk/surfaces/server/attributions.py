"""The routes of what mattered to a score."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.server.reply import reply
from layerwalk.surfaces.server.traces import RAW, Sample, Target, TraceId

__all__ = ["attributions"]

attributions: Final = APIRouter(prefix="/api/traces", tags=["attributions"])
"""Which pixels mattered, by every method."""

Method = Annotated[str, Path(max_length=80, description="The method's name.")]
_ROUTE: Final = "/{trace}/attributions/{method}"


@attributions.post(_ROUTE, response_model=wire.JobSheet, status_code=HTTPStatus.ACCEPTED)
async def start_inquiry(
    request: Request, trace: TraceId, method: Method, target: Target = "", sample: Sample = 0
) -> Response:
    """Find out which pixels mattered, and keep it. How it gets on, `/api/walks/{job}` tells."""
    response = await reply(request, wire.AskInquiry(trace, method, target, sample))
    response.status_code = HTTPStatus.ACCEPTED
    return response


@attributions.get(_ROUTE, response_model=wire.AttributionSheet)
async def get_attribution(
    request: Request, trace: TraceId, method: Method, target: Target = "", sample: Sample = 0
) -> Response:
    """What mattered, but for the map; what is not known yet is found out now."""
    return await reply(request, wire.AskAttribution(trace, method, target, sample))


@attributions.get(f"{_ROUTE}/map", response_class=Response, responses=RAW)
async def get_heat(
    request: Request, trace: TraceId, method: Method, target: Target = "", sample: Sample = 0
) -> Response:
    """The map of what mattered, raw: float64 of (height, width), on its own grid."""
    tag = f"{trace}.heat.{quote(method)}.{quote(target)}.{sample}"
    return await reply(request, wire.AskHeat(trace, method, target, sample), tag=tag)
