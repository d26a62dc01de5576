"""The command that asks what mattered to a score, with its arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import ModelChoice, Source, chooses_model, out_option, stem
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["attribute_command"]


@chooses_model()
def attribute_command(
    context: typer.Context,
    source: Source,
    *,
    choice: ModelChoice,
    method: Annotated[
        str,
        typer.Option(
            metavar="NAME|all",
            help="saliency, input_x_gradient, integrated_gradients, guided_backprop, deeplift, "
            "grad_cam, guided_grad_cam, occlusion, feature_ablation or layer_conductance; all "
            "draws them side by side.",
        ),
    ] = "integrated_gradients",
    target: Annotated[
        str | None,
        typer.Option(
            metavar="CLASS|OP:CHANNEL",
            help="What mattered to this: a class by label or number, or an op's channel as "
            "layer1.0.relu:5. The best class if not given.",
        ),
    ] = None,
    op: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Whose maps Grad-CAM and layer conductance look at, the last ones if not given; "
            "whose channels feature ablation silences.",
        ),
    ] = None,
    baseline: Annotated[
        str | None,
        typer.Option(
            metavar="N|mean",
            help="What the picture is compared with, in the network's units; 0 if not given.",
        ),
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=2,
            metavar="N",
            help="Points on the way from the baseline, of integrated gradients and layer "
            "conductance; 50 if not given.",
        ),
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Side of the patch that occlusion and feature ablation hide, in pixels of the "
            "network's input; an eighth of it if not given.",
        ),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Shuffle the network's weights, too, and say whether the maps depend on them.",
        ),
    ] = False,
    out: Annotated[
        Path | None,
        out_option(
            "FILE",
            "The figure to write, .png, .svg or .pdf; attribution- and the photo's name if "
            "not given.",
        ),
    ] = None,
) -> None:
    """Draw which pixels mattered to a class, or to a channel of any op.

    Prints the score, each map's sum and, where the method promises that the sum is the score
    less that of the baseline, what is left between the two.
    """
    from layerwalk.surfaces.cli.attribute import attribute

    attribute(
        source,
        choice,
        context.ensure_object(Terminal),
        method=method,
        target=target,
        given={"op": op, "baseline": baseline, "steps": steps, "window": window},
        check=check,
        out=out or Path(f"attribution-{stem(source)}.png"),
    )
