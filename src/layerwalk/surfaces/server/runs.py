"""The routes of recorded trainings."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from layerwalk.surfaces import wire
from layerwalk.surfaces.answer.region import parse_indices
from layerwalk.surfaces.server.reply import reply
from layerwalk.surfaces.server.traces import RAW

__all__ = ["runs"]

runs: Final = APIRouter(prefix="/api/runs", tags=["runs"])
"""How they went, and what became of their numbers. Each step is a trace, too."""

RunId = Annotated[str, Path(max_length=80, description="The run's id.")]
Step = Annotated[int, Path(ge=0, description="After how many updates.")]


@runs.get("/{run}", response_model=wire.RunSheet)
async def get_run(request: Request, run: RunId) -> Response:
    """What there is of a run by now."""
    return await reply(request, wire.AskRun(run))


@runs.get("/{run}/series", response_model=tuple[wire.SeriesSheet, ...])
async def get_series(
    request: Request,
    run: RunId,
    scale: Annotated[
        Literal["log", "linear"], Query(description="How a drawing lays the steps along its width.")
    ] = "log",
    most: Annotated[int, Query(description="Into so many parts its width is divided.")] = 400,
) -> Response:
    """How everything that was measured went, in points that show in a drawing."""
    return await reply(request, wire.AskSeries(run, scale, most))


@runs.get("/{run}/evaluations/{step}", response_model=wire.EvaluationSheet)
async def get_evaluation(request: Request, run: RunId, step: Step) -> Response:
    """What the network got right and wrong after a step."""
    return await reply(request, wire.AskEvaluation(run, step))


@runs.get("/{run}/evaluations/{step}/pictures", response_class=Response, responses=RAW)
async def get_mistakes(request: Request, run: RunId, step: Step) -> Response:
    """The pictures of the worst mistakes, uint8 of shape (count, H, W, channels), raw."""
    return await reply(request, wire.AskMistakes(run, step))


@runs.get("/{run}/values/{value}", response_class=Response, responses=RAW)
async def get_through(
    request: Request,
    run: RunId,
    value: Annotated[int, Path(ge=0, description="The value's id within the traces.")],
    until: Annotated[int, Query(ge=0, description="The last step that is wanted.")],
    region: Annotated[
        str, Query(max_length=400, description="Which part of it, `0,3:5`; empty for all of it.")
    ] = "",
) -> Response:
    """The numbers of a value at every stored step, raw; the steps are the first axis."""
    return await reply(request, wire.AskThrough(run, value, region, until))


@runs.get("/{run}/updates/{step}", response_model=wire.WhySheet)
async def get_why(
    request: Request,
    run: RunId,
    step: Step,
    parameter: Annotated[str, Query(max_length=400, description="Its name: `c1.weight`.")],
    at: Annotated[str, Query(max_length=400, description="Which number of it: `0,0,1,1`.")] = "",
) -> Response:
    """How the optimiser changed one weight after a step."""
    index = parse_indices(at, "positions")
    return await reply(request, wire.AskWhy(run, parameter, index, step))
