"""A network from an exported program: ``"program.pt2"``."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from layerwalk.errors import ModelError
from layerwalk.models.input_format import plain_preprocessing
from layerwalk.models.model import Model
from layerwalk.models.program_screen import screen_program

__all__ = ["load_program"]


def load_program(path: Path) -> Model:
    """The network in a ``.pt2`` file that ``torch.export.save`` wrote.

    Its input size is that of the example inputs it was exported with, its mode the one it
    was exported in. A program exported for one input of shape (1, C, H, W), or for any
    number of them, takes pictures as x / 255 until ``mean`` and ``std`` say otherwise. Its ops
    are named after the modules it was exported from wherever torch can tell them.

    Raises
    ------
    ModelError
        The file cannot be found or read, or :func:`screen_program` refuses it.
    """
    if not path.is_file():
        raise ModelError("there is no such file", where=str(path), mend="check the path")
    screen_program(path)
    # torch logs a traceback for what becomes one sentence here.
    loggers = [logging.getLogger(name) for name in ("torch.export", "torch.export.pt2_archive")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
        program: Any = torch.export.load(path)
        module = _nested(program)
    except Exception as error:  # a broken or newer archive can raise anything
        lines = str(error).strip().splitlines() or [""]
        raise ModelError(
            f"it cannot be read as an exported program ({type(error).__name__}: {lines[0]})",
            where=str(path),
            mend="export it again with the torch that is installed here, "
            f"which is {torch.__version__}",
        ) from error
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
    size, alone = _input(program)
    return Model(
        name=path.name,
        module=module,
        preprocessing=plain_preprocessing(size[1:], size[0]) if size and alone else None,
        labels=None,
        weights=f"file {path.name}",
        input_size=size,
    )


def _nested(program: Any) -> torch.nn.Module:
    """The program with the modules it was exported from, or flat where they cannot be had.

    An exported graph is flat, so its ops are only known by their kinds: ``conv2d:17``.
    ``torch.export.unflatten`` sorts the same calls into modules by the path that each of them
    carries. It is taken at its word only where it calls the same ops in the same order.
    """
    flat: torch.nn.Module = program.module()
    try:
        with warnings.catch_warnings():
            # torch calls what it is about to drop itself; nobody here can mend that.
            warnings.simplefilter("ignore", FutureWarning)
            nested: torch.nn.Module = torch.export.unflatten(program)
        same = list(_calls(nested)) == list(_calls(flat))
    except Exception:  # it says itself that it does not take every program
        return flat
    return nested if same else flat


def _calls(module: Any) -> Iterator[str]:
    """The operators that a graph calls, in order, those of the modules that it calls included."""
    for node in module.graph.nodes:
        if node.op == "call_module":
            inner = module.get_submodule(node.target)
            # What checks the shapes of the inputs stands in the flat graph alone.
            yield from _calls(inner) if hasattr(inner, "graph") else ()
        elif isinstance(node.target, torch._ops.OperatorBase):  # noqa: SLF001
            yield str(node.target)


def _input(program: Any) -> tuple[tuple[int, int, int] | None, bool]:
    """(channels, height, width) of the example picture, and whether one is a batch."""
    values = [
        node.meta.get("val")
        for node in program.graph.nodes
        if node.op == "placeholder" and node.name in program.graph_signature.user_inputs
    ]
    examples: tuple[Any, ...] = program.example_inputs[0] if program.example_inputs else ()
    if len(values) != 1 or len(examples) != 1 or getattr(examples[0], "ndim", 0) != 4:
        return None, False
    batch, channels, height, width = examples[0].shape
    alone = batch == 1 or not isinstance(values[0].shape[0], int)
    return (int(channels), int(height), int(width)), alone and channels in (1, 3)
