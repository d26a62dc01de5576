"""A network from a user's own file: ``"net.py:Net"``."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import itertools
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NoReturn

from torch import nn

from layerwalk.errors import ModelError
from layerwalk.models.article import a_or_an
from layerwalk.models.matches import did_you_mean
from layerwalk.models.seed import seeded

__all__ = ["load_user_module"]

_COUNTER = itertools.count()
_PREFIX = "_layerwalk_file_"

# A process can load these only once, whatever lies beside the file.
_ONCE = {"layerwalk", "numpy", "torch"}
_INSTALLED = {"dist-packages", "site-packages"}


class _FreshLoader(SourceFileLoader):
    """Compiles the file each time: a cached compilation can be older than an edit."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def load_user_module(path: Path, target: str) -> nn.Module:
    """The network that a class, a factory or a variable of a user's file gives.

    The file is run as an import would run it, under a name that nothing else has, and sees
    only itself in ``sys.argv``; files beside it can be imported, and relatively too where
    it belongs to a package. Afterwards ``sys.path``, ``sys.argv`` and the random state are
    as before, and in ``sys.modules`` only installed packages are new, so an import inside
    ``forward`` no longer finds the files beside. What the network draws at random while it
    is made comes from a fixed seed.

    Parameters
    ----------
    path
        The Python file.
    target
        Name of a class or function to call without arguments, or of an ``nn.Module``;
        ``"a.b"`` reaches into ``a``. Empty for the only network that the file defines.

    Raises
    ------
    ModelError
        The file cannot be found or run, has no such name, needs arguments, or gives
        something else than an ``nn.Module``; the sentence names the file and the line.
    """
    if not path.is_file():
        raise ModelError("there is no such file", where=str(path), mend="check the path")
    path = path.resolve()
    with _visit(path), seeded():
        try:
            module = _run(path)
            maker = _find(module, target or _only_network(module, path), path)
            _refuse_arguments(maker, path)
            made = maker if isinstance(maker, nn.Module) else maker()
        except ModelError:
            raise
        except (Exception, SystemExit) as error:
            _retell(error, path)
    if not isinstance(made, nn.Module):
        raise ModelError(
            f"{target} gives {a_or_an(type(made).__name__)}, not an nn.Module",
            where=str(path),
            mend="name a class or a function that gives the network",
        )
    return made


def _run(path: Path) -> ModuleType:
    # A unique name below the file's package: relative imports find the neighbours, and a
    # second load does not meet the first.
    name = ".".join((*_package(path), f"{_PREFIX}{next(_COUNTER)}_{path.stem}"))
    spec = importlib.util.spec_from_file_location(name, path, loader=_FreshLoader(name, str(path)))
    if spec is None or spec.loader is None:
        raise ModelError("Python cannot load it", where=str(path), mend="name a .py file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    if spec.parent:
        importlib.import_module(spec.parent)
    spec.loader.exec_module(module)
    return module


def _package(path: Path) -> tuple[str, ...]:
    """The names of the packages that the file lies in, outermost first."""
    names: list[str] = []
    for folder in path.parents:
        if not (folder / "__init__.py").is_file() or not folder.name.isidentifier():
            break
        names.insert(0, folder.name)
    return tuple(names)


@contextmanager
def _visit(path: Path) -> Iterator[None]:
    """Imports as a script at ``path`` would have them; afterwards as they were."""
    bases = (path.parent, path.parents[len(_package(path))])
    installed = not _INSTALLED.isdisjoint(path.parts)
    search, arguments, before = list(sys.path), list(sys.argv), dict(sys.modules)
    # Another folder's "layers" must not stand in for the one beside the file.
    beside = set() if installed else _importable(path.parent) - sys.stdlib_module_names - _ONCE
    for name, module in before.items():
        if name.partition(".")[0] in beside and not _is_local(name, module, bases):
            del sys.modules[name]
    sys.path[:0] = [str(base) for base in dict.fromkeys(bases)]
    sys.argv[:] = [str(path)]
    try:
        yield
    finally:
        sys.path[:] = search
        sys.argv[:] = arguments
        for name, module in dict(sys.modules).items():
            if name not in before and _is_local(name, module, () if installed else bases):
                del sys.modules[name]
        sys.modules.update(before)


def _importable(folder: Path) -> set[str]:
    """The names that an import finds in the folder."""
    files = {path.stem for path in folder.glob("*.py")}
    return files | {path.parent.name for path in folder.glob("*/__init__.py")}


def _is_local(name: str, module: ModuleType, bases: tuple[Path, ...]) -> bool:
    """Whether a module is the user's file, or was found beside it."""
    if name.rpartition(".")[2].startswith(_PREFIX):
        return True
    file = getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), None)
    if not isinstance(file, str):
        return False
    top, place = name.partition(".")[0], Path(file).resolve()
    return any(
        base / top in (place, *place.parents)
        or (place.parent == base and place.name.partition(".")[0] == top)
        for base in bases
    )


def _only_network(module: ModuleType, path: Path) -> str:
    networks = [
        name
        for name, item in vars(module).items()
        if isinstance(item, type)
        and issubclass(item, nn.Module)
        and item.__module__ == module.__name__
    ]
    if len(networks) == 1:
        return networks[0]
    found = f"{len(networks)} networks ({', '.join(networks)})" if networks else "no network"
    raise ModelError(
        f"the file defines {found}",
        where=str(path),
        mend=f"say which class or factory: {path.name}:{networks[0] if networks else 'make'}",
    )


def _find(module: ModuleType, target: str, path: Path) -> Any:
    found: Any = module
    for part in target.split("."):
        if not hasattr(found, part):
            public = [name for name in vars(module) if not name.startswith("_")]
            raise ModelError(
                f"there is no {target!r} in it",
                where=str(path),
                mend=did_you_mean(target, public) or "name a class or factory of the file",
            )
        found = getattr(found, part)
    if not callable(found):
        raise ModelError(
            f"{target} is {a_or_an(type(found).__name__)}, neither a class nor a function",
            where=str(path),
            mend="name a class or a function that gives the network",
        )
    return found


def _refuse_arguments(maker: Any, path: Path) -> None:
    if isinstance(maker, nn.Module):
        return
    try:
        parameters = inspect.signature(maker).parameters.values()
    except (TypeError, ValueError):  # written in C, says nothing about itself
        return
    free = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    obligatory = [
        parameter.name
        for parameter in parameters
        if parameter.default is parameter.empty and parameter.kind not in free
    ]
    if obligatory:
        name = getattr(maker, "__name__", "it")
        raise ModelError(
            f"{name} cannot be made without {', '.join(obligatory)}",
            where=str(path),
            mend=f"add a function to the file, def make(): return {name}"
            f"({', '.join(f'{one}=...' for one in obligatory)}), and name {path.name}:make",
        )


def _retell(error: BaseException, path: Path) -> NoReturn:
    """Tell an error of the user's code as one sentence with its file and line."""
    place, line = str(path), None
    if isinstance(error, SyntaxError) and error.filename:
        place, line = error.filename, error.lineno
        reason = error.msg
    else:
        for frame in traceback.extract_tb(error.__traceback__):
            if (
                path.parent in Path(frame.filename).parents
                and "site-packages" not in frame.filename
            ):
                place, line = frame.filename, frame.lineno
        lines = str(error).strip().splitlines()
        reason = lines[0].rstrip(".") if lines else ""
    where = f"{place}:{line}" if line else place
    if isinstance(error, SystemExit):
        raise ModelError(
            f"the file ended the program while it was loaded (exit status {error.code})",
            where=where,
            mend="put what is only for running it, such as reading arguments, under "
            "if __name__ == '__main__'",
        ) from error
    raise ModelError(
        f"the file failed with {type(error).__name__}{f': {reason}' if reason else ''}",
        where=where,
        mend="mend that line",
    ) from error
