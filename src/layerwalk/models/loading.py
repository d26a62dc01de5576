"""``load_model``: from whatever the user has to a network that is ready to walk."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, TypeAlias

import torch.fx
from torch import nn

from layerwalk.errors import MissingPackageError, ModelError
from layerwalk.models.builtin import BUILT_IN, load_built_in
from layerwalk.models.file_kind import FileKind, kind_of
from layerwalk.models.input_format import InputFormat, Numbers, Size
from layerwalk.models.labels import read_labels
from layerwalk.models.matches import did_you_mean
from layerwalk.models.model import Model
from layerwalk.models.package import LostPackageError, tell_lost
from layerwalk.models.program import load_program
from layerwalk.models.run_folder import RUN, load_from_run, names_run
from layerwalk.models.seed import SEED
from layerwalk.models.timm_zoo import load_timm
from layerwalk.models.torchvision_zoo import load_torchvision, torchvision_spare_keys
from layerwalk.models.user_file import load_user_module
from layerwalk.models.weights_file import WEIGHTS_SUFFIXES, Rename, load_weights
from layerwalk.models.well_known import WELL_KNOWN
from layerwalk.models.zoos import ZOOS

__all__ = ["Model", "load_model", "python_file"]

Source: TypeAlias = Literal["built-in", "torchvision", "timm"]
_PYTHON_FILE = re.compile(r"(?P<path>.+\.py)(?::(?P<target>.*))?", re.DOTALL)


def load_model(
    source: str | os.PathLike[str] | nn.Module,
    *,
    weights: str | os.PathLike[str] | None = "default",
    input_size: Size | None = None,
    channels: int | None = None,
    mean: Numbers | None = None,
    std: Numbers | None = None,
    labels: Sequence[str] | str | Path | None = None,
) -> Model:
    """A network that is ready to walk, in evaluation mode and on the CPU.

    Parameters
    ----------
    source
        - A name: of a built-in network, of a torchvision classifier or of a timm network,
          looked up in this order; ``"torchvision:resnet18"``, ``"timm:resnet18"`` or
          ``"timm/resnet18.a1_in1k"`` say whose it is.
        - ``"net.py:Net"``: a class, a factory or a network in a file of yours
          (see :func:`.user_file.load_user_module`).
        - ``"program.pt2"``: what ``torch.export.save`` wrote.
        - ``"runs/first"``, ``"runs/first@1200"``: the network of a recorded training after its
          last stored step, or after another (see :meth:`layerwalk.runs.Run.load_model`).
        - An ``nn.Module``. It is used as it is when it is on the CPU and in evaluation mode
          already, else a copy of it: yours is never changed.
    weights
        ``"default"`` for the trained weights of a name, or what a file's network has of its
        own; ``"none"`` or ``None`` for random ones from a fixed seed; or a
        ``.safetensors``, ``.pth`` or ``.pt`` file. Pickles are never run.
    input_size
        ``224``, ``(height, width)`` or ``(channels, height, width)`` of the input picture,
        over what the network brings along. So do the next three.
    channels
        1 or 3.
    mean, std
        One number, or one a channel, for pixels on the scale 0..1.
    labels
        Class names, a text file with one a line, or ``"imagenet"``.

    Examples
    --------
    >>> model = load_model("tiny_vgg")
    >>> model.input_size, model.weights
    ((3, 64, 64), 'untrained, seed 0')
    >>> load_model(nn.Conv2d(3, 8, 3), input_size=64, mean=0.5, std=0.5).preprocessing.crop
    64

    Raises
    ------
    ModelError
        The name is unknown, the file or the weights cannot be used, or a number makes no
        sense.
    MissingPackageError
        The network is torchvision's or timm's, and that is not installed.
    """
    if not isinstance(source, (str, os.PathLike, nn.Module)):
        raise ModelError(
            f"{source!r} is not a network, a name or a file",
            mend="pass a network, Net(...), not its class"
            if isinstance(source, type)
            else "pass a name that list_models() has, a path or a torch.nn.Module",
        )
    chosen = _weights(weights)
    if isinstance(source, nn.Module):
        found: _Found = _wrapped(source, chosen), None, ()
    else:
        found = _found(source, chosen)
    model, rename, spare = found
    if isinstance(chosen, Path):
        load_weights(model.module, chosen, rename=rename, spare=spare)
        model = replace(model, weights=f"file {chosen.name}")
    model = InputFormat(input_size, channels, mean, std).over(model)
    if labels is not None:
        model = replace(model, labels=read_labels(labels))
    return replace(model, module=_settled(model))


_Found: TypeAlias = tuple[Model, Rename | None, tuple[str, ...]]


def _weights(weights: str | os.PathLike[str] | None) -> Literal["default", "none"] | Path:
    if weights is None or weights == "none":
        return "none"
    if weights == "default":
        return "default"
    path = Path(weights)
    if not path.is_file() and path.suffix.lower() not in WEIGHTS_SUFFIXES:
        raise ModelError(
            f"the weights {str(path)!r} are neither a file nor 'default' or 'none'",
            mend="name a .safetensors, .pth or .pt file",
        )
    return path


def python_file(source: str) -> Path | None:
    """The Python file that a source names, if it names one.

    >>> python_file("nets/net.py:Net").as_posix(), python_file("lenet5")
    ('nets/net.py', None)
    """
    match = _PYTHON_FILE.fullmatch(source)
    return None if match is None else Path(match["path"])


def _found(given: str | os.PathLike[str], chosen: Literal["default", "none"] | Path) -> _Found:
    """The network of a name or a file, and how a weights file is fitted to it."""
    source = os.fspath(given)
    suffix = Path(source).suffix.lower()
    if match := _PYTHON_FILE.fullmatch(source):
        path, target = Path(match["path"]), match["target"] or ""
        module = load_user_module(path, target)
        name = f"{path.name}:{target or type(module).__name__}"
        made = f"as {path.name} makes them, seed {SEED}"
        return Model(name, module, None, None, made, None), None, ()
    if suffix == ".pt2":
        if chosen != "default":
            raise ModelError(
                "an exported program has its own weights", where=source, mend="leave weights out"
            )
        return load_program(Path(source)), None, ()
    if suffix in WEIGHTS_SUFFIXES and Path(source).is_file():
        raise _no_network(Path(source))
    if names_run(given):
        if chosen != "default":
            raise ModelError(
                "a run has its own weights", where=source, mend="use weights 'default'"
            )
        return load_from_run(given), None, ()
    return _named(source, pretrained=chosen == "default")


def _no_network(path: Path) -> ModelError:
    kind, where = kind_of(path), str(path)
    what = f"it is {kind.value}, not a network"
    if kind is FileKind.trace:
        return ModelError(
            what, where=where, mend="layerwalk.open() reads it; name the network itself to walk it"
        )
    if kind is FileKind.torchscript:
        return ModelError(
            f"it is {kind.value}, whose ops cannot be recorded one by one",
            where=where,
            mend="name the Python file of the network (file.py:Net), or export it with "
            "torch.export.save to a .pt2 file",
        )
    if kind is FileKind.exported:
        return ModelError(
            f"it is {kind.value} under another ending", where=where, mend="end its name in .pt2"
        )
    return ModelError(
        "it holds weights, not a network",
        where=where,
        mend=f"name the network and give it the file: --model resnet18 --weights {path}",
    )


def _named(source: str, *, pretrained: bool) -> _Found:
    home, name = _home(source)
    if home == "built-in":
        return load_built_in(name, pretrained=pretrained), BUILT_IN[name].rename, ()
    if home == "torchvision":
        model = load_torchvision(name, pretrained=pretrained)
        return model, None, torchvision_spare_keys(name)
    return load_timm(name, pretrained=pretrained), None, ()


def _home(source: str) -> tuple[Source, str]:
    """Who has the network, and what it is called there."""
    prefix, mark, rest = source.partition("/" if source.startswith("timm/") else ":")
    for zoo in ZOOS:
        if mark and prefix == zoo.package:
            if zoo.has(rest):
                return zoo.package, rest
            raise _unknown(rest, zoo.names(), f"{prefix} has no network {rest!r}")
    if source in BUILT_IN:
        return "built-in", source
    if Path(source).name != source:
        mend = "check the path: that of net.py:Net, of a program.pt2 or of a run's folder"
        raise ModelError("there is no network here", where=source, mend=mend)
    known, lost = tuple(BUILT_IN), []
    for zoo in ZOOS:
        try:
            if zoo.has(source):
                return zoo.package, source
            known += zoo.names()
        except LostPackageError as error:
            lost.append(error)
    if not lost:
        raise _unknown(source, known, "there is no network of this name")
    raise _unknown_without(lost, source, known)


def _unknown_without(
    lost: Sequence[LostPackageError], source: str, known: Sequence[str]
) -> ModelError | MissingPackageError:
    """What to say of a name while a package that may know it cannot be asked."""
    what, mend = tell_lost(lost)
    near = did_you_mean(source, dict.fromkeys((*known, *WELL_KNOWN)))
    if source in WELL_KNOWN or (not near and not any(one.reason for one in lost)):
        return MissingPackageError(
            f"no network of this name is built in, and {what}", where=source, mend=mend
        )
    # The slip first: nobody who mistyped a name wants to hear of packages before.
    return ModelError(
        "no network of this name is known",
        where=source,
        mend=f"{near or 'layerwalk models lists those that are.'} Besides, {what}; {mend}",
    )


def _unknown(name: str, known: Sequence[str], what: str) -> ModelError:
    if (Path(name) / RUN).is_file():
        return ModelError(what, where=name, mend=f"the run in the folder of this name is ./{name}")
    # torchvision and timm share many names.
    mend = did_you_mean(name, dict.fromkeys(known)) or "layerwalk models lists them"
    return ModelError(what, where=name, mend=mend)


def _wrapped(module: nn.Module, chosen: Literal["default", "none"] | Path) -> Model:
    if chosen == "none":
        raise ModelError(
            "the module has its own weights",
            where=type(module).__name__,
            mend="leave weights out, or pass a file of weights",
        )
    training = any(part.training for part in module.modules()) and not _is_exported(module)
    if isinstance(chosen, Path) or training or not _on_cpu(module):
        try:
            module = copy.deepcopy(module)
        except Exception as error:  # a module can hold anything, and most of it can fail here
            raise ModelError(
                f"the module cannot be copied ({type(error).__name__})",
                where=type(module).__name__,
                mend="call .eval() and .cpu() on it yourself, then pass it",
            ) from error
    return Model(type(module).__name__, module, None, None, "as given", None)


def _on_cpu(module: nn.Module) -> bool:
    tensors = (*module.parameters(), *module.buffers())
    return all(tensor.device.type == "cpu" for tensor in tensors)


def _is_exported(module: nn.Module) -> bool:
    """Whether torch.export made it: then it stays in the mode in which it was exported."""
    return isinstance(module, torch.fx.GraphModule) and "eval" in vars(module)


def _settled(model: Model) -> nn.Module:
    """The module on the CPU and in evaluation mode."""
    module = model.module
    try:
        module = module if _on_cpu(module) else module.cpu()
        if not _is_exported(module):
            module.eval()
    except Exception as error:  # a module's own train() or cpu() can do anything
        lines = str(error).strip().splitlines() or [""]
        raise ModelError(
            f"it cannot be put into evaluation mode on the CPU "
            f"({type(error).__name__}: {lines[0].rstrip('.')})",
            where=model.name,
            mend="mend its eval() or cpu()",
        ) from error
    return module
