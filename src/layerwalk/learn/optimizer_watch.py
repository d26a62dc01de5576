"""What an optimiser had before a step, and what it made."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from layerwalk.runs.rules import Settings
from layerwalk.runs.update_record import ParameterUpdate, UpdateRecord, kept_rows

__all__ = ["OptimizerWatch"]

_Numbers = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class _Before:
    """A parameter just before the step."""

    parameter: Tensor
    rows: NDArray[np.int64] | None
    before: _Numbers
    state: Mapping[str, _Numbers]
    settings: Settings
    numbers: Mapping[str, float]


class OptimizerWatch:
    """Takes down single steps of an optimiser, through the hooks that torch has for it.

    Parameters
    ----------
    optimizer
        Whose steps.
    names
        The parameters of the network, by name.
    most
        How many numbers of one parameter are kept at most, in whole rows; ``None`` for all.
    wanted
        Asked before each step: after how many updates it comes if it is to be taken down.
    done
        Given each that was.

    Attributes
    ----------
    seconds
        How long that took in all.
    """

    def __init__(
        self,
        optimizer: torch.optim.Optimizer,
        names: Mapping[str, Tensor],
        most: int | None,
        wanted: Callable[[], int | None],
        done: Callable[[UpdateRecord, Mapping[str, float]], None],
    ) -> None:
        self._names = {id(parameter): name for name, parameter in names.items()}
        self._most = most
        self._wanted = wanted
        self._done = done
        self.seconds = 0.0
        self._step: int | None = None
        self._seen: dict[str, _Before] = {}
        self._norms: dict[str, float] = {}
        self._name = type(optimizer).__name__ if _torchs_own(optimizer) else _full(optimizer)
        self._hooks = (
            optimizer.register_step_pre_hook(self._before),
            optimizer.register_step_post_hook(self._after),
        )

    def close(self) -> None:
        """Take the hooks off."""
        for hook in self._hooks:
            hook.remove()

    def _before(self, optimizer: torch.optim.Optimizer, *_: Any) -> None:
        self._step = self._wanted()
        if self._step is not None:
            begun = time.perf_counter()
            self._look(optimizer)
            self.seconds += time.perf_counter() - begun

    @torch.no_grad()
    def _look(self, optimizer: torch.optim.Optimizer) -> None:
        self._seen.clear()
        self._norms.clear()
        for group in optimizer.param_groups:
            settings = _settings(group, self._name)
            for parameter in group["params"]:
                name = self._names.get(id(parameter))
                if name is not None and parameter.requires_grad:
                    self._norms[f"weight/{name}"] = float(parameter.norm())
                    self._seen[name] = self._kept(parameter, optimizer.state, settings)

    def _kept(
        self,
        parameter: Tensor,
        states: Mapping[Tensor, Mapping[str, Any]],
        settings: Settings,
    ) -> _Before:
        rows = kept_rows(tuple(parameter.shape), self._most)
        state: dict[str, _Numbers] = {}
        numbers: dict[str, float] = {}
        for key, value in states.get(parameter, {}).items():
            if isinstance(value, Tensor) and value.shape == parameter.shape:
                state[key] = _numbers(value, rows)
            elif isinstance(value, (int, float)) or (
                isinstance(value, Tensor) and value.numel() == 1
            ):
                numbers[key] = float(value)
        return _Before(
            parameter,
            rows,
            _numbers(parameter, rows),
            state,
            settings,
            numbers,
        )

    def _after(self, *_: Any) -> None:
        if self._step is not None:
            begun = time.perf_counter()
            record = self._made(self._step)
            self._step = None
            self._seen.clear()
            self._done(record, dict(self._norms))
            self.seconds += time.perf_counter() - begun

    @torch.no_grad()
    def _made(self, step: int) -> UpdateRecord:
        found = {}
        for name, one in self._seen.items():
            # Only now: a step that is given a closure works the gradient out itself.
            gradient = one.parameter.grad
            if gradient is None or gradient.is_sparse:
                continue
            self._norms[f"gradient/{name}"] = float(gradient.norm())
            found[name] = ParameterUpdate(
                shape=tuple(one.parameter.shape),
                rows=None if one.rows is None else tuple(one.rows.tolist()),
                before=one.before,
                gradient=_numbers(gradient, one.rows),
                after=_numbers(one.parameter, one.rows),
                state=one.state,
                settings=one.settings,
                numbers=one.numbers,
            )
        return UpdateRecord(step, self._name, found)


def _torchs_own(optimizer: torch.optim.Optimizer) -> bool:
    """Whether the rule is that of torch's class: a subclass may have another."""
    return type(optimizer).__module__.startswith("torch.optim.")


def _full(optimizer: torch.optim.Optimizer) -> str:
    return f"{type(optimizer).__module__}.{type(optimizer).__qualname__}"


def _numbers(tensor: Tensor, rows: NDArray[np.int64] | None) -> _Numbers:
    """A copy in numpy; bfloat16, which numpy has not, becomes float32."""
    kept = tensor.detach()
    if rows is not None:
        kept = kept[torch.from_numpy(rows).to(kept.device)]
    if kept.dtype == torch.bfloat16:
        kept = kept.float()
    kept = kept.cpu()
    if kept.data_ptr() == tensor.data_ptr():
        kept = kept.clone()
    numbers: _Numbers = kept.numpy()
    return numbers


def _settings(group: Mapping[str, Any], optimizer: str) -> Settings:
    found: dict[str, float | bool | tuple[float, ...]] = {}
    for key, value in group.items():
        if isinstance(value, bool):
            found[key] = value
        elif isinstance(value, (int, float)) or (isinstance(value, Tensor) and value.numel() == 1):
            found[key] = float(value)
        elif key == "betas":
            found[key] = tuple(float(one) for one in value)
    if optimizer == "AdamW":
        found["decoupled_weight_decay"] = True  # older PyTorch does not say so itself
    return found
