"""Examine a network: the verb."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from layerwalk.diagnosis.channels import Channels
from layerwalk.diagnosis.depth import Depth
from layerwalk.diagnosis.finding import Diagnosis, Finding
from layerwalk.diagnosis.flaws import Flaws
from layerwalk.diagnosis.preprocessing import Preprocessed
from layerwalk.errors import LayerwalkError
from layerwalk.record import Trace

if TYPE_CHECKING:
    from torch import nn

    from layerwalk.models import Model

    Subject: TypeAlias = Trace | Iterable[Trace] | Model | nn.Module

__all__ = ["doctor", "examine"]


class Examiner(Protocol):
    """Looks at walks, one after the other, for one sort of disease."""

    def see(self, trace: Trace, images: Sequence[str]) -> None:
        """Take the walk of some images, one batch."""

    def findings(self) -> Iterator[Finding]:
        """What was found in all that was seen."""
        ...


def doctor(subject: Subject, /, *images: Any) -> Diagnosis:
    """What is wrong with a network, as far as the images show it.

    Dead, constant, saturated and duplicate channels; the first NaN or infinity and the op that
    made it; values that explode or vanish along the depth; an input whose range or channel order
    is not what the network was trained on. Each finding has its grounds, the images that show it
    and a confidence that grows with their number: one image proves little.

    Parameters
    ----------
    subject
        A trace, several of one network, or a network to be walked.
    images
        For a network: pictures, as :func:`layerwalk.trace` takes them, or tensors; or what
        gives them, such as a list, a generator or a ``DataLoader``, of whose batches the first
        part is taken (what comes behind it are labels). Every image of a batch counts. They
        are walked one at a time, and no walk is kept. For a trace: more traces.

    Raises
    ------
    LayerwalkError
        A network came without images, or traces with some, or traces of several networks; or
        as :func:`layerwalk.trace`.

    Examples
    --------
    >>> import layerwalk as lw
    >>> found = doctor(lw.load_model("edges"), "sample:dog", "sample:cat")
    >>> bool(found), found.images
    (True, ('sample:dog', 'sample:cat'))
    """
    if isinstance(subject, Trace):
        if not all(isinstance(one, Trace) for one in images):
            raise _image_inside()
        return examine([subject, *images])
    if isinstance(subject, str):
        raise LayerwalkError(
            f"{subject!r} is a name",
            where="doctor",
            mend=f"pass what it names: lw.load_model({subject!r}), or lw.open(...) for a file",
        )
    # nn.Sequential is iterable, too.
    if isinstance(subject, Iterable) and not hasattr(subject, "forward"):
        if images:
            raise _image_inside()
        return examine(subject)
    found = _flat(images)
    first = next(found, None)
    if first is None:
        raise LayerwalkError(
            "a network is examined by what it does to images",
            where="doctor",
            mend="pass some: doctor(model, 'dog.jpg', 'cat.jpg')",
        )
    from layerwalk.walk import trace

    network: Any = subject
    return examine(trace(network, image) for image in chain([first], found))


def _image_inside() -> LayerwalkError:
    return LayerwalkError(
        "a trace has its image in it", where="doctor", mend="pass the model and the images"
    )


def examine(traces: Iterable[Trace]) -> Diagnosis:
    """What several walks of one network show, each dropped once it was seen.

    Raises
    ------
    LayerwalkError
        There are none, or something else is among them, or they are of different networks.
    """
    examiners: tuple[Examiner, ...] = (Preprocessed(), Flaws(), Depth(), Channels())
    seen: list[str] = []
    unlooked: list[str] = []
    first: Trace | None = None
    failures: list[Finding] = []
    for one in traces:
        if not isinstance(one, Trace):
            raise LayerwalkError(
                f"{type(one).__name__} is no trace", where="doctor", mend="pass lw.trace(...)"
            )
        first = first or one
        _check_same(first, one)
        images = _images(one, len(seen))
        seen += images
        if one.failure is not None:
            failures.append(_failed(one, images))
        for examiner in examiners:
            try:
                examiner.see(one, images)
            except LayerwalkError as error:  # a value that was left out of the file
                place = f"{error.where}: " if error.where else ""
                unlooked.append(f"{place}{error.what}")
    if first is None:
        raise LayerwalkError("there is nothing to examine", where="doctor", mend="pass a trace")
    order = {op.name: op.index for op in first}
    findings = [*failures, *(one for examiner in examiners for one in examiner.findings())]
    findings.sort(key=lambda one: (not one.serious, order.get(one.op, -1)))
    return Diagnosis(
        name=first.name,
        images=tuple(seen),
        ops=len(first),
        findings=tuple(findings),
        unlooked=tuple(dict.fromkeys(unlooked)),
    )


def _check_same(first: Trace, one: Trace) -> None:
    """Raise unless the two walks are of one network, as far as names and weights tell."""
    what = "have no op in common"
    if not {op.name for op in one}.isdisjoint(op.name for op in first):
        here, there = _weights(first), _weights(one)
        apart = next((name for name in here if here[name] != there.get(name, here[name])), None)
        if apart is None:
            return  # one network need not do the same for every image
        shapes = ("x".join(map(str, weights[apart])) for weights in (there, here))
        what = f"are two networks: {apart} is {' and '.join(shapes)}"
    raise LayerwalkError(
        f"{one.name} and {first.name} {what}",
        where="doctor",
        mend="examine one network at a time",
    )


def _weights(trace: Trace) -> dict[str, tuple[int, ...]]:
    """The shape of each weight that a walk read."""
    return {
        value.name: value.shape
        for op in trace
        for value in op.inputs
        if value.role in ("parameter", "buffer")
    }


def _images(trace: Trace, before: int) -> list[str]:
    """What the images of a walk are called."""
    shape = trace.inputs[0].shape if trace.inputs else ()
    count = max(shape[0], 1) if len(shape) > 1 else 1
    if trace.photo is not None and count == 1:
        return [trace.photo.name]
    return [f"image {before + at + 1}" for at in range(count)]


def _failed(trace: Trace, images: Sequence[str]) -> Finding:
    failure = trace.failure
    assert failure is not None  # noqa: S101 - asked before
    said = f"the network stopped at {failure.where}: {failure.message}"
    return Finding("incomplete walk", True, failure.where, said, (), (), tuple(images), 1.0)


def _flat(images: Iterable[Any]) -> Iterator[Any]:
    for one in images:
        if isinstance(one, (list, tuple)):
            yield from _flat(one)
        elif _gives(one):
            # What a loader gives are pairs of a batch and its labels, which are no images.
            for batch in one:
                yield from _flat([batch[0] if isinstance(batch, (list, tuple)) else batch])
        else:
            yield one


def _gives(one: object) -> bool:
    """Whether it is no picture but gives some: a generator, a ``DataLoader``, a data set."""
    if isinstance(one, (str, bytes, os.PathLike, Mapping)) or hasattr(one, "shape"):
        return False
    return isinstance(one, Iterable) or (hasattr(one, "__getitem__") and hasattr(one, "__len__"))
