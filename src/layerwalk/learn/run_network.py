"""The network of a run, as it was after a stored step."""

from __future__ import annotations

import copy
import inspect
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from layerwalk.capture.again import recorded_tensor
from layerwalk.capture.guard import tensors_in
from layerwalk.data.preprocessing import Preprocessing
from layerwalk.errors import ModelError
from layerwalk.learn.checkpoint import Checkpoint
from layerwalk.learn.plan import Plan
from layerwalk.models import Model, load_model
from layerwalk.models.builtin import BUILT_IN
from layerwalk.models.input_format import plain_preprocessing
from layerwalk.models.loading import python_file
from layerwalk.models.run_folder import names_run
from layerwalk.record import Trace, Value
from layerwalk.runs import Run
from layerwalk.runs.description import Description
from layerwalk.store.mapped import Mapped

__all__ = ["network_at"]

Source: TypeAlias = str | os.PathLike[str] | Model | nn.Module

_NAMED = 3
# Of the largest output. Another machine or device adds up in another order, and coarsely in half
# precision; another network gives other numbers.
_NEAR = {"float32": 0.01, "float64": 0.01}
_NEAR_IN_HALVES = 0.1
_FORMS = {"compact": "kept in 8 bits", "half": "kept as float16"}


def network_at(run: Run, step: int, model: Source | None = None) -> Model:
    """The network of a run as it was after ``step`` updates, in evaluation mode on the CPU.

    See :meth:`layerwalk.runs.Run.load_model`.

    Examples
    --------
    >>> network_at(lw.open_run("runs/first"), 100).name             # doctest: +SKIP
    'lenet5 at step 100 of first'
    """
    trace, said, name = run.trace(step), run.description, run.network_name(step)
    built = _built(run, said, model, name)
    _take_shapes(built.module, trace, name)
    _compare_parameters(built.module, said, name)
    _put_in(built.module, run, step, trace, name)
    _compare_answers(built.module, trace, name)
    preprocessing = built.preprocessing
    if preprocessing is None and {one.name for one in fields(Plan)} <= said.settings.keys():
        preprocessing = _pixels_as_they_are(trace)
    kept = [form for detail, form in _FORMS.items() if detail in _details(trace)]
    return replace(
        built,
        name=name,
        preprocessing=preprocessing,
        labels=built.labels if said.classes is None else said.classes,
        weights=f"step {step:,} of the run {run.name}" + (f", {kept[0]}" if kept else ""),
        input_size=built.input_size or (_input_size(trace) if preprocessing else None),
    )


def _built(run: Run, said: Description, model: Source | None, name: str) -> Model:
    """A network of the same kind, of nobody else's."""
    if isinstance(model, Model):
        return replace(model, module=_copied(model.module, name))
    if isinstance(model, nn.Module):
        return replace(load_model(model), module=_copied(model, name))
    if model is not None:
        return _loaded(model)
    known = said.model if said.model in BUILT_IN else None
    source = said.settings.get("model", known)
    if source is None:
        raise ModelError(
            "the run does not say how its network is built",
            where=name,
            mend="pass it: run.load_model(model=net), or run.show(model=net) for the page",
        )
    file = python_file(source)
    if file is not None and not file.is_file():
        raise ModelError(
            f"the run's network is {source}, and there is no such file here",
            where=name,
            mend="go to the folder where it was trained, or pass model=",
        )
    return _loaded(source)


def _loaded(source: str | os.PathLike[str]) -> Model:
    """A network whose weights do not matter: none are downloaded."""
    path = isinstance(source, (str, os.PathLike))
    has_its_own = path and (Path(source).suffix == ".pt2" or names_run(source))
    return load_model(source, weights="default" if has_its_own else None)


def _copied(module: nn.Module, name: str) -> nn.Module:
    """A copy in evaluation mode on the CPU: a network that was just trained may be elsewhere."""
    settled = load_model(module).module
    if settled is not module:
        return settled
    try:
        return copy.deepcopy(module)
    except Exception as error:  # a module can hold anything
        raise ModelError(
            f"the network that was passed cannot be copied ({type(error).__name__})",
            where=name,
            mend="pass the file that makes it, 'net.py:make'",
        ) from error


def _take_shapes(module: nn.Module, trace: Trace, name: str) -> None:
    """Let layers that take their shapes from what they are given do so."""
    if any(nn.parameter.is_lazy(one) for one in (*module.parameters(), *module.buffers())):
        _answer(module, trace, name)


def _compare_parameters(module: nn.Module, said: Description, name: str) -> None:
    own = {key: tuple(one.shape) for key, one in module.named_parameters()}
    told = []
    if lacking := [key for key in said.parameters if key not in own]:
        told.append(f"it has no {_some(lacking)}")
    if unknown := [key for key in own if key not in said.parameters]:
        told.append(f"the run's has no {_some(unknown)}")
    both = [key for key in own if key in said.parameters and own[key] != said.parameters[key]]
    told += [f"{key} is {own[key]}, not {said.parameters[key]}" for key in both[:_NAMED]]
    if told:
        raise ModelError(
            f"this is another network than the run's: {', '.join(told)}",
            where=name,
            mend="pass the one that was trained",
        )


@torch.no_grad()
def _put_in(module: nn.Module, run: Run, step: int, trace: Trace, name: str) -> None:
    """Give the network the parameters and buffers of the step."""
    stored = {one.name: one for one in trace.values if one.role in ("parameter", "buffer")}
    state = module.state_dict(keep_vars=True)
    kept = {id(one) for one in state.values() if isinstance(one, Tensor)}
    lacking: dict[str, Tensor] = {}
    for names, tensor in _weights(module):
        found = next((stored[one] for one in names if one in stored), None)
        if found is not None:
            _fill(tensor, recorded_tensor(found), found, name)
        elif id(tensor) in kept and not _counts_batches(names[0]):
            lacking[next(one for one in names if one in state)] = tensor
    if lacking:
        _fill_from_checkpoint(lacking, run, step, name)


def _weights(module: nn.Module) -> Iterator[tuple[list[str], Tensor]]:
    """Each parameter and buffer once, with all of its names."""
    found: dict[int, tuple[list[str], Tensor]] = {}
    every = (
        *module.named_parameters(remove_duplicate=False),
        *module.named_buffers(remove_duplicate=False),
    )
    for name, tensor in every:
        found.setdefault(id(tensor), ([], tensor))[0].append(name)
    yield from found.values()


def _fill(tensor: Tensor, numbers: Tensor, value: Value | None, name: str) -> None:
    if tensor.shape != numbers.shape:
        key = "" if value is None else value.name
        raise ModelError(
            f"this is another network than the run's: {key} is {tuple(tensor.shape)}, not "
            f"{tuple(numbers.shape)}",
            where=name,
            mend="pass the one that was trained",
        )
    # Not copied into it: it may have been trained with another precision or memory layout.
    tensor.data = numbers


def _counts_batches(name: str) -> bool:
    """Whether it is batch norm's count of batches, which has no part in evaluation."""
    return name.rpartition(".")[2] == "num_batches_tracked"


def _fill_from_checkpoint(lacking: Mapping[str, Tensor], run: Run, step: int, name: str) -> None:
    """Give what the probes did not reach from the checkpoint, if it is of this step."""
    mend = "probes that reach it would have it stored"
    if run.folder.checkpoint.exists():
        checkpoint = Checkpoint.read(run.folder.checkpoint)
        has_all = all(f"model/{key}" in checkpoint.tensors for key in lacking)
        if checkpoint.step == step and has_all:
            for key, tensor in lacking.items():
                _fill(tensor, checkpoint.tensors[f"model/{key}"], None, name)
            return
        if has_all:
            mend = f"only step {checkpoint.step:,} has it, from the run's checkpoint"
    raise ModelError(
        f"the probes did not reach {_some(list(lacking))}, so the step does not hold it",
        where=name,
        mend=mend,
    )


def _details(trace: Trace) -> set[str]:
    """How exactly the numbers of a trace from a file were kept."""
    return {one.data.detail for one in trace.values if isinstance(one.data, Mapped)}


def _compare_answers(module: nn.Module, trace: Trace, name: str) -> None:
    """See that the network gives the probes what it gave them then.

    Parameters may fit a network whose file was changed since: it would be taken for the one
    that was trained.
    """
    told = bool(trace.outputs) and trace.complete and _details(trace) == {"exact"}
    if not told or any(op.random for op in trace):
        return
    try:
        inspect.signature(module.forward).bind(*trace.inputs)
    except TypeError:
        return  # it was given plain numbers besides, which a trace does not keep
    now, then = next(iter(tensors_in((_answer(module, trace, name),))), None), trace.outputs[0]
    if now is None or tuple(now.shape) != then.shape:
        gives = "no tensor" if now is None else str(tuple(now.shape))
        raise _another(f"it gives the probes {gives}, not {then.shape}", name)
    was = np.asarray(then.array(), np.float64)
    largest = float(np.abs(was[np.isfinite(was)]).max(initial=0.0))
    near = _NEAR.get(then.dtype, _NEAR_IN_HALVES) * largest
    if not np.allclose(now.double().numpy(), was, rtol=0, atol=near, equal_nan=True):
        raise _another("it gives the probes other numbers than the run holds", name)


def _answer(module: nn.Module, trace: Trace, name: str) -> object:
    try:
        with torch.no_grad():
            return module(*(recorded_tensor(one) for one in trace.inputs))
    except Exception as error:  # a network's own code can raise anything
        told = " ".join(str(error).split())[:200].rstrip(".")
        what = f"it raised {type(error).__name__} on the probes ({told})"
        raise _another(what, name) from error


def _another(what: str, name: str) -> ModelError:
    return ModelError(
        f"this is another network than the run's: {what}",
        where=name,
        mend="its code may have changed since; pass the one that was trained",
    )


def _pixels_as_they_are(trace: Trace) -> Preprocessing | None:
    """How a training gave the pictures of a set to a network of which nothing is known."""
    size = _input_size(trace)
    return None if size is None else plain_preprocessing(size[1:], size[0])


def _input_size(trace: Trace) -> tuple[int, int, int] | None:
    shape = trace.inputs[0].shape if trace.inputs else ()
    return (shape[1], shape[2], shape[3]) if len(shape) == 4 and shape[1] in (1, 3) else None


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
