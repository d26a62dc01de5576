"""The commands that ask "what if", with their arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import ModelChoice, Source, Top, chooses_model
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["edit_command"]


@chooses_model()
def edit_command(
    context: typer.Context,
    source: Source,
    *,
    choice: ModelChoice,
    edit: Annotated[
        list[str] | None,
        typer.Option(
            "--edit",
            "-e",
            metavar="WORDS",
            help="What to change, in words, as 'silence channel 2 of relu'; can be repeated. "
            "Words that say nothing are answered with examples.",
        ),
    ] = None,
    edits: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Edits that were saved; before those in words."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Save the edited walk as a .safetensors file."
        ),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save-edits", metavar="FILE", help="Save the edits as a JSON file."),
    ] = None,
    top: Top = 5,
) -> None:
    """Change weights, channels, ops or the photo, and see what becomes of the scores.

    Only what lies behind the first change is computed again.
    """
    from layerwalk.surfaces.cli.edit import edit as run

    run(
        source,
        choice,
        context.ensure_object(Terminal),
        words=edit or (),
        saved=edits,
        out=out,
        save=save,
        top=top,
    )
