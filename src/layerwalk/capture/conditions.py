"""The conditions of a recording: set while it lasts, put back after, whatever happens."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch

__all__ = ["below_autograd", "unchanged_randomness", "whole_operations"]


class _WhileAnyRecords:
    """Conditions of the whole process: the first recording thread sets them, the last undoes."""

    def __init__(self, set_up: Callable[[ExitStack], None]) -> None:
        self._set_up = set_up
        self._lock = threading.Lock()
        self._threads = 0
        self._restore = ExitStack()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            if self._threads == 0:
                with ExitStack() as stack:  # closed at once if a step of it fails
                    self._set_up(stack)
                    self._restore = stack.pop_all()
            self._threads += 1
        try:
            yield
        finally:
            with self._lock:
                self._threads -= 1
                if self._threads == 0:
                    self._restore.close()


@contextmanager
def below_autograd() -> Iterator[None]:
    """Run without gradients, below autograd, so that composite ops are met whole.

    The guard is private to torch. Where a version lacks it, plain ``no_grad`` records the
    same values in smaller ops.
    """
    guard = getattr(torch._C, "_AutoDispatchBelowAutograd", None)
    with torch.no_grad():
        if guard is None:
            yield
        else:
            with guard():
                yield


def _see_whole_operations(stack: ExitStack) -> None:
    if torch.backends.mha.get_fastpath_enabled():
        torch.backends.mha.set_fastpath_enabled(False)
        stack.callback(torch.backends.mha.set_fastpath_enabled, True)
    # Importing dynamo takes seconds; without it no module can have been compiled.
    if "torch._dynamo" in sys.modules:
        stack.enter_context(torch.compiler.set_stance("force_eager"))


def _remember_randomness(stack: ExitStack) -> None:
    stack.callback(_Randomness().put_back)


# The fast path of multi-head attention is one fused op, and a compiled module runs where no
# op can be seen: both are turned off.
whole_operations = _WhileAnyRecords(_see_whole_operations)
# Every random generator is put back to where it was, if the network drew from it.
unchanged_randomness = _WhileAnyRecords(_remember_randomness)


class _Randomness:
    """Where every random generator stood."""

    def __init__(self) -> None:
        self._numpy = np.random.get_state()  # noqa: NPY002 - the legacy global is what models use
        self._python = random.getstate()
        self._torch = torch.get_rng_state()
        self._cuda = _cuda_states()

    def put_back(self) -> None:
        """Setting a state costs more than a look: only those that were moved are set."""
        if not torch.equal(torch.get_rng_state(), self._torch):
            torch.set_rng_state(self._torch)
        for device, state in enumerate(self._cuda):
            if not torch.equal(torch.cuda.get_rng_state(device), state):
                torch.cuda.set_rng_state(state, device)
        if random.getstate() != self._python:
            random.setstate(self._python)
        if not _same_state(np.random.get_state(), self._numpy):  # noqa: NPY002
            np.random.set_state(self._numpy)  # noqa: NPY002


def _cuda_states() -> list[torch.Tensor]:
    # Asking an idle CUDA for its state would start it.
    started: bool = torch.cuda.is_initialized()  # type: ignore[no-untyped-call]
    return torch.cuda.get_rng_state_all() if started else []


def _same_state(one: Any, other: Any) -> bool:
    return bool(one[2:] == other[2:] and np.array_equal(one[1], other[1]))
