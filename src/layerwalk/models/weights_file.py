"""Weights from a file, without ever running a pickle."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

import torch
from torch import Tensor, nn

from layerwalk.errors import ModelError
from layerwalk.models.article import a_or_an
from layerwalk.models.file_kind import FileKind, kind_of

__all__ = ["WEIGHTS_SUFFIXES", "Rename", "load_weights", "read_weights"]

Rename: TypeAlias = Callable[[Mapping[str, Tensor]], dict[str, Tensor]]

WEIGHTS_SUFFIXES = (".safetensors", ".pth", ".pt", ".ckpt", ".bin", ".tar")

# Where training scripts put the weights in what they save, and what wrappers put before
# every key: DataParallel, torch.compile, Lightning.
_NESTS = ("state_dict", "model_state_dict", "model")
_PREFIXES = ("module.", "_orig_mod.", "model.")
# How torch names what it refused to unpickle.
_STRANGER = re.compile(r"GLOBAL ([\w.]+)")
_NOT_WEIGHTS = {
    FileKind.trace: "pass the weights file that the network was walked with",
    FileKind.torchscript: "write its weights from Python: "
    "torch.save(torch.jit.load(file).state_dict(), 'weights.pth')",
    FileKind.exported: "pass it as the network itself: --model program.pt2",
}
_NAMED = 3  # keys that an error names before it only counts


def load_weights(
    module: nn.Module,
    path: Path,
    *,
    rename: Rename | None = None,
    spare: tuple[str, ...] = (),
) -> None:
    """Put the weights of a file into a network; every key must fit.

    Parameters
    ----------
    module
        The network, changed in place.
    path
        A ``.safetensors`` file or one written by ``torch.save``.
    rename
        Called with the file's weights before they are compared.
    spare
        Beginnings of keys that the file may have and the network lacks.

    Raises
    ------
    ModelError
        The file cannot be read, holds more than weights, or does not fit the network; the
        sentence names the first keys.
    """
    state = _without_prefix(read_weights(path), module)
    if rename:
        state = rename(state)
    wanted = module.state_dict()
    state = {
        key: tensor
        for key, tensor in state.items()
        if key in wanted or not (spare and key.startswith(spare))
    }
    try:
        # strict: torch knows which absent keys a layer can do without, a comparison of the
        # names alone does not.
        module.load_state_dict(state)
    except RuntimeError as error:
        what = _difference(wanted, state) or _first_line(error)
        raise ModelError(
            f"the weights do not fit the network: {what}",
            where=str(path),
            mend="name the network they were trained with; one with another head goes as "
            "'file.py:factory'",
        ) from error


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a weights file by name, on the CPU.

    A state dict may lie under ``"state_dict"``, ``"model_state_dict"`` or ``"model"``.

    Raises
    ------
    ModelError
        As :func:`load_weights`.
    """
    if not path.is_file():
        raise ModelError("there is no such weights file", where=str(path), mend="check the path")
    kind = kind_of(path)
    if kind in _NOT_WEIGHTS:
        raise ModelError(
            f"it is {kind.value}, not weights", where=str(path), mend=_NOT_WEIGHTS[kind]
        )
    if path.suffix.lower() == ".safetensors":
        return _read_safetensors(path)
    return _state_dict(_read_torch(path), path)


def _read_safetensors(path: Path) -> dict[str, Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return dict(load_file(path, device="cpu"))
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"it is not a whole .safetensors file ({_first_line(error)})",
            where=str(path),
            mend="copy it again",
        ) from error


def _read_torch(path: Path) -> object:
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a broken archive can raise anything
        stranger = _STRANGER.search(str(error))
        if stranger and isinstance(error, pickle.UnpicklingError):
            raise ModelError(
                f"it holds {a_or_an(stranger[1])}, and nothing but weights is loaded from a file, "
                "since the rest would run as a program",
                where=str(path),
                mend="save model.state_dict() alone, best as .safetensors",
            ) from error
        raise ModelError(
            f"it cannot be read as weights ({type(error).__name__}: {_first_line(error)})",
            where=str(path),
            mend="pass a .safetensors file, or one that torch.save(model.state_dict()) wrote",
        ) from error


def _state_dict(content: object, path: Path) -> dict[str, Tensor]:
    nested = content
    for nest in _NESTS:
        if isinstance(content, Mapping) and isinstance(content.get(nest), Mapping):
            nested = content[nest]
            break
    if not isinstance(nested, Mapping):
        raise ModelError(
            f"it holds {a_or_an(type(nested).__name__)}, not a state dict",
            where=str(path),
            mend="save model.state_dict()",
        )
    strangers = [str(key) for key, item in nested.items() if not isinstance(item, Tensor)]
    if strangers or not nested:
        raise ModelError(
            f"it holds no state dict: {_some(strangers)} are no tensors"
            if strangers
            else "it holds no weights",
            where=str(path),
            mend=f"save model.state_dict(), alone or under {_NESTS[0]!r}",
        )
    return {str(key): tensor for key, tensor in nested.items()}


def _without_prefix(state: dict[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    wanted = module.state_dict()
    while True:
        for prefix in _PREFIXES:
            own = any(key.startswith(prefix) for key in wanted)
            if state and not own and all(key.startswith(prefix) for key in state):
                state = {key.removeprefix(prefix): tensor for key, tensor in state.items()}
                break
        else:
            return state


def _difference(wanted: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> str:
    """The keys in which two sets of weights differ, in words; ``""`` where they agree."""
    missing = [key for key in wanted if key not in state]
    unknown = [key for key in state if key not in wanted]
    misshapen = [
        f"{key} is {tuple(state[key].shape)} for {tuple(wanted[key].shape)}"
        for key in wanted
        if key in state and state[key].shape != wanted[key].shape
    ]
    parts = []
    if missing:
        parts.append(f"missing {_some(missing)}")
    if unknown:
        parts.append(f"unknown {_some(unknown)}")
    if misshapen:
        parts.append(f"of another shape {_some(misshapen)}")
    return ", ".join(parts)


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {more} more" if more > 0 else shown


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    # What torch adds is advice to load without a guard: not to be followed.
    return lines[0].split(". ")[0].split(" Please file")[0].rstrip(".")
