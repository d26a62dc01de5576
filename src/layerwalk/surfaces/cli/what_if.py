"""The commands that ask "what if": edit and filters, with their arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import ModelChoice, Source, Top, chooses_model, out_option
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["edit_command", "filters_command"]


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
            "Words that say nothing are answered with examples. Numbers of the photo are "
            "in the units that the network reads.",
        ),
    ] = None,
    edits: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Edits that were saved, or the edited walk that has them; before those in words.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        out_option("FILE", "Save the edited walk as a .safetensors file."),
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


def filters_command(
    context: typer.Context,
    image: Annotated[
        str | None,
        typer.Argument(
            metavar="IMAGE",
            help="A photo's file, or sample:dog, sample:cat, sample:digits/17.",
            show_default=False,
        ),
    ] = None,
    *,
    kernel: Annotated[
        list[str] | None,
        typer.Option(
            "--kernel",
            "-k",
            metavar="NAME",
            help="A filter by name, such as sobel-x; can be repeated. Six if none is given.",
        ),
    ] = None,
    matrix: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ROWS",
            help="A filter of your own, '0 1 0; 1 -4 1; 0 1 0'; fractions will do, and JSON; "
            "can be repeated.",
        ),
    ] = None,
    stride: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many pixels the filter moves at a time.")
    ] = 1,
    padding: Annotated[
        str,
        typer.Option(
            metavar="valid|same|N",
            help="None, as much as keeps the size, or so many pixels on each side.",
        ),
    ] = "valid",
    border: Annotated[
        str,
        typer.Option(
            metavar="zero|replicate|reflect|symmetric|circular",
            help="What the padding is made of.",
        ),
    ] = "zero",
    size: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help="Resize the photo first, its shorter side to N pixels."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        out_option(
            "FILE|DIR",
            "A .png, .svg or .pdf file, or a folder for a PNG of each filter; "
            "filters- and the photo's name if not given.",
        ),
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Print the filters that have a name.")
    ] = False,
) -> None:
    """Lay filters over a photo: the photo, the filter's numbers and the result, a row each.

    The photo is taken in grey, with its levels of 0 to 255. Nothing is scaled or cut off,
    and the filter is not flipped, as in convolutional networks.
    """
    from layerwalk.surfaces.cli.filters import filters, list_filters

    if listing:
        list_filters(context.ensure_object(Terminal))
        return
    filters(
        image,
        context.ensure_object(Terminal),
        kernels=kernel or (),
        matrices=matrix or (),
        stride=stride,
        padding=padding,
        border=border,
        size=size,
        out=out,
    )
