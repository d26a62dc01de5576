"""Which module is running: global module hooks, heard only by the thread that records."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import torch
from torch.nn.modules import module as torch_modules

__all__ = ["Frame", "Listener", "is_listening", "listening"]


class Frame:
    """One call of one module."""

    __slots__ = ("busy", "call", "module", "parent", "path")

    def __init__(self, module: torch.nn.Module, parent: Frame | None, call: int) -> None:
        self.module = module
        self.parent = parent
        self.call = call
        self.busy = False  # whether it called other modules
        self.path: str | None = None  # found after the walk


class Listener(Protocol):
    """What a recorder does when a module starts and ends."""

    def enter(self, module: torch.nn.Module) -> None:
        """A module's forward begins."""
        ...

    def leave(self, module: torch.nn.Module, args: Any, kwargs: Any, result: Any) -> None:
        """A module's forward has returned."""
        ...

    def abandon(self, module: torch.nn.Module, error: BaseException | None) -> None:
        """A module's forward has raised."""
        ...


_LISTENERS: dict[int, Listener] = {}
_LOCK = threading.Lock()
_HANDLES: list[torch.utils.hooks.RemovableHandle] = []


def _before(module: torch.nn.Module, _args: Any) -> None:
    listener = _LISTENERS.get(threading.get_ident())
    if listener is not None:
        listener.enter(module)


def _after(module: torch.nn.Module, args: Any, *rest: Any) -> None:
    listener = _LISTENERS.get(threading.get_ident())
    if listener is None:
        return
    # Called with (args, kwargs, result) after a return and with (args, result) after an
    # exception: torch leaves the keywords out on that path.
    if len(rest) == 2:
        listener.leave(module, args, rest[0], rest[1])
    else:
        listener.abandon(module, sys.exc_info()[1])


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Tell ``listener`` of every module that this thread runs.

    The hooks are torch's global ones, put in by the first recording thread and taken out
    by the last; nothing is attached to any model.
    """
    thread = threading.get_ident()
    with _LOCK:
        if not _LISTENERS:
            _HANDLES.append(torch_modules.register_module_forward_pre_hook(_before))
            _HANDLES.append(
                torch_modules.register_module_forward_hook(
                    _after, with_kwargs=True, always_call=True
                )
            )
        _LISTENERS[thread] = listener
    try:
        yield
    finally:
        with _LOCK:
            del _LISTENERS[thread]
            if not _LISTENERS:
                while _HANDLES:
                    _HANDLES.pop().remove()


def is_listening() -> bool:
    """Whether this thread is recording already."""
    return threading.get_ident() in _LISTENERS
