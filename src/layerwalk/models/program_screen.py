"""A look into an exported program before torch loads it.

``torch.export.load`` unpickles parts of the archive without restriction, loads compiled
libraries, evaluates the expressions of dynamic sizes and looks functions up by name. These
are the doors that the screen holds shut; it is a lock on known doors, not a sandbox.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from layerwalk.errors import ModelError

__all__ = ["screen_program"]

# torch's operators, arithmetic on sizes, and the two switches that an export can contain.
_TARGET = re.compile(
    r"torch\.ops\.\w+\.(?:[A-Za-z]\w*|_[A-Za-z]\w*|__i?(?:and|or|xor|lshift|rshift)__)(?:\.\w+)?"
    r"|_operator\.(?!attrgetter|itemgetter|methodcaller|call\b)\w+|math\.\w+|torch\._?sym_\w+"
    r"|torch\._C\._set_grad_enabled|torch\.amp\.autocast_mode\._(?:enter|exit)_autocast"
)
# "2*s0 + 1", "Add(Symbol('s31', positive=True), Integer(-2))": names only as sympy spells them.
_EXPRESSION = re.compile(
    r"(?:[A-Z]\w*|'\w+'|[a-z]+(?==)|(?:int_)?oo|[suz]\w*\d|\d+(?:\.\d+)?|[\s(),=<>+*/-])*"
)
_COMPILED = "aotinductor/"
_OBJECTS = ("custom_obj", "opaque_obj")


@dataclass(frozen=True)
class _Member:
    name: str
    read: Callable[[], bytes]

    @property
    def base(self) -> str:
        return self.name.rpartition("/")[2]


def screen_program(path: Path) -> None:
    """Refuse an archive whose loading would run more than the operators of torch.

    Raises
    ------
    ModelError
        The file is no archive, or holds pickled objects, compiled code, an expression or
        a function that an exported network has no use for.
    """
    found = False
    # torch has read .pt2 by two readers over the years and falls back from one to the other.
    for members in (_torch_members, _zip_members):
        try:
            opened = members(path)
        except (RuntimeError, OSError, zipfile.BadZipFile):
            continue
        found = True
        _screen_members(opened, path)
    if not found:
        raise ModelError(
            "it is not an exported program",
            where=str(path),
            mend="write it with torch.export.save(torch.export.export(model, inputs), path)",
        )


def _torch_members(path: Path) -> list[_Member]:
    reader: Any = torch._C.PyTorchFileReader(str(path))  # noqa: SLF001 - what torch itself uses
    return [_Member(name, partial(reader.get_record, name)) for name in reader.get_all_records()]


def _zip_members(path: Path) -> list[_Member]:
    with zipfile.ZipFile(path) as archive:
        return [_Member(name, partial(_read_zipped, path, name)) for name in archive.namelist()]


def _read_zipped(path: Path, name: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read(name)


def _screen_members(members: list[_Member], path: Path) -> None:
    pickled: set[str] = set()
    if len({member.name for member in members}) < len(members):
        # Which of two would be loaded is the reader's secret.
        _refuse(path, "two parts of it have the same name")
    for member in members:
        if _COMPILED in member.name:
            _refuse(path, "it holds compiled code")
        if member.base.startswith(_OBJECTS):
            _refuse(path, f"it holds a pickled object ({member.base})")
        if member.base.endswith(".json"):
            pickled |= _screen_json(member, path)
    for name in pickled:
        if not any(member.name.endswith(name) for member in members):
            _refuse(path, f"it names a pickled tensor that it does not hold ({name})")
    for member in members:
        if member.base.endswith(".pt") or any(member.name.endswith(name) for name in pickled):
            _screen_pickle(member, path)


def _screen_json(member: _Member, path: Path) -> set[str]:
    """Check the functions and expressions of a part; give the names of pickled tensors."""
    try:
        parts = list(_objects(json.loads(member.read())))
    except Exception as error:  # a broken archive can raise anything
        raise ModelError(
            f"{member.base} in it cannot be read", where=str(path), mend="export the model again"
        ) from error
    pickled = set()
    for part in parts:
        target, expression = part.get("target"), part.get("expr_str")
        if isinstance(target, str) and "." in target and not _TARGET.fullmatch(target):
            _refuse(path, f"it calls {target}")
        if isinstance(expression, str) and not _EXPRESSION.fullmatch(expression):
            _refuse(path, f"a size in it is {expression!r}")
        if part.get("use_pickle"):
            pickled.add(str(part.get("path_name")))
    return pickled


def _objects(root: object) -> Iterator[dict[str, object]]:
    waiting = [root]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            yield item
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)


def _screen_pickle(member: _Member, path: Path) -> None:
    try:
        content = member.read()
        if content:
            torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
    except Exception as error:  # a broken archive can raise anything
        raise ModelError(
            f"{member.base} in it is not made of tensors alone",
            where=str(path),
            mend="export the model again, with plain tensors as inputs and constants",
        ) from error


def _refuse(path: Path, what: str) -> None:
    raise ModelError(
        f"{what}, which would run as a program while it is loaded",
        where=str(path),
        mend="take the model's Python file instead (file.py:Net)",
    )
