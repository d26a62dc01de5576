"""The terminal: what is said on standard output, what beside it, and progress."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Job", "Terminal"]


class Job:
    """A long job in stages; each is shown while it runs, by a bar where its length is known."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def stage(self, what: str, total: int | None = None) -> None:
        """Begin the next stage: what is done, and in how many steps."""
        if self._progress is None:
            return
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(printable(what), total=total)

    def step(self) -> None:
        """One step of the stage is done."""
        if self._progress is not None and self._task is not None:
            self._progress.advance(self._task)


class Terminal:
    """Results go to standard output, progress and notes to standard error.

    Attributes
    ----------
    debug
        Whether to show tracebacks and warnings.
    """

    def __init__(self, *, debug: bool = False) -> None:
        self.debug = debug
        self._out = Console(highlight=False, markup=False, emoji=False)
        self._err = Console(highlight=False, markup=False, emoji=False, stderr=True)

    @property
    def room(self) -> int | None:
        """Columns of standard output; ``None`` in a pipe that nobody gave a width."""
        if self._out.is_terminal or os.environ.get("COLUMNS", "").isdigit():
            return self._out.width
        return None

    @property
    def ascii_only(self) -> bool:
        """Whether standard output cannot draw block letters."""
        return self._out.options.ascii_only

    def say(self, *lines: Text | str) -> None:
        """Print lines as they are: never wrapped, never read as markup."""
        for line in lines:
            text = line.copy() if isinstance(line, Text) else Text(line)
            text.plain = printable(text.plain)
            text.rstrip()
            self._out.print(text, soft_wrap=True)

    def note(self, sentence: str) -> None:
        """Say something beside the result, on standard error."""
        self._aside(Text("note: ", "bold yellow").append(sentence, "not bold default"))

    def error(self, sentence: str) -> None:
        """Say what went wrong, on standard error."""
        self._aside(Text("error: ", "bold red").append(sentence, "not bold default"))

    def _aside(self, text: Text) -> None:
        text.plain = printable(text.plain)
        # In a pipe a sentence is one line; a person's terminal breaks it between words.
        self._err.print(text, soft_wrap=not self._err.is_terminal)

    @contextmanager
    def job(self) -> Iterator[Job]:
        """Show the stages of a job while the block runs, if somebody looks."""
        if not self._err.is_terminal:
            yield Job(None)
            return
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            Task,
            TextColumn,
            TimeElapsedColumn,
        )

        class Steps(MofNCompleteColumn):
            """Steps done and to do; nothing for a stage whose length is not known."""

            def render(self, task: Task) -> Text:
                return Text() if task.total is None else super().render(task)

        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(24),
            Steps(),
            TimeElapsedColumn(),
        )
        with Progress(*columns, console=self._err, transient=True) as progress:
            yield Job(progress)


def printable(text: str) -> str:
    r"""The text without letters that would steer the terminal, each replaced by a mark.

    >>> printable("dog\x1b[31m.jpg")
    'dog�[31m.jpg'
    """
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}"
        for letter in text
    )
