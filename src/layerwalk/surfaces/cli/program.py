"""The program round the commands: how it ends, whatever happens."""

from __future__ import annotations

import errno
import io
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import typer
from typer.main import get_command

from layerwalk.errors import LayerwalkError
from layerwalk.surfaces.cli.commands import app
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["main"]

# Newer versions of typer carry click along under a private name, older ones import it; in
# both this is click's UsageError.
_UsageError: Any = typer.BadParameter.__mro__[1]
# What a full disk says, or a broken one: no fault of ours. Files of ours have errors of their own.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_INTERRUPTED = 130  # 128 and the signal's number, as shells have it


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status of the program, run with ``arguments`` or those of the process.

    0: done. 1: a check failed, or a fault of ours. 2: something that was given cannot be
    used, or what was found cannot be written out, said in one sentence. 130: interrupted.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that the terminal cannot show is no reason to stop.
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    asked = os.environ.get("LAYERWALK_DEBUG", "").lower() in {"1", "true", "t", "yes", "y", "on"}
    terminal = Terminal(debug=asked or "--debug" in words)
    try:
        with _quiet(terminal):
            status = _run(words or ["--help"], terminal)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has gone: nothing more is said.
        _close_output()
        status = 1
    except OSError as error:
        _close_output()
        said = f"the output cannot be written ({error.strerror or error}); "
        status = _failed(terminal, error, f"{said}check the space where it goes.")
    return status


def _close_output() -> None:
    """Throw the rest away, so that the interpreter's own flush at the end does not fail too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: Sequence[str], terminal: Terminal) -> int:
    try:
        result = get_command(app).main(
            list(words), prog_name="layerwalk", standalone_mode=False, obj=terminal
        )
    except LayerwalkError as error:
        return _failed(terminal, error, str(error))
    except _UsageError as error:
        return _failed(terminal, error, _usage(error))
    except (KeyboardInterrupt, typer.Abort):
        result = _INTERRUPTED
    except BrokenPipeError:
        raise
    except SystemExit as end:
        # What Rich and typer make of a closed pipe.
        return end.code if isinstance(end.code, int) else 1
    except Exception as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise
        lines = str(error).strip().splitlines()
        said = f": {lines[0].rstrip('.')}" if lines else ""
        hint = "" if terminal.debug else "; LAYERWALK_DEBUG=1 before the command shows where"
        sentence = f"this is a fault of layerwalk ({type(error).__name__}{said}){hint}."
        _failed(terminal, error, sentence)
        return 1
    if result == _INTERRUPTED:  # typer makes a status of it, too
        terminal.note("stopped.")
    return result if isinstance(result, int) else 0


def _failed(terminal: Terminal, error: BaseException, sentence: str) -> int:
    if terminal.debug:
        traceback.print_exception(error)
    terminal.error(sentence)
    return 2


def _usage(error: Any) -> str:
    message = " ".join(str(error.format_message()).split()).rstrip(".")
    if message.endswith("?"):
        return message
    command = error.ctx.command_path if error.ctx else "layerwalk"
    return f"{message}; {command} --help lists what it takes."


@contextmanager
def _quiet(terminal: Terminal) -> Iterator[None]:
    """Keep other packages' warnings and log lines to themselves, except for debugging."""
    before = logging.root.manager.disable
    with warnings.catch_warnings():
        try:
            if not terminal.debug:
                warnings.simplefilter("ignore")
                logging.disable(logging.CRITICAL)
            yield
        finally:
            logging.disable(before)
