"""The commands about learning, with their arguments and options."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from layerwalk.errors import DataError
from layerwalk.surfaces.cli.options import Detail, NoBrowser, Port, WeightsKept
from layerwalk.surfaces.cli.terminal import Terminal

__all__ = ["data_command", "learn_command", "replay_command"]


def data_command(
    context: typer.Context,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="DATA",
            help="mnist, digits, fashion-mnist or cifar10; a folder of class folders; a .npz, "
            ".csv, .parquet or IDX file; hf:owner/name. Without it the sets that have a name "
            "are listed.",
            show_default=False,
        ),
    ] = None,
    *,
    split: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Which part of it: train, if not given, or test, ...."),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Of mnist and fashion-mnist: where the whole set lies, as IDX."
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Of mnist: all 70,000, downloaded by Hugging Face datasets."),
    ] = False,
    image: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The array or column of the pictures."),
    ] = None,
    label: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The array or column of the labels."),
    ] = None,
    rounded: Annotated[
        bool,
        typer.Option("--rounded", help="Round floats that are no levels to the nearest level."),
    ] = False,
    count: Annotated[
        int, typer.Option(min=1, max=400, metavar="N", help="How many examples to draw.")
    ] = 20,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="Which examples: any number.")] = 0,
    index: Annotated[
        int, typer.Option(min=0, metavar="N", help="The picture whose every level is printed.")
    ] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="The folder for the pictures; data- and the set's name if not given.",
        ),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print every count as JSON, for other programs; draw only with --out."
        ),
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="Look through it in the browser, until Ctrl-C.")
    ] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Look into a data set: sizes, classes, mean and std, and pictures of it in a folder.

    Every picture is read once. The sums are whole numbers, so mean and std are exact to the
    last division.
    """
    from layerwalk.surfaces.cli.data import DataChoice, data, list_data
    from layerwalk.surfaces.cli.data import show as show_set

    terminal = context.ensure_object(Terminal)
    if what is None:
        list_data(terminal)
        return
    choice = DataChoice(what, split, folder, full, image, label, rounded)
    if show:
        if json or out is not None:
            one = "--json" if json else "--out"
            raise DataError(f"--show serves a page, and {one} does not", mend="leave one out")
        show_set(choice, terminal, port=port, browser=not no_browser)
        return
    data(choice, terminal, count=count, seed=seed, index=index, out=out, json=json)


def learn_command(
    context: typer.Context,
    *,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="M",
            help="lenet5, mlp, tiny_vgg, a torchvision or timm name, or net.py:Net; lenet5 if "
            "not given.",
        ),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(metavar="DATA", help="What layerwalk data takes; mnist if not given."),
    ] = None,
    run: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="The folder for the run; runs/TIME-MODEL if not given."),
    ] = None,
    go_on: Annotated[
        Path | None,
        typer.Option("--continue", metavar="RUN", help="Go on with a run that was stopped."),
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="How often each picture is seen; 16.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Pictures for each update; 32.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="X", help="The highest learning rate; 0.004 of adam."),
    ] = None,
    optimizer: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="adam, adamw, sgd, rmsprop or adagrad; adam."),
    ] = None,
    schedule: Annotated[
        str | None,
        typer.Option(metavar="cosine|constant", help="How the rate goes; cosine."),
    ] = None,
    momentum: Annotated[
        float | None, typer.Option(min=0.0, metavar="X", help="Of sgd and rmsprop; 0.9.")
    ] = None,
    decay: Annotated[
        float | None, typer.Option(min=0.0, metavar="X", help="Weight decay; 0.001.")
    ] = None,
    held_out: Annotated[
        str | None,
        typer.Option(
            metavar="N|SHARE", help="Pictures to judge by: how many, or which share; 0.2."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Decides weights, split and order; 0."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Processes that read pictures ahead; 0."),
    ] = None,
    probes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Held-out pictures walked at each step; 10."),
    ] = None,
    weights: Annotated[
        str | None,
        typer.Option(
            metavar="default|FILE",
            help="Begin with trained weights; if not given with random ones of the seed.",
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(metavar="cpu|cuda", help="Where; the GPU, if there is one."),
    ] = None,
    show: Annotated[
        bool, typer.Option("--show", help="Watch it in the browser, live, until Ctrl-C.")
    ] = False,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Train a network on pictures, and record how it learns.

    Each epoch is judged on pictures that are held out. The run keeps the network at steps on a
    log scale; layerwalk replay shows it. Ctrl-C stops it, and --continue goes on.
    """
    from layerwalk.surfaces.cli.learn import LearnChoice, learn, read_held_out

    given = {
        "epochs": epochs,
        "batch": batch,
        "rate": rate,
        "optimizer": optimizer,
        "schedule": schedule,
        "momentum": momentum,
        "decay": decay,
        "held_out": read_held_out(held_out),
        "seed": seed,
        "workers": workers,
        "probes": probes,
    }
    numbers = {name: value for name, value in given.items() if value is not None}
    choice = LearnChoice(model, data, weights, device, numbers)
    learn(
        choice,
        context.ensure_object(Terminal),
        run=run,
        go_on=go_on,
        show=show,
        port=port,
        browser=not no_browser,
    )


def replay_command(
    context: typer.Context,
    runs: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN", help="The folder of a run; of two, to see them beside each other."
        ),
    ],
    *,
    film: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write a film, .gif or .mp4, and end."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write the page as one .html file, and end."),
    ] = None,
    detail: Annotated[
        Detail,
        typer.Option(help="Of --report: keep every bit, float16, or 255 levels a channel."),
    ] = Detail.half,
    kept: Annotated[
        WeightsKept,
        typer.Option(
            "--keep-weights",
            help="Of --report: which weights go into it, of each step. some takes the smallest, "
            "half a million numbers in all.",
        ),
    ] = WeightsKept.some,
    why: Annotated[
        str | None,
        typer.Option(
            metavar="WEIGHT",
            help="Print how the optimiser changed this weight, such as 'c1.weight[0,0,2,2]'.",
        ),
    ] = None,
    step: Annotated[
        int | None,
        typer.Option(min=0, metavar="N", help="Of --why: after how many updates; the last."),
    ] = None,
    sample: Annotated[
        int, typer.Option(min=0, metavar="N", help="Of --film: which probe is shown.")
    ] = 0,
    op: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of --film: whose maps are shown.")
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.01, metavar="S", help="Of --film: how long each picture stays."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Of --why: print JSON.")] = False,
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="M",
            help="The run's network, net.py:Net say, where the page is to take other pictures "
            "and the run does not say how it is built, or names a file to be run for it.",
        ),
    ] = None,
    port: Port = None,
    no_browser: NoBrowser = False,
) -> None:
    """Show a recorded training in the explorer, with a slider for time.

    Every panel, at any stored step: kernels, maps, the arithmetic of a number, the scores. A
    run that is not finished is followed.
    """
    from layerwalk.surfaces.cli.replay import replay

    replay(
        runs,
        context.ensure_object(Terminal),
        film=film,
        report=report,
        detail=detail.value,
        weights=kept.value,
        why=why,
        step=step,
        sample=sample,
        op=op,
        seconds=seconds,
        json=json,
        model=model,
        port=port,
        browser=not no_browser,
    )
