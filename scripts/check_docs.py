"""Check that the documents say only what is there, and leave nothing public out.

Links in Markdown files lead to files and headings that exist; every ``make`` target,
``layerwalk`` command, option and ``lw.`` name they show exists; and every public name,
command and option is documented in README.md or docs/.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import layerwalk
from reference import program
from tracked import tracked_files

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)[^)]*\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class House:
    """What exists: make's targets, each command with its options, Python's public names."""

    targets: frozenset[str]
    commands: Mapping[str, frozenset[str]]
    names: frozenset[str]


def house(root: Path) -> House:
    """The targets, commands and names of the repository at ``root``."""
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    tree = program()
    commands = {
        name: frozenset(spelled for p in command.params for spelled in (*p.opts, *p.secondary_opts))
        for name, command in tree.commands.items()
    }
    commands[""] = frozenset(spelled for p in tree.params for spelled in p.opts)
    return House(
        targets=frozenset(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)),
        commands=commands,
        names=frozenset(layerwalk.__all__),
    )


def broken_links(path: Path, text: str) -> Iterator[str]:
    """Links of one Markdown file that lead nowhere on disk."""
    for target in LINK.findall(INLINE.sub("", FENCE.sub("", text))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, heading = target.partition("#")
        file = path.parent / name if name else path
        if not file.exists():
            yield f"there is no {target}"
        elif heading and heading not in anchors(file.read_text(encoding="utf-8")):
            yield f"there is no heading for {target}"


def anchors(text: str) -> set[str]:
    """The link targets GitHub makes from a document's headings."""
    titles = HEADING.findall(FENCE.sub("", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def shown(text: str) -> Iterator[str]:
    """Each line of code that a document shows, fenced or inline."""
    for _, block in FENCE.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(FENCE.sub("", text))


def unknown_words(text: str, known: House) -> Iterator[str]:
    """Targets, commands, options and names that a document shows and nobody has."""
    for line in shown(text):
        code = line.split(" #")[0]
        for target in re.findall(r"(?:^|[ ;&$])make ([a-z]+)\b(?!=)", code):
            if target not in known.targets:
                yield f"make has no target {target}: {line.strip()}"
        call = re.match(r"(?:\$ |\S*/)?layerwalk(?: ([a-z][a-z-]*))?((?: .*)?)$", code.strip())
        if call:
            yield from unknown_options(call[1] or "", call[2], known, line)
        for name in re.findall(r"\blw\.(\w+)", code):
            if name not in known.names:
                yield f"layerwalk has no {name}: {line.strip()}"


def unknown_options(command: str, words: str, known: House, line: str) -> Iterator[str]:
    """What is wrong with one call of the command line."""
    if command not in known.commands:
        yield f"layerwalk has no command {command}: {line.strip()}"
        return
    for option in re.findall(r"(?<=\s)--?[a-z][a-z-]*", words):
        if option not in known.commands[command] | {"--help"}:
            yield f"layerwalk {command} has no {option}: {line.strip()}"


def undocumented(text: str, known: House) -> Iterator[str]:
    """Public names, commands and options that ``text`` never shows."""
    for name in sorted(known.names):
        if not name.startswith("_") and not re.search(rf"\blw\.{name}\b", text):
            yield f"lw.{name} is documented nowhere"
    for command, spelled in sorted(known.commands.items()):
        if f"layerwalk {command}".strip() not in text:
            yield f"layerwalk {command} is documented nowhere"
        for option in sorted(spelled):
            if option.startswith("--") and not re.search(rf"{option}(?![\w-])", text):
                yield f"{f'layerwalk {command}'.strip()} {option} is documented nowhere"


def complaints(root: Path, known: House) -> list[str]:
    """Everything that is wrong with the documents under ``root``, one line each."""
    found = []
    said = []
    for path in tracked_files(root):
        if path.suffix != ".md":
            continue
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        found += [f"{name}: {what}" for what in broken_links(path, text)]
        found += [f"{name}: {what}" for what in unknown_words(text, known)]
        if name == "README.md" or name.startswith("docs/"):
            said.append(text)
    return found + list(undocumented("\n".join(said), known))


def main() -> int:
    """Print what is wrong; 0 if nothing is."""
    found = complaints(ROOT, house(ROOT))
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
