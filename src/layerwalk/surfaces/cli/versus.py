"""The command that compares two networks in learning, with its arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import out_option
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["versus_command"]


def versus_command(
    context: typer.Context,
    first: Annotated[
        str, typer.Argument(metavar="FIRST", help="mlp, or another network; what --model takes.")
    ] = "mlp",
    second: Annotated[str, typer.Argument(metavar="SECOND", help="lenet5, or another.")] = "lenet5",
    *,
    data: Annotated[
        str,
        typer.Option(
            "--data", "-d", metavar="DATA", help="The pictures, as layerwalk data takes them."
        ),
    ] = "mnist",
    epochs: Annotated[
        int, typer.Option(min=1, metavar="N", help="How often each picture is seen.")
    ] = 10,
    rate: Annotated[
        float, typer.Option(min=0.0, metavar="X", help="The highest learning rate.")
    ] = 3e-3,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of weights, split and order: any number.")
    ] = 0,
    pictures: Annotated[
        int,
        typer.Option(min=2, metavar="N", help="Of a larger data set so many pictures are taken."),
    ] = 10_000,
    shuffle: Annotated[
        bool, typer.Option(help="Whether to train both on shuffled pixels, too.")
    ] = True,
    sweep: Annotated[
        bool, typer.Option(help="Whether to train both at several sizes, too.")
    ] = True,
    seconds: Annotated[
        float,
        typer.Option(
            min=0.0, metavar="S", help="After how long the sweep begins no other training."
        ),
    ] = 240.0,
    out: Annotated[
        Path | None,
        out_option(
            "DIR", "For numbers, pictures and both trainings; versus/FIRST-SECOND if not given."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print every number as JSON, for other programs.")
    ] = False,
) -> None:
    """Train two networks on the same pictures, and compare what they are and what they learned.

    Connections, parameters and multiply-adds; accuracy, on held-out pictures as they are and
    moved by a few pixels; trained anew on shuffled pixels; and at several sizes. Ctrl-C keeps
    what is done.
    """
    from layerwalk.surfaces.cli.contest import Rules, contest

    rules = Rules(data, epochs, rate, seed, pictures, shuffle, 6 if sweep else 0, seconds)
    contest(first, second, rules, context.ensure_object(Terminal), out=out, json=json)
