"""The arguments and options that commands share, and how their text is read."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from layerwalk.errors import ModelError

if TYPE_CHECKING:
    from layerwalk.models import Model

__all__ = [
    "Detail",
    "DetailOption",
    "Format",
    "Image",
    "Layers",
    "Memory",
    "ModelChoice",
    "NoBrowser",
    "Port",
    "Source",
    "Sources",
    "Top",
    "WeightsKept",
    "chooses_model",
    "out_option",
    "parse_numbers",
    "parse_size",
]

DEFAULT_MODEL = "efficientnet_lite0"


class Detail(StrEnum):
    """How exactly a trace is saved."""

    exact = "exact"
    half = "half"
    compact = "compact"


class WeightsKept(StrEnum):
    """Which weights a report has in it."""

    some = "some"
    all = "all"
    none = "none"


class Format(StrEnum):
    """Formats of a figure's file."""

    png = "png"
    svg = "svg"
    pdf = "pdf"


class Layers(StrEnum):
    """Which ops get a sheet of their own."""

    main = "main"
    all = "all"
    none = "none"


Image = Annotated[
    str,
    typer.Argument(
        metavar="IMAGE",
        help="A photo's file, or sample:dog, sample:cat, sample:digits/17.",
        show_default=False,
    ),
]
Source = Annotated[
    str,
    typer.Argument(
        metavar="IMAGE|TRACE",
        help="A photo to walk, as for show; or a walk that was saved, a .safetensors file.",
        show_default=False,
    ),
]
Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="IMAGE|TRACE",
        help="Photos to walk, as for show, and walks that were saved; the page takes more.",
        show_default=False,
    ),
]
ModelName = Annotated[
    str,
    typer.Option(
        "--model",
        "-m",
        metavar="M",
        help="A built-in, torchvision or timm name, a file and class net.py:Net, a program.pt2, or "
        "a recorded run: runs/first, runs/first@1200.",
    ),
]
_ModelArgument = Annotated[
    str,
    typer.Argument(
        metavar="MODEL", help="What --model takes; edges for the tutorial.", show_default=False
    ),
]
Weights = Annotated[
    str,
    typer.Option(
        metavar="default|none|FILE",
        help="The network's own trained weights, random ones from a fixed seed, or a "
        ".safetensors or .pth file.",
    ),
]
InputSize = Annotated[
    str | None,
    typer.Option(
        metavar="N|HxW",
        help="The size of picture that the network takes: 224, or height x width as 480x640.",
    ),
]
Channels = Annotated[
    int | None,
    typer.Option(metavar="1|3", help="Grey or colour pictures."),
]
Mean = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,C",
        help="What is taken from the pixels (scaled 0 to 1): one number, or one a channel.",
    ),
]
Std = Annotated[
    str | None,
    typer.Option(
        metavar="A,B,C",
        help="What they are then divided by: one number, or one a channel.",
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        metavar="FILE|imagenet",
        help="Class names: a text file with one a line, or those of ImageNet.",
    ),
]
Top = Annotated[int, typer.Option(min=1, metavar="N", help="How many classes to show.")]
DetailOption = Annotated[
    Detail,
    typer.Option(help="Save every bit, float16, or 8 bits a number with a scale a channel."),
]

Port = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=65535,
        metavar="N",
        help="Where the explorer listens; 8765 if not given, or any that is free.",
    ),
]
NoBrowser = Annotated[
    bool,
    typer.Option("--no-browser", help="Print the explorer's link, and open no browser."),
]
Memory = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        metavar="GB",
        help="How much memory walks and networks may take before the longest unused are dropped; "
        "4 GB or a quarter of this machine's if not given.",
    ),
]


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A network as the user named and described it."""

    name: str = DEFAULT_MODEL
    weights: str = "default"
    input_size: str | None = None
    channels: int | None = None
    mean: str | None = None
    std: str | None = None
    labels: str | None = None

    def check(self) -> None:
        """Read what can be read without torch, so that a slip is told at once.

        Raises
        ------
        ModelError
            A number cannot be read.
        """
        parse_size(self.input_size)
        parse_numbers(self.mean, "--mean")
        parse_numbers(self.std, "--std")

    def load(self) -> Model:
        """The network, ready to take pictures.

        Raises
        ------
        LayerwalkError
            As :func:`layerwalk.load_model`; or nothing says what pictures it takes.
        """
        from layerwalk.models import load_model

        model = load_model(
            self.name,
            weights=self.weights,
            input_size=parse_size(self.input_size),
            channels=self.channels,
            mean=parse_numbers(self.mean, "--mean"),
            std=parse_numbers(self.std, "--std"),
            labels=self.labels,
        )
        if model.preprocessing is None:
            raise ModelError(
                "nothing is known about the pictures it takes",
                where=model.name,
                mend="say --input-size 224, say, and --channels, --mean and --std where they "
                "are not 3, 0 and 1",
            )
        return model


def out_option(metavar: str, said: str) -> Any:
    """The option ``--out`` of a command that writes something."""
    return typer.Option("--out", "-o", metavar=metavar, help=said)


def chooses_model(
    *, argument: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that name and describe a network; it gets them as ``choice``.

    They take the place of its parameter ``choice``. With ``argument`` the network's name is
    the command's first argument instead of an option.
    """

    def give(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command, eval_str=True).parameters.values()
        shared = dict(inspect.signature(_chosen, eval_str=True).parameters)
        context, *rest = own
        first = [context]
        if argument:
            kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
            first.append(inspect.Parameter("model", kind, annotation=_ModelArgument))
            del shared["model"]
        taken = [*shared, *(["model"] if argument else [])]
        before = [one for one in rest if one.kind is not inspect.Parameter.KEYWORD_ONLY]
        behind = [one for one in rest if one not in before and one.name != "choice"]
        parameters = [*first, *before, *shared.values(), *behind]

        def run(*args: object, **given: Any) -> None:
            chosen = {name: given.pop(name) for name in taken}
            command(*args, **given, choice=_chosen(**chosen))

        run.__doc__, run.__name__ = command.__doc__, command.__name__
        # Typer reads the one and then the other.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return give


def _chosen(
    *,
    model: ModelName = DEFAULT_MODEL,
    weights: Weights = "default",
    input_size: InputSize = None,
    channels: Channels = None,
    mean: Mean = None,
    std: Std = None,
    labels: Labels = None,
) -> ModelChoice:
    return ModelChoice(model, weights, input_size, channels, mean, std, labels)


def parse_size(text: str | None) -> int | tuple[int, int] | None:
    """The size in the text of ``--input-size``.

    >>> parse_size("224"), parse_size("480x640")
    (224, (480, 640))

    Raises
    ------
    ModelError
        The text is no size.
    """
    if text is None:
        return None
    match = re.fullmatch(r"\s*([0-9]{1,6})\s*(?:[xX]\s*([0-9]{1,6})\s*)?", text)
    if not match or "0" in {side.lstrip("0") or "0" for side in match.groups() if side}:
        raise ModelError(
            f"{text!r} is no size",
            where="--input-size",
            mend="give 224, or height x width: 480x640",
        )
    height, width = match.groups()
    return int(height) if width is None else (int(height), int(width))


def parse_numbers(text: str | None, option: str) -> float | Sequence[float] | None:
    """The number or numbers in the text of ``--mean`` and ``--std``.

    >>> parse_numbers("0.5", "--mean"), parse_numbers("0.485,0.456,0.406", "--mean")
    (0.5, (0.485, 0.456, 0.406))

    Raises
    ------
    ModelError
        Part of the text is no number.
    """
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        raise ModelError(
            f"{text!r} are no numbers", where=option, mend="give one, or one a channel: 0.5,0.5,0.5"
        ) from None
    return numbers[0] if len(numbers) == 1 else numbers


def stem(image: str) -> str:
    """What files made from a picture are called after: its name without its ending.

    >>> stem("photos/dog.jpg"), stem("sample:digits/17")
    ('dog', 'digits-17')
    """
    if image.startswith("sample:"):
        return image.removeprefix("sample:").replace("/", "-") or "sample"
    return Path(image).stem or "photo"
