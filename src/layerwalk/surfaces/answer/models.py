"""The networks that can be named."""

from __future__ import annotations

import functools

from layerwalk.errors import missing
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.wire import AskModels, ListedModel

__all__ = ["models"]


def models(_library: Library, _ask: AskModels) -> tuple[ListedModel, ...]:
    """Every network that can be named, asked for once: torchvision and timm take seconds.

    Raises
    ------
    MissingPackageError
        PyTorch is not installed.
    """
    return _listed()


@functools.cache
def _listed() -> tuple[ListedModel, ...]:
    try:
        from layerwalk.models import list_models
    except ModuleNotFoundError as error:
        raise missing(error) from error
    return tuple(
        ListedModel(one.name, one.source, one.parameters, one.input_size, one.note)
        for one in list_models()
    )
