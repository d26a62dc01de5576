"""The commands, with their arguments and options; what they do is in a file of each name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.checking import compare_command, doctor_command
from layerwalk.surfaces.cli.explorer import report_command, serve_command, show_command
from layerwalk.surfaces.cli.learning import data_command, learn_command, replay_command
from layerwalk.surfaces.cli.options import (
    Detail,
    DetailOption,
    Format,
    Image,
    ModelChoice,
    Source,
    chooses_model,
    out_option,
    stem,
)
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.cli.versus import versus_command
from layerwalk.surfaces.cli.what_if import edit_command, filters_command
from layerwalk.surfaces.cli.what_mattered import attribute_command

__all__ = ["app"]

app = typer.Typer(
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help costs half of Rich's time, and pipes well
)


def _version(asked: bool) -> None:
    if asked:
        import layerwalk

        Terminal().say(f"layerwalk {layerwalk.__version__}")
        raise typer.Exit


@app.callback()
def layerwalk(
    context: typer.Context,
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    debug: Annotated[
        bool,
        typer.Option(
            "--debug",
            envvar="LAYERWALK_DEBUG",
            help="Show warnings, and the traceback of an error.",
        ),
    ] = False,
) -> None:
    """Eyes inside a convolutional neural network: any PyTorch CNN, any photo, every number."""
    del version
    _terminal(context).debug |= debug


app.command("show")(show_command)
app.command("serve")(serve_command)
app.command("report")(report_command)
app.command("edit")(edit_command)
app.command("attribute")(attribute_command)
app.command("compare")(compare_command)
app.command("doctor")(doctor_command)
app.command("data")(data_command)
app.command("learn")(learn_command)
app.command("replay")(replay_command)
app.command("versus")(versus_command)


@app.command("trace")
@chooses_model()
def trace_command(
    context: typer.Context,
    image: Image,
    *,
    choice: ModelChoice,
    out: Annotated[
        Path | None,
        out_option("FILE", "The .safetensors file to write; the photo's name if not given."),
    ] = None,
    detail: DetailOption = Detail.exact,
    no_weights: Annotated[
        bool, typer.Option("--no-weights", help="Leave the network's weights out of the file.")
    ] = False,
    replay: Annotated[
        bool,
        typer.Option(
            "--replay",
            help="Run every op again on its recorded inputs and compare the bits; end with "
            "status 1 if they differ.",
        ),
    ] = False,
) -> None:
    """Save a walk, every value of it, as one .safetensors file."""
    from layerwalk.surfaces.cli.record import record

    record(
        image,
        choice,
        out or Path(f"{stem(image)}.safetensors"),
        _terminal(context),
        detail=detail.value,
        weights=not no_weights,
        replay=replay,
    )


@app.command("figures")
@chooses_model(argument=True)
def figures_command(
    context: typer.Context,
    image: Image,
    *,
    choice: ModelChoice,
    out: Annotated[
        Path | None,
        out_option("DIR", "The folder to write to; figures- and the photo's name if not given."),
    ] = None,
    op: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Draw this op's channels; can be repeated."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KIND", help="Draw the ops of this kind, such as conv2d; can be repeated."
        ),
    ] = None,
    ending: Annotated[
        Format,
        typer.Option(
            "--format", help="Format of figures; the photo and the overview are PNG always."
        ),
    ] = Format.png,
) -> None:
    """Write pictures of a walk, to print or to teach with.

    For edges, the tutorial: the grey photo, four filters, what they give, after ReLU, after
    pooling. For any other network, a tour: the photo, its colours, the first filters and
    what they answer, the channels of the ops, the scores, the whole walk.
    """
    from layerwalk.surfaces.cli.figures import figures

    figures(
        image,
        choice,
        out or Path(f"figures-{stem(image)}"),
        _terminal(context),
        ops=op or (),
        kinds=kind or (),
        ending=ending.value,
    )


app.command("filters")(filters_command)


@app.command("explain")
@chooses_model()
def explain_command(
    context: typer.Context,
    source: Source,
    *,
    choice: ModelChoice,
    op: Annotated[str, typer.Option(metavar="NAME", help="The op, as show names it.")],
    at: Annotated[
        str,
        typer.Option(
            metavar="N,N,...",
            help="Which number of its output: the position in each dimension, from 0.",
        ),
    ],
    output: Annotated[
        int, typer.Option(metavar="K", help="Which output, of an op that makes several.")
    ] = 0,
    terms: Annotated[
        int, typer.Option(min=0, metavar="N", help="Print so many terms, the largest first.")
    ] = 12,
    every: Annotated[
        bool, typer.Option("--all", help="Print all terms, in the order in which they are read.")
    ] = False,
    channel: Annotated[
        int | None,
        typer.Option(metavar="C", help="Draw the window in this channel of the input."),
    ] = None,
    figure: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw it: window, kernel, products, sum; .png or .svg."),
    ] = None,
    animation: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Film the window sliding; .gif, or .mp4 with ffmpeg."),
    ] = None,
    back: Annotated[
        bool,
        typer.Option("--back", help="Walk back to the input, by the term that adds most."),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print every term as JSON, for other programs.")
    ] = False,
) -> None:
    """Print how one number was made: every term, the sum, what is left of it.

    The number is worked out anew in float64 from what the op read; the residue is what the
    network recorded less that.
    """
    from layerwalk.surfaces.cli.explain import explain

    explain(
        source,
        choice,
        _terminal(context),
        op=op,
        at=at,
        output=output,
        most=None if every else terms,
        channel=channel,
        figure=figure,
        animation=animation,
        back=back,
        json=json,
    )


@app.command("receptive-fields")
@chooses_model(argument=True)
def receptive_fields_command(context: typer.Context, *, choice: ModelChoice) -> None:
    """List how much of the picture each op's values depend on.

    Size, stride and offset are in pixels of the network's input, without its edges: the
    value at index i is made of the box of that size around offset + stride * i.
    """
    from layerwalk.surfaces.cli.receptive_fields import receptive_fields

    receptive_fields(choice, _terminal(context))


@app.command("verify")
@chooses_model()
def verify_command(
    context: typer.Context,
    source: Source,
    *,
    choice: ModelChoice,
    samples: Annotated[
        int, typer.Option(min=1, metavar="N", help="How many values to recompute.")
    ] = 1000,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Which values: any number.")] = 0,
) -> None:
    """Recompute values of every op from what it read; end with status 1 if one differs.

    A value differs when it is off by more than a millionth of the sum of its absolute terms,
    or at all where the op only moves or selects numbers.
    """
    from layerwalk.surfaces.cli.verify import verify

    verify(source, choice, _terminal(context), samples=samples, seed=seed)


@app.command("models")
def models_command(
    context: typer.Context,
    *,
    search: Annotated[
        str | None, typer.Option(metavar="TEXT", help="List the networks whose name has this.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="List those of torchvision and timm, too.")
    ] = False,
) -> None:
    """List the networks that can be named."""
    from layerwalk.surfaces.cli.models import models

    models(_terminal(context), search=search, every=every)


def _terminal(context: typer.Context) -> Terminal:
    return context.ensure_object(Terminal)
