"""The commands that look for what is wrong: compare and doctor, with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import ModelChoice, chooses_model
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["compare_command", "doctor_command"]

_Walk = Annotated[str, typer.Argument(metavar="A", help="A walk that was saved: the reference.")]
_Other = Annotated[str, typer.Argument(metavar="B", help="The walk to compare with it.")]
_Json = Annotated[
    bool, typer.Option("--json", help="Print every number as JSON, for other programs.")
]


def compare_command(
    context: typer.Context,
    reference: _Walk,
    other: _Other,
    *,
    tolerance: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            metavar="X",
            help="The relative error that is allowed; if not given what rounding explains: 1e-5 "
            "for float32, 0.016 for float16, 0.125 for bfloat16 and 8 bits.",
        ),
    ] = None,
    same: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OP=OP",
            help="An op of A and the one of B that belongs to it; can be repeated.",
        ),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Draw the errors along the network, and the maps where it departs; .png or .svg.",
        ),
    ] = None,
    json: _Json = False,
) -> None:
    """Compare two saved walks op by op; end with status 1 if they depart.

    Relative error is the norm of the difference over that of the reference; SNR is the same
    in decibels. The first op beyond the tolerance is named, with what is not the same about it.
    """
    from layerwalk.surfaces.cli.compare import compare

    terminal = context.ensure_object(Terminal)
    compare(
        reference,
        other,
        terminal,
        tolerance=tolerance,
        same=same or (),
        figure=figure,
        json=json,
    )


@chooses_model(argument=True)
def doctor_command(
    context: typer.Context,
    photos: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PHOTOS",
            help="Photos to walk, the more the better; three samples, or ten digits, if none.",
            show_default=False,
        ),
    ] = None,
    *,
    choice: ModelChoice,
    every: Annotated[
        bool, typer.Option("--all", help="Print every finding; if not given the first twelve.")
    ] = False,
    json: _Json = False,
) -> None:
    """Look for what is wrong with a network; end with status 1 if it is serious.

    MODEL is what --model takes elsewhere, or a walk that was saved, a .safetensors file. Dead,
    constant, saturated and repeated channels, NaN and infinities, values that explode or
    vanish, an input that is not what the network was trained on.
    """
    from layerwalk.surfaces.cli.doctor import doctor

    doctor(choice, photos or (), context.ensure_object(Terminal), every=every, json=json)
