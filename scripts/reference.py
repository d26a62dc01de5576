"""Write ``docs/reference``: every public name and every command, from the code itself.

``--check`` writes nothing and fails when a page is older than the code.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from typer.main import get_command

import layerwalk
from layerwalk.surfaces.library import Library
from layerwalk.surfaces.server.app import make_app
from reference_http import http_page

ROOT = Path(__file__).resolve().parent.parent
NOTE = "<!-- Written by `make docs`; edit the docstrings instead. -->\n"

# numpydoc's sections whose entries are "name" or "name : type" with an indented text below.
LISTS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns")


def sections(docstring: str) -> Iterator[tuple[str, str]]:
    """Title and text of each numpydoc section, the introduction first under ``""``."""
    parts = re.split(r"^(\w[\w ]*)\n-{3,}$", inspect.cleandoc(docstring), flags=re.MULTILINE)
    yield "", parts[0].strip()
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        yield title, text.strip("\n")


def prose(text: str) -> str:
    """Text with reStructuredText's inline marks turned into Markdown's."""
    text = re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
    return text.replace("``", "`")


def entries(text: str) -> str:
    """A numpydoc list as a Markdown list; a list within an entry stays one."""
    lines = []
    for line in text.splitlines():
        words = line.strip()
        if line and not line[0].isspace():
            lines.append(f"- `{words}`:")
        elif words.startswith("- "):
            lines.append(f"  {words}")
        elif words and lines:
            lines[-1] += f" {words}"
    return prose("\n".join(lines))


def markdown(docstring: str) -> str:
    """A numpydoc docstring as Markdown."""
    pieces = []
    for title, text in sections(docstring):
        if not title:
            pieces.append(prose(text))
        elif title in LISTS:
            pieces.append(f"**{title}**\n\n{entries(text)}")
        elif title == "Examples":
            pieces.append(f"```python\n{re.sub(' *# doctest:.*', '', text)}\n```")
        else:
            pieces.append(f"**{title}**\n\n{prose(text)}")
    return "\n\n".join(pieces)


class Annotation:
    """A type as it stands in the source; inspect would put quotes round it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text


def plain(annotation: object) -> object:
    """The annotation, without quotes if it is text."""
    return Annotation(annotation) if isinstance(annotation, str) else annotation


def signature(name: str, function: Callable[..., object]) -> str:
    """The call as the source spells it, one parameter a line where it is long."""
    found = inspect.signature(function)
    kept = [
        parameter.replace(annotation=plain(parameter.annotation))
        for parameter in found.parameters.values()
        if parameter.name not in {"self", "cls"}
    ]
    call = found.replace(parameters=kept, return_annotation=plain(found.return_annotation))
    line = name + str(call)
    if len(line) <= 90:
        return line
    words, free = [], False
    for parameter in kept:
        if parameter.kind is parameter.KEYWORD_ONLY and not free:
            words.append("*")
        free = free or parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL)
        words.append(str(parameter))
    end = f" -> {call.return_annotation}" if found.return_annotation is not found.empty else ""
    return f"{name}(\n    " + ",\n    ".join(words) + f",\n){end}"


def first_sentence(docstring: str) -> str:
    """What comes back, in one sentence."""
    introduction = prose(docstring.split("\n\n", maxsplit=1)[0])
    return " ".join(introduction.split())


def members(kind: type) -> Iterator[tuple[str, str]]:
    """Public methods and properties that a class defines itself, with their first sentence."""
    for name, thing in vars(kind).items():
        method = thing.__func__ if isinstance(thing, classmethod | staticmethod) else thing
        if name.startswith("_") or not inspect.getdoc(method):
            continue
        if inspect.isfunction(method):
            yield " ".join(signature(name, method).split()), first_sentence(method.__doc__ or "")
        elif isinstance(method, property) or hasattr(method, "attrname"):
            yield name, first_sentence(method.__doc__ or "")


FIGURES = """\
Each gives back a matplotlib figure or a Pillow image; ``layerwalk.render.files.save_figure(figure,
path)`` writes either. They are imported from ``layerwalk.render.figures``, the animation from
``layerwalk.render.sliding_window`` and ``layerwalk.render.animation``.
"""


def drawing() -> dict[str, Callable[..., Any]]:
    """The public functions that draw, by name."""
    figures = importlib.import_module("layerwalk.render.figures")
    found = {name: getattr(figures, name) for name in figures.__all__}
    for module, name in (("sliding_window", "sliding_window"), ("animation", "save_animation"),
                         ("files", "save_figure")):  # fmt: skip
        found[name] = getattr(importlib.import_module(f"layerwalk.render.{module}"), name)
    return found


def python_page(names: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """The page of the Python API: functions first, then figures and classes, each by name."""
    functions = [name for name in sorted(names) if not inspect.isclass(names[name])]
    classes = [name for name in sorted(names) if inspect.isclass(names[name])]
    pieces = [NOTE, "# Python\n\n`import layerwalk as lw` gives these names.\n"]
    for name in functions:
        thing = names[name]
        pieces.append(f"## `lw.{name}`\n\n```python\nlw.{signature(name, thing)}\n```\n")
        pieces.append(markdown(inspect.getdoc(thing) or "") + "\n")
    if figures:
        pieces.append(f"## Figures\n\n{prose(FIGURES)}\n")
    for name, thing in figures.items():
        pieces.append(f"### `{name}`\n\n```python\n{signature(name, thing)}\n```\n")
        pieces.append(markdown(inspect.getdoc(thing) or "") + "\n")
    for name in classes:
        thing = names[name]
        pieces.append(f"## `lw.{name}`\n\n{markdown(inspect.getdoc(thing) or '')}\n")
        own = [f"- `.{text}`: {sentence}" for text, sentence in members(thing)]
        pieces += ["**Methods and properties**\n", *own, ""] if own else []
    return joined(pieces)


def joined(pieces: list[str]) -> str:
    """One page, with no two empty lines on end."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(pieces)).rstrip() + "\n"


def program() -> Any:
    """The command line as typer's tree of commands."""
    return get_command(importlib.import_module("layerwalk.surfaces.cli").app)


def options(command: Any) -> Iterator[str]:
    """One line for each argument and option of a command."""
    for parameter in command.params:
        if getattr(parameter, "hidden", False):
            continue
        if parameter.param_type_name == "argument":
            name = parameter.name.upper()
        else:
            name = ", ".join((*parameter.opts, *parameter.secondary_opts))
        text = " ".join((getattr(parameter, "help", None) or "").split())
        default = parameter.default
        shown = default not in (None, False, (), "") and not callable(default)
        yield f"- `{name}`: {text}" + (f" Default: `{default}`." if shown else "")


def command_page(tree: Any) -> str:
    """The page of the command line: each command with its arguments and options."""
    pieces = [NOTE, f"# Command line\n\n{prose(inspect.cleandoc(tree.help or ''))}\n"]
    pieces += [*options(tree), ""]
    for name in sorted(tree.commands):
        command = tree.commands[name]
        text = inspect.cleandoc(command.help or "").replace("\b", "")
        pieces += [f"## `layerwalk {name}`\n\n{prose(text)}\n", *options(command), ""]
    return joined(pieces)


def pages() -> dict[Path, str]:
    """Path and text of every page of the reference, made from the code as it is now."""
    names = {name: getattr(layerwalk, name) for name in layerwalk.__all__ if name[0] != "_"}
    folder = ROOT / "docs" / "reference"
    return {
        folder / "python.md": python_page(names, drawing()),
        folder / "command-line.md": command_page(program()),
        folder / "http.md": f"{NOTE}\n{http_page(make_app(Library()).openapi())}",
    }


def main() -> int:
    """Write or check the pages; 0 if they are as the code says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail on a difference")
    check = parser.parse_args().check
    stale = 0
    for path, text in pages().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if check:
            stale += 1
            print(f"{path.relative_to(ROOT)} is older than the code; run `make docs`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
