"""``layerwalk attribute``: what mattered to a score, drawn and in numbers."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from layerwalk.errors import CaptureError, LayerwalkError
from layerwalk.record import Trace
from layerwalk.render.numerals import tell
from layerwalk.render.weights import titled
from layerwalk.surfaces.cli.explain import check_file
from layerwalk.surfaces.cli.lines import about, paired
from layerwalk.surfaces.cli.options import ModelChoice
from layerwalk.surfaces.cli.source import is_trace_file, open_or_walk
from layerwalk.surfaces.cli.terminal import Job, Terminal
from layerwalk.surfaces.cli.walking import complain_if_incomplete
from layerwalk.surfaces.spelling import spell_shape
from layerwalk.surfaces.target import parse_target

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from layerwalk.attribution import Aim, Attribution, SanityCheck

__all__ = ["attribute", "figure_of", "parse_baseline"]

_FIGURES = (".png", ".svg", ".pdf")
_NUMBERS = 12
_MOST_CHANNELS = 16


def attribute(
    source: str,
    choice: ModelChoice,
    terminal: Terminal,
    *,
    method: str,
    target: str | None,
    given: Mapping[str, Any],
    check: bool,
    out: Path,
) -> None:
    """Walk, ask one method or all, print what came out and draw it.

    Raises
    ------
    LayerwalkError
        Something that was given cannot be used, or no method can be used on the network.
    """
    from layerwalk.render.files import save_figure

    choice.check()
    check_file(out, "--out", _FIGURES)
    options = {**given, "baseline": parse_baseline(given["baseline"])}
    with terminal.job() as job:
        trace = open_or_walk(source, choice, terminal, job)
        if not is_trace_file(source):
            complain_if_incomplete(trace, choice)
        asked = _Asked(trace, parse_target(trace, target), options, job, method == "all")
        found = asked.found(method)
        checks = [asked.checked(each.method) for each in found] if check else []
        job.stage("drawing")
        save_figure(figure_of(trace, found), out)
    room = terminal.room
    terminal.say(*about(trace, room), "", *_told(found, room))
    for reason in asked.left_out:
        terminal.note(reason)
    if checks:
        terminal.say("", "With shuffled weights:", *_verdicts(checks, room))
    terminal.say("", "Written:", *paired([(str(out), "what mattered")], room))


@dataclass
class _Asked:
    """One score of one walk, and the methods that are asked about it."""

    trace: Trace
    aim: Aim
    options: Mapping[str, Any]
    job: Job
    every: bool
    left_out: list[str] = field(default_factory=list)

    def found(self, method: str) -> list[Attribution]:
        """What one method finds, or every one; those that this network is not for are told."""
        from layerwalk.attribution import METHODS
        from layerwalk.attribution import attribute as find

        found, error = [], None
        for name in METHODS if self.every else [method]:
            self.job.stage(name)
            try:
                found.append(
                    find(self.trace, name, self.aim, **self._given(name), watch=self._watch(name))
                )
            except CaptureError as reason:
                error = reason
                self.left_out.append(f"{name} is left out: {reason}")
        if error is not None and not found:
            raise error
        return found

    def checked(self, method: str) -> SanityCheck:
        """Whether its map depends on the weights."""
        from layerwalk.attribution import sanity_check

        watch = self._watch(f"checking {method}")
        return sanity_check(self.trace, method, self.aim, watch=watch, **self._given(method))

    def _given(self, method: str) -> dict[str, Any]:
        """The options that were given; of all methods, to each those that it takes."""
        from layerwalk.attribution import METHODS

        given = {word: value for word, value in self.options.items() if value is not None}
        if not self.every:
            return given
        # Beside maps of the picture, a list of channels is out of place.
        takes = METHODS[method].takes - ({"op"} if method == "feature_ablation" else set())
        return {word: value for word, value in given.items() if word in takes}

    def _watch(self, what: str) -> Callable[[int, int], None]:
        """Shows how many of the runs are done."""
        past = 0

        def watch(done: int, total: int) -> None:
            nonlocal past
            if past == 0:
                self.job.stage(what, total)
            for _ in range(done - past):
                self.job.step()
            past = done

        return watch


def parse_baseline(text: str | None) -> float | str | None:
    """The baseline in the text of ``--baseline``.

    >>> parse_baseline("0.5"), parse_baseline("mean"), parse_baseline(None)
    (0.5, 'mean', None)

    Raises
    ------
    LayerwalkError
        The text is no number, nor mean.
    """
    if text is None or text == "mean":
        return text
    try:
        return float(text)
    except ValueError:
        raise LayerwalkError(
            f"{text!r} is no number", where="--baseline", mend="give one, or mean"
        ) from None


def _told(found: Sequence[Attribution], room: int | None) -> Iterator[Text | str]:
    first = found[0]
    facts = [("target", first.target), ("score", tell(first.score))]
    base = next((one.baseline_score for one in found if one.baseline_score is not None), None)
    if base is not None:
        facts.append(("baseline", f"{tell(base)}; the two are {tell(first.score - base)} apart"))
    yield from paired(facts, room)
    channels = next((one for one in found if one.map.ndim < 2), None)
    if channels is not None:
        yield from _channels(channels)
        return
    yield ""
    wide = max(len(one.method) for one in found) + 2
    titles = f"{'method':<{wide}}{'sum':>{_NUMBERS}}{'residue':>{_NUMBERS}}  map"
    yield Text(f"  {titles}", "dim")
    for one in found:
        total, residue = ("-", "-") if one.residue is None else (tell(one.total), tell(one.residue))
        line = f"{one.method:<{wide}}{total:>{_NUMBERS}}{residue:>{_NUMBERS}}"
        place = f" of {one.op}" if one.op else ""
        yield Text("  ").append(line).append(f"  {spell_shape(one.heat().shape)}{place}")
    if any(one.residue is not None for one in found):
        yield Text("  residue: the sum less what the score and the baseline's are apart", "dim")
        yield Text("  -: the method promises nothing of its sum", "dim")


def _channels(found: Attribution) -> Iterator[Text | str]:
    """The channels whose loss changes the score most."""
    ranked = found.ranked()[:_MOST_CHANNELS]
    yield ""
    count = len(found.map)
    yield f"  what the score loses without a channel of {found.op}, the most first:"
    wide = max(len(str(channel)) for channel in ranked)
    for channel in ranked:
        yield f"  {channel:>{wide}}  {tell(float(found.map[channel])):>{_NUMBERS}}"
    if count > len(ranked):
        yield f"  and {count - len(ranked):,} more"


def _verdicts(checks: Sequence[SanityCheck], room: int | None) -> Iterator[str]:
    for check in checks:
        lines = textwrap.wrap(check.verdict, (room or 100) - 4)
        yield f"  {lines[0]}"
        yield from (f"    {line}" for line in lines[1:])


def figure_of(trace: Trace, found: Sequence[Attribution]) -> Figure:
    """The maps side by side; of channels that were silenced one by one, the bars of the first."""
    from layerwalk.render.figures import HeatMap, attribution_figure, channel_bars
    from layerwalk.surfaces.answer.methods import title_of

    first = found[0]
    title = f"What mattered to “{first.target}”"
    facts = [titled(trace.name, trace), f"score {tell(first.score)}"]
    if first.map.ndim < 2:
        return channel_bars(
            [(f"channel {channel}", float(first.map[channel])) for channel in first.ranked()],
            title=title,
            facts=(*facts, f"what it loses without a channel of {first.op}"),
        )
    maps = [
        HeatMap(title_of(one.method), one.heat(), one.signed, one.op or "", _said(one))
        for one in found
    ]
    return attribution_figure(trace.photo, maps, title=title, facts=facts)


def _said(found: Attribution) -> str:
    """What is promised of its sum, and what is left."""
    if found.residue is None:
        return ""
    return f"sum {tell(found.total)}, {tell(found.residue)} off the scores' difference"
