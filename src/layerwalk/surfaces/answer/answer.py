"""The one dispatcher: a question of the page, and its answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from layerwalk.surfaces.answer.attribution import attribution, heat, inquire
from layerwalk.surfaces.answer.binary import Binary, Document, Stream
from layerwalk.surfaces.answer.contributions import contributions
from layerwalk.surfaces.answer.data import data, examples, means, pictures
from layerwalk.surfaces.answer.digest import digests
from layerwalk.surfaces.answer.editing import editing
from layerwalk.surfaces.answer.field import field
from layerwalk.surfaces.answer.methods import methods
from layerwalk.surfaces.answer.models import models
from layerwalk.surfaces.answer.report import report, report_sizes
from layerwalk.surfaces.answer.rerun import rerun
from layerwalk.surfaces.answer.run import evaluation, mistakes, run, series, through, why
from layerwalk.surfaces.answer.samples import sample_picture, samples
from layerwalk.surfaces.answer.sheet import sheet
from layerwalk.surfaces.answer.tensor import photo, tensor
from layerwalk.surfaces.answer.tensors import tensors
from layerwalk.surfaces.answer.walk import cancel, job, walk
from layerwalk.surfaces.answer.welcome import close, traces, welcome
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import (
    AskAttribution,
    AskCancel,
    AskClose,
    AskContributions,
    AskData,
    AskDigests,
    AskEditing,
    AskEvaluation,
    AskExamples,
    AskField,
    AskHeat,
    AskInquiry,
    AskJob,
    AskMeans,
    AskMethods,
    AskMistakes,
    AskModels,
    AskPhoto,
    AskPictures,
    AskReport,
    AskReportSizes,
    AskRerun,
    AskRun,
    AskSamplePicture,
    AskSamples,
    AskSeries,
    AskSheet,
    AskTensor,
    AskTensors,
    AskThrough,
    AskTraces,
    AskWalk,
    AskWelcome,
    AskWhy,
    AttributionSheet,
    ContributionSheet,
    DataSheet,
    Digest,
    EditedSheet,
    EditingSheet,
    EvaluationSheet,
    ExamplesSheet,
    FieldSheet,
    JobSheet,
    ListedModel,
    ListedSample,
    MethodsSheet,
    ReportSize,
    Request,
    RunSheet,
    SeriesSheet,
    TraceCard,
    TraceSheet,
    Welcome,
    WhySheet,
)

__all__ = ["PATIENCE", "Answer", "answer"]

Answer: TypeAlias = (
    Welcome
    | tuple[TraceCard, ...]
    | TraceSheet
    | Binary
    | tuple[Digest, ...]
    | AttributionSheet
    | ContributionSheet
    | EditedSheet
    | EditingSheet
    | EvaluationSheet
    | FieldSheet
    | MethodsSheet
    | tuple[ListedModel, ...]
    | tuple[ListedSample, ...]
    | Document
    | Stream
    | tuple[ReportSize, ...]
    | JobSheet
    | RunSheet
    | tuple[SeriesSheet, ...]
    | WhySheet
    | DataSheet
    | ExamplesSheet
)

PATIENCE: Final = 10.0
"""How many seconds an answer waits for news of a walk."""

_MAKERS: Final[Mapping[type, Callable[[Library, Any], Answer]]] = {
    AskWelcome: welcome,
    AskTraces: traces,
    AskSheet: sheet,
    AskTensor: tensor,
    AskTensors: tensors,
    AskPhoto: photo,
    AskDigests: digests,
    AskContributions: contributions,
    AskMethods: methods,
    AskInquiry: inquire,
    AskAttribution: attribution,
    AskHeat: heat,
    AskField: field,
    AskModels: models,
    AskSamples: samples,
    AskSamplePicture: sample_picture,
    AskCancel: cancel,
    AskClose: close,
    AskReport: report,
    AskRerun: rerun,
    AskEditing: editing,
    AskReportSizes: report_sizes,
    AskRun: run,
    AskSeries: series,
    AskEvaluation: evaluation,
    AskMistakes: mistakes,
    AskThrough: through,
    AskWhy: why,
    AskData: data,
    AskExamples: examples,
    AskPictures: pictures,
    AskMeans: means,
}


def answer(
    library: Library, request: Request, *, upload: bytes = b"", patience: float = PATIENCE
) -> Answer:
    """The answer to a question, whoever passed it on: a server, a notebook.

    Parameters
    ----------
    library
        The open traces.
    request
        The question.
    upload
        The bytes of the picture that is to be walked, where they come with the question.
    patience
        How many seconds the question for a walk's progress may wait; 0 for a caller that
        may not.

    Raises
    ------
    LayerwalkError
        What was asked cannot be done; :func:`layerwalk.surfaces.library.problem.problem_of`
        makes of it what the page is told.

    Examples
    --------
    >>> import layerwalk as lw
    >>> library = Library()
    >>> key = library.add(lw.trace(lw.load_model("edges"), "sample:cat"))
    >>> [card.model for card in answer(library, AskTraces())]
    ['edges']
    """
    if isinstance(request, AskWalk):
        return walk(library, request, upload)
    if isinstance(request, AskJob):
        return job(library, request, patience)
    return _MAKERS[type(request)](library, request)
