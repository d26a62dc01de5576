"""A whole walk: every op of one forward pass, with every value."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layerwalk.errors import NotFoundError, missing
from layerwalk.frozen import ItsOwnCopy
from layerwalk.record.op import Op
from layerwalk.record.value import Value

__all__ = ["Failure", "Photo", "Trace"]


@dataclass(frozen=True, eq=False)
class Photo:
    """The picture as the network saw it, before its colours were normalised.

    ``pixels`` is uint8 of shape (H, W, 3) or (H, W, 1), the size of the network's input;
    ``box`` is the part of the original it shows, (left, top, right, bottom) in the
    original's pixels; ``original`` is the original's (width, height).
    """

    pixels: NDArray[np.uint8] = field(repr=False)
    name: str
    box: tuple[float, float, float, float]
    original: tuple[int, int]


@dataclass(frozen=True)
class Failure:
    """Why a trace is incomplete: the op (or module) that raised, and what it said."""

    where: str
    message: str


@dataclass(frozen=True, eq=False, repr=False)
class Trace(ItsOwnCopy):
    """Every op of one forward pass, with every value.

    Nothing in it can change, so :mod:`copy` hands out the trace itself. A pickle carries the
    numbers along and opens without torch; ops and values go with their trace only.

    Attributes
    ----------
    ops
        In the order in which they ran.
    inputs, outputs
        What the network was given and what it returned, flattened in order.
    output_paths
        Where each output stood in the returned structure: ``""``, ``"0"``, ``"logits"``.
    modules
        Path to class name of every module that ran, the network itself under ``""``.
    name
        What the model is called.
    labels
        Class names of the first output, if known.
    photo
        The picture that was walked, if it was one.
    failure
        Set when the model raised half-way: the ops so far are kept.
    provenance
        Versions, weights, preprocessing, the picture's and (in a file) the weights' hash.

    Examples
    --------
    >>> trace = lw.trace(model, image)                      # doctest: +SKIP
    >>> trace["features.0.conv"].array().shape              # doctest: +SKIP
    (1, 32, 112, 112)
    """

    ops: tuple[Op, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    output_paths: tuple[str, ...]
    modules: Mapping[str, str] = field(repr=False)
    name: str
    labels: tuple[str, ...] | None = field(default=None, repr=False)
    photo: Photo | None = None
    failure: Failure | None = None
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        state = "" if self.failure is None else f", stopped at {self.failure.where}"
        return f"<Trace of {self.name}: {len(self.ops)} ops{state}>"

    @property
    def complete(self) -> bool:
        """Whether the forward pass came to its end."""
        return self.failure is None

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every value once, by id: weights, inputs, constants and results."""
        found: dict[int, Value] = {value.id: value for value in self.inputs}
        for op in self.ops:
            for value in op.inputs:
                found.setdefault(value.id, value)
            for value in op.outputs:
                found.setdefault(value.id, value)
        for value in self.outputs:
            found.setdefault(value.id, value)
        return tuple(found[key] for key in sorted(found))

    @cached_property
    def _by_name(self) -> Mapping[str, int]:
        return {op.name: op.index for op in self.ops}

    def __len__(self) -> int:
        return len(self.ops)

    def __iter__(self) -> Iterator[Op]:
        return iter(self.ops)

    def __contains__(self, key: object) -> bool:
        if isinstance(key, Op):
            return any(op is key for op in self.ops)
        try:
            return isinstance(key, (str, int)) and self[key] is not None
        except NotFoundError:
            return False

    def __getitem__(self, key: str | int | Op) -> Op:
        """An op by name or index; a module's path gives the last op that it ran."""
        if isinstance(key, Op):
            key = key.index
        if not isinstance(key, (str, int)):
            raise NotFoundError(
                f"{key!r} is neither a name nor an index",
                where=self.name,
                mend="trace.ops takes slices",
            )
        if isinstance(key, int):
            if not -len(self.ops) <= key < len(self.ops):
                raise NotFoundError(
                    f"there is no op {key}", where=self.name, mend=f"it has {len(self.ops)} ops"
                )
            return self.ops[key]
        if key in self._by_name:
            return self.ops[self._by_name[key]]
        inside = key + "."
        for op in reversed(self.ops):
            if op.module == key or op.module.startswith(inside):
                return op
        near = difflib.get_close_matches(key, self._by_name, n=3, cutoff=0.6)
        raise NotFoundError(
            f"there is no op {key!r}",
            where=self.name,
            mend=f"did you mean {', '.join(near)}?" if near else "trace.ops lists them",
        )

    def top(self, count: int = 5, sample: int = 0) -> list[tuple[str, float]]:
        """The most probable classes, ``[(label, probability), ...]``, best first.

        The last dimension of the first output holds the classes. Logits go through a
        softmax in float64; what the network itself made by softmax, log-softmax or sigmoid
        is taken as it is (see :func:`layerwalk.prediction.probabilities`).

        Raises
        ------
        NotFoundError
            The network returned nothing, or its output is not one row of scores an image.
        """
        if count < 0:
            raise NotFoundError(f"there are no {count} classes", where=self.name)
        chances = _late("layerwalk.prediction", "probabilities")(self, sample)
        order = np.argsort(-chances, kind="stable")[:count]
        labels = self.labels if self.labels and len(self.labels) == len(chances) else None
        return [(labels[k] if labels else f"class {k}", float(chances[k])) for k in order]

    def replay(self) -> Any:
        """Run every op again on its recorded inputs and compare the bits.

        See :func:`layerwalk.capture.replay.replay`. Needs torch.
        """
        return _late("layerwalk.capture.replay", "replay")(self)

    def verify(self, samples: int = 1000, seed: int = 0) -> Any:
        """Recompute sampled values of every op from what it read, by its recipe.

        See :func:`layerwalk.recipes.verify.verify`. Needs no torch.
        """
        return _late("layerwalk.recipes.verify", "verify")(self, samples, seed)

    def rerun(self, edits: Any) -> Trace:
        """The trace as it would have been with some edits; only what they change is computed.

        ``edits`` are collected with :func:`layerwalk.edit`. See
        :func:`layerwalk.edits.rerun.rerun`. Needs torch.
        """
        again: Trace = _late("layerwalk.edits.rerun", "rerun")(self, edits)
        return again

    def save(self, path: Any, **options: Any) -> Any:
        """Write the trace as one ``.safetensors`` file. See :func:`layerwalk.store.save`."""
        return _late("layerwalk.store", "save")(self, path, **options)

    def report(self, path: Any, **options: Any) -> Any:
        """Write the explorer of this trace as one HTML file that needs no server.

        Options as :func:`layerwalk.surfaces.report.make_report` has them: ``detail`` and
        ``weights``.
        """
        return _late("layerwalk.surfaces.report", "make_report")(self, **options).write(path)

    def show(self, *, browser: bool = True) -> Any:
        """Open the explorer: in a notebook a widget, elsewhere the browser.

        See :func:`layerwalk.surfaces.show.show`.
        """
        return _late("layerwalk.surfaces.show", "show")(self, browser=browser)

    def __reduce__(self) -> tuple[Any, ...]:
        return _late("layerwalk.store", "unpacked"), (_late("layerwalk.store", "packed")(self),)


def _late(module: str, name: str) -> Any:
    """A verb of another room, bound by name when it is called (docs/decisions/0002)."""
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        raise missing(error) from error
