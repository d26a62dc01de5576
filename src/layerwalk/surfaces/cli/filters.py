"""``layerwalk filters``: what filters make of a photo, and the list of them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.text import Text

from layerwalk.data import Image, Preprocessing, load_image
from layerwalk.errors import ImageError, LayerwalkError
from layerwalk.filters import Filter, Padding, apply_filter, as_filters, find_filter, parse_filter
from layerwalk.filters import filters as every_filter
from layerwalk.filters.border import check_border
from layerwalk.record import Array
from layerwalk.render.figures import FilterResult, filter_results
from layerwalk.surfaces.album import Picture
from layerwalk.surfaces.cli.explain import check_file
from layerwalk.surfaces.cli.lines import paired
from layerwalk.surfaces.cli.options import stem
from layerwalk.surfaces.cli.terminal import Terminal
from layerwalk.surfaces.folder import Undrawn, check_folder, write_pictures
from layerwalk.surfaces.spelling import spell_number, spell_shape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["filters", "list_filters", "parse_padding"]

_SIX: Final = ("gaussian", "sharpen", "emboss", "edge", "sobel-x", "sobel-y")
_ENDINGS: Final = (".png", ".svg", ".pdf")
_TITLES: Final = ("filter", "size", "result", "least", "greatest")


def filters(
    source: str | None,
    terminal: Terminal,
    *,
    kernels: Sequence[str],
    matrices: Sequence[str],
    stride: int,
    padding: str,
    border: str,
    size: int | None,
    out: Path | None,
) -> None:
    """Lay the filters over a photo, print what came out and draw it.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used: the photo, a filter, the padding, a file.
    """
    if source is None:
        raise ImageError("no photo is named", mend="name one, or ask for the filters with --list")
    chosen = _chosen(kernels, matrices)
    how, beyond = parse_padding(padding), check_border(border)
    place = out or Path(f"filters-{stem(source)}.png")
    in_folder = place.is_dir() or not place.suffix
    if in_folder:
        check_folder(place, files=[_file_name(one) for one in chosen])
    else:
        check_file(place, "--out", _ENDINGS)
    image = load_image(source)
    photo = _grey(image, size)
    with terminal.job() as job:
        job.stage("filtering", len(chosen))
        results = []
        for one in chosen:
            made = apply_filter(photo, one, stride=stride, padding=how, border=beyond)
            results.append(FilterResult(one, made))
            job.step()
        laid = [("stride", str(stride)), ("padding", _told(how, beyond))]
        notes = ("the filter is not flipped", *(" ".join(pair) for pair in laid))
        pictures = _pictures(image, photo, results, notes, place, in_folder=in_folder)
        job.stage("drawing", len(pictures))
        undrawn: tuple[Undrawn, ...] = ()
        if in_folder:
            undrawn = write_pictures(pictures, place, job.step)
        else:
            from layerwalk.render.files import save_figure

            save_figure(pictures[0].draw(), place)
    room = terminal.room
    terminal.say(*paired([("photo", _about(image, photo)), *laid], room), "")
    terminal.say(*_table(results), "")
    where = f"Written to {place}:" if in_folder else "Written:"
    lost = {one.picture for one in undrawn}
    drawn = [one for one in pictures if one not in lost]
    names = [(one.name if in_folder else str(place), one.title) for one in drawn]
    if names:
        terminal.say(where, *paired(names, room))
    if undrawn:
        # Loads what draws whole walks, which is seldom wanted here.
        from layerwalk.surfaces.cli.show import tell_undrawn

        tell_undrawn(undrawn, terminal)


def list_filters(terminal: Terminal) -> None:
    """Print every filter that has a name, with its numbers."""
    terminal.say(*_listing(every_filter(), terminal.room))


def parse_padding(text: str) -> Padding:
    """The padding in the text of ``--padding``.

    >>> parse_padding("same"), parse_padding("2")
    ('same', 2)

    Raises
    ------
    LayerwalkError
        The text is no padding.
    """
    if text == "valid":
        return "valid"
    if text == "same":
        return "same"
    if not text.isdecimal() or len(text) > 6:
        raise LayerwalkError(
            f"{text!r} is no padding", where="--padding", mend="give valid, same or 0, 1, 2, ..."
        )
    return int(text)


def _chosen(kernels: Sequence[str], matrices: Sequence[str]) -> tuple[Filter, ...]:
    if not kernels and not matrices:
        return as_filters(_SIX)
    named = {one.name: one for one in map(find_filter, kernels)}
    only = len(matrices) == 1
    own = (
        parse_filter(text, "matrix" if only else f"matrix {at}")
        for at, text in enumerate(matrices, start=1)
    )
    return (*named.values(), *own)


def _grey(image: Image, size: int | None) -> Array:
    """The photo's levels, (H, W), resized as a network's pictures are."""
    if size is None:
        return image.grey()
    resized = Preprocessing(size, None, "bilinear", (0.0,), (1.0,), 1)(image)
    return resized.photo.pixels[..., 0]


def _pictures(
    image: Image,
    photo: Array,
    results: Sequence[FilterResult],
    notes: Sequence[str],
    place: Path,
    *,
    in_folder: bool,
) -> list[Picture]:
    def drawing(some: Sequence[FilterResult]) -> Callable[[], Figure]:
        names = some[0].filter.name if len(some) == 1 else "Filters"
        title = f"{names} on {image.name}"
        return lambda: filter_results(photo, some, title=title, notes=notes)

    if in_folder:
        return [
            Picture(_file_name(one.filter), one.filter.about or one.filter.name, drawing([one]))
            for one in results
        ]
    what = "the photo, the filter and the result"
    if len(results) > 1:
        what += ", a row for each filter"
    return [Picture(place.name, what, drawing(results))]


def _file_name(filter: Filter) -> str:  # noqa: A002 - the field's word
    return f"{filter.name.replace(' ', '-')}.png"


def _about(image: Image, photo: Array) -> str:
    told = f"{image.name}, {image.width} x {image.height} pixels"
    height, width = photo.shape
    if (width, height) != (image.width, image.height):
        told += f", resized to {width} x {height}"
    return f"{told}, in grey, levels 0 to 255"


def _told(padding: Padding, border: str) -> str:
    if padding in ("valid", 0):
        return "none"
    amount = "same" if padding == "same" else f"{padding} on each side"
    return f"{amount}, {border}"


def _table(results: Sequence[FilterResult]) -> Iterator[Text]:
    rows = [
        (
            one.filter.name,
            spell_shape(one.filter.shape),
            spell_shape(one.result.shape),
            spell_number(float(one.result.min())),
            spell_number(float(one.result.max())),
        )
        for one in results
    ]
    widths = [max(len(row[at]) for row in (_TITLES, *rows)) for at in range(len(_TITLES))]
    for at, row in enumerate((_TITLES, *rows)):
        cells = [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
        line = Text("  ").append(cells[0], "bold" if at else "dim")
        yield line.append("  " + "  ".join(cells[1:]), "" if at else "dim")


def _listing(listed: Sequence[Filter], room: int | None) -> Iterator[Text]:
    """A block for each: name, size and divisor, the numbers, what it does."""
    name = max(len(one.name) for one in listed)
    if room is None:
        # In a pipe each is one line, with a matrix that --matrix takes.
        for one in listed:
            yield Text(f"{one.name:<{name}}  {spell_shape(one.shape)}  {one.text}  {one.about}")
        return
    grids = [_numbers(one) for one in listed]
    wide = max(len(row) for rows, _ in grids for row in rows)
    for at, (one, (rows, divisor)) in enumerate(zip(listed, grids, strict=True)):
        if at:
            yield Text()
        shape = spell_shape(one.shape) + (f", each / {divisor}" if divisor > 1 else "")
        said = textwrap.wrap(one.about, max(room - name - wide - 6, 12))
        for line in range(max(2, len(rows), len(said))):
            left = (one.name, shape)[line] if line < 2 else ""
            text = Text("  ").append(left.ljust(name), ("bold", "dim")[line] if line < 2 else "")
            text.append("  " + (rows[line] if line < len(rows) else "").ljust(wide))
            yield text.append("  " + (said[line] if line < len(said) else ""))


def _numbers(filter: Filter) -> tuple[list[str], int]:  # noqa: A002 - the field's word
    """The rows of its numbers in columns, and what all are divided by."""
    matrix, divisor = filter.printed
    numbers = [[f"{number:g}" for number in row] for row in matrix]
    wide = max(len(number) for row in numbers for number in row)
    return ["  ".join(number.rjust(wide) for number in row) for row in numbers], divisor
