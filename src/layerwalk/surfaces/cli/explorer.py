"""The commands of the explorer: ``show``, ``serve`` and ``report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.surfaces.cli.options import (
    Detail,
    Image,
    Layers,
    Memory,
    ModelChoice,
    NoBrowser,
    Port,
    Source,
    Sources,
    Top,
    WeightsKept,
    chooses_model,
    out_option,
    stem,
)
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["report_command", "serve_command", "show_command"]


@chooses_model()
def show_command(
    context: typer.Context,
    image: Image,
    *,
    choice: ModelChoice,
    top: Top = 5,
    port: Port = None,
    no_browser: NoBrowser = False,
    out: Annotated[
        Path | None,
        out_option(
            "DIR", "Open no explorer: print every op, and write pictures and the trace here."
        ),
    ] = None,
    layers: Annotated[
        Layers | None,
        typer.Option(
            help="With --out: which ops get a sheet of all their channels, those that compute "
            "(main, if not given), all (with an overview of every op), or none."
        ),
    ] = None,
    detail: Annotated[
        Detail | None,
        typer.Option(
            help="With --out: save every bit (exact, if not given), float16, or 8 bits a number "
            "with a scale a channel."
        ),
    ] = None,
) -> None:
    """Open a photo's walk in the explorer, or write it.

    Prints the classes and the explorer's link, opens it in the browser, and serves it until
    Ctrl-C. With --out it prints a table instead, which tells each op's name, kind, settings
    (those that are not PyTorch's defaults), output, learned parameters (shared ones once),
    lowest and highest value and share of zeros.
    """
    terminal = context.ensure_object(Terminal)
    if out is None:
        if layers is not None or detail is not None:
            name = "--layers" if layers is not None else "--detail"
            raise typer.BadParameter(f"{name} is for what --out writes, and --out is not given")
        from layerwalk.surfaces.cli.serve import serve

        serve([image], choice, terminal, top=top, port=port, browser=not no_browser)
        return
    if port is not None or no_browser:
        name = "--port" if port is not None else "--no-browser"
        raise typer.BadParameter(f"{name} is for the explorer, which --out does not open")
    from layerwalk.surfaces.cli.show import show

    show(
        image,
        choice,
        out,
        terminal,
        top=top,
        detail=(detail or Detail.exact).value,
        layers=(layers or Layers.main).value,
    )


@chooses_model()
def serve_command(
    context: typer.Context,
    sources: Sources = None,
    *,
    choice: ModelChoice,
    host: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="The name or address of this machine at which the explorer listens: others "
            "reach no loopback address.",
        ),
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Another name by which browsers may call it: that of a proxy, or of the machine "
            "whose port is forwarded here. May be given several times.",
        ),
    ] = None,
    port: Port = None,
    no_browser: NoBrowser = False,
    memory: Memory = None,
) -> None:
    """Open the explorer for many walks.

    Only whoever has the link that is printed is let in. Ctrl-C ends it.
    """
    from layerwalk.surfaces.cli.serve import serve

    serve(
        sources or [],
        choice,
        context.ensure_object(Terminal),
        host=host,
        allowed=allow_host or (),
        port=port,
        browser=not no_browser,
        memory=memory,
    )


@chooses_model()
def report_command(
    context: typer.Context,
    source: Source,
    *,
    choice: ModelChoice,
    out: Annotated[
        Path | None,
        out_option("FILE", "The .html file to write; the photo's name if not given."),
    ] = None,
    detail: Annotated[
        Detail, typer.Option(help="Keep every bit, float16, or 255 levels a channel.")
    ] = Detail.half,
    kept: Annotated[
        WeightsKept,
        typer.Option(
            "--keep-weights",
            help="Which weights go into it: an op without its weights shows no arithmetic. some "
            "takes the smallest, half a million numbers in all.",
        ),
    ] = WeightsKept.some,
) -> None:
    """Write a walk's explorer as one HTML file.

    It opens in any browser, without a server and without a network. Its size is printed, and
    what was rounded.
    """
    from layerwalk.surfaces.cli.report import report

    report(
        source,
        choice,
        out or Path(f"{stem(source)}.html"),
        context.ensure_object(Terminal),
        detail=detail.value,
        weights=kept.value,
    )
