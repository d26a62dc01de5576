"""Walk an image through a network: the verb that joins data, models and capture."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import nn

import layerwalk
from layerwalk.capture import record
from layerwalk.data import Image, Prepared, load_image
from layerwalk.errors import ImageError, ModelError
from layerwalk.models import Model
from layerwalk.models.article import a_or_an
from layerwalk.record import Trace

__all__ = ["Watch", "trace", "watched_trace"]

Watch: TypeAlias = Callable[[int, int], None]
"""Told at each module's start how many modules were entered, and how many there are."""


def trace(model: Model | nn.Module, /, *inputs: Any, **keywords: Any) -> Trace:
    """The trace of one forward pass, every op and every value.

    Parameters
    ----------
    model
        A :class:`Model`, or any ``nn.Module``.
    inputs
        For a :class:`Model`, a picture (an :class:`Image`, a path, bytes, a PIL image or
        an array): it is resized, cropped and normalised as the network expects. Tensors
        are passed on as they are, to either, as many as the network takes; so are
        ``keywords``.

    Raises
    ------
    ImageError
        The picture cannot be read, or the network's preprocessing is not known.
    CaptureError
        The network raised before its first op. One that raises later gives the ops so
        far, with ``trace.failure`` set and a warning.

    Examples
    --------
    >>> import layerwalk as lw
    >>> trace = lw.trace(lw.load_model("edges"), "sample:dog")
    >>> [(op.name, op.shape) for op in trace]      # doctest: +NORMALIZE_WHITESPACE
    [('conv', (1, 4, 537, 717)), ('relu', (1, 4, 537, 717)), ('pool', (1, 4, 268, 358))]
    """
    return _walked(model, inputs, keywords, None)


def watched_trace(
    watch: Watch, model: Model | nn.Module, /, *inputs: Any, **keywords: Any
) -> Trace:
    """The same trace as :func:`trace` gives, with ``watch`` told how the walk gets on.

    What ``watch`` raises ends the walk and reaches the caller; the network is as it was. It
    should be a ``BaseException`` that is no ``Exception``: those are taken for the network's.

    Who watches goes on with other things, in other threads: random generators stay where the
    network leaves them, since putting them back would take back what was drawn there.

    Examples
    --------
    >>> import layerwalk as lw
    >>> seen = []
    >>> trace = watched_trace(lambda *how: seen.append(how), lw.load_model("edges"), "sample:dog")
    >>> seen
    [(1, 4), (2, 4), (3, 4), (4, 4)]
    """
    return _walked(model, inputs, keywords, watch, rewind=False)


def _walked(
    model: Model | nn.Module,
    inputs: Sequence[Any],
    keywords: Mapping[str, Any],
    watch: Watch | None,
    *,
    rewind: bool = True,
) -> Trace:
    if not isinstance(model, (Model, nn.Module)):
        raise ModelError(
            f"{a_or_an(type(model).__name__)} is not a network",
            where="trace",
            mend="pass load_model(...) or a torch.nn.Module",
        )
    if not inputs and not keywords:
        raise ImageError("there is nothing to walk", where="trace", mend="pass an image or tensors")
    module = model.module if isinstance(model, Model) else model
    facts = _facts(model)
    if len(inputs) == 1 and _is_picture(inputs[0]):
        image = load_image(inputs[0])
        prepared = _prepare(model, image)
        photo = prepared.photo
        given = [torch.from_numpy(prepared.array).to(_device(module))]
        facts["image"] = image.name
        facts["image_sha256"] = hashlib.sha256(image.pixels.tobytes()).hexdigest()
    else:
        photo = None
        given = [_as_tensor(item) for item in inputs]
    labels = model.labels if isinstance(model, Model) else None
    return record(
        module,
        given,
        keywords,
        name=_name(model),
        labels=labels,
        photo=photo,
        provenance=facts,
        watch=watch,
        rewind=rewind,
    )


def _is_picture(item: Any) -> bool:
    """Whether an input is a picture to be prepared, not a tensor to be passed on."""
    if isinstance(item, (Image, str, bytes, os.PathLike)):
        return True
    if isinstance(item, np.ndarray):
        return item.ndim == 2 or (item.ndim == 3 and item.shape[-1] in (1, 3, 4))
    return type(item).__module__.split(".")[0] == "PIL"


def _as_tensor(item: Any) -> Any:
    if not isinstance(item, np.ndarray):
        return item
    return torch.from_numpy(np.array(item, dtype=item.dtype.newbyteorder("=")))


def _prepare(model: Model | nn.Module, image: Image) -> Prepared:
    preprocessing = model.preprocessing if isinstance(model, Model) else None
    if preprocessing is None:
        raise ImageError(
            "nothing is known about how this network wants its pictures",
            where=_name(model),
            mend="pass a tensor, or wrap it: load_model(module, input_size=224, mean=..., std=...)",
        )
    return preprocessing(image)


def _device(module: nn.Module) -> torch.device:
    first = next(module.parameters(), None)
    return first.device if first is not None else torch.device("cpu")


def _name(model: Model | nn.Module) -> str:
    return model.name if isinstance(model, Model) else type(model).__name__


def _facts(model: Model | nn.Module) -> dict[str, str]:
    """What made the trace, in plain words."""
    facts = {
        "layerwalk": layerwalk.__version__,
        "torch": torch.__version__,
        "python": platform.python_version(),
        "model": _name(model),
    }
    if isinstance(model, Model):
        facts["weights"] = model.weights
        if model.preprocessing is not None:
            facts["preprocessing"] = model.preprocessing.describe()
    return facts
