"""docs/coverage.md, from what the zoo gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from capture.zoo_check import Outcome

__all__ = ["Member", "document"]


@dataclass(frozen=True)
class Member:
    """One network of the zoo, and the side of the square it is given."""

    library: str
    name: str
    size: tuple[int, ...]
    shrunk: bool = False


Found: TypeAlias = "Mapping[Member, Outcome | str]"

_PREAMBLE = """\
# Coverage: the recorder and the recipes on whole networks

For each network below, freshly built and never run before, at batch 1:

- **output**: the output recorded by a trace is, bit for bit, that of a plain forward pass.
- **replay**: every recorded op, run again on its recorded inputs, gives its recorded outputs bit
  for bit. Ops that cannot be run again are counted in the notes, with the reason.
- **untouched**: parameters, buffers, training flags, hooks, the input and the random state are
  after the trace what they were before it; and a second and a third trace, made from the same
  random numbers, say the same bit for bit.
- **recipes**: the share of its ops whose every output has a recipe, that is, whose numbers can be
  explained (docs/recipes.md).
- **residue**: of {samples:,} values recomputed by their recipes in float64, the largest difference
  from what was recorded, as a part of the sum of the absolute terms. More than 1e-6 fails, and
  anything but 0 where an op only moves or selects numbers.

The input must also be reachable from each output along the recorded edges; a network where it is
not fails, and the notes say so. *Opaque* ops are modules whose inside could not be seen, *reread*
ones are reads of memory that was written under another name in between.

Weights are random; parameters that are constant at first (scales of zero, which would silence a
branch and hide what is wrong in it) are made uneven. Networks are in eval mode, on the CPU, and the
input is the network's own size, or 224 pixels for a network made for more than {side}. The plain
pass runs under `no_grad` with `torch.backends.mha`'s fast path off: the fast path is one fused op,
so a trace goes the way round it, whose last bits may differ.

{rule}

Made with {versions}. To make it again:

```sh
.venv/bin/python benchmarks/zoo.py --cache zoo.jsonl
```
"""
_SAMPLES = 1000
_HEAD = """\
| model | input | ops | output | replay | untouched | recipes | residue | notes |
|---|---|---|---|---|---|---|---|---|"""


def document(found: Found, rule: str, versions: str, side: int) -> str:
    """The page, from what was found."""
    outcomes = [item for item in found.values() if not isinstance(item, str)]
    passed = sum(outcome.passed for outcome in outcomes)
    parts = [
        _PREAMBLE.format(side=side, rule=rule, versions=versions, samples=_SAMPLES),
        (
            f"**{passed} of {len(found)} networks pass.** They ran "
            f"{sum(o.ops for o in outcomes):,} ops, of which "
            f"{sum(o.replayed for o in outcomes):,} were run again by replay; "
            f"{sum(o.opaque for o in outcomes):,} are opaque and "
            f"{sum(o.rereads for o in outcomes):,} are rereads.\n"
        ),
        *_recipes(outcomes),
    ]
    for library in dict.fromkeys(member.library for member in found):
        rows = [_row(member, item) for member, item in found.items() if member.library == library]
        parts.append(f"## {library}: {len(rows)} networks\n")
        parts.append("\n".join([_HEAD, *rows, ""]))
    return "\n".join(parts)


def _recipes(outcomes: Iterable[Outcome]) -> Iterable[str]:
    """How many ops have a recipe, and which have none."""
    outcomes = list(outcomes)
    yield "## Ops with a recipe\n"
    yield "| networks | how many | ops | with a recipe | values recomputed | worst residue |"
    yield "|---|---|---|---|---|---|"
    for name, attends in (("convolutional", False), ("with attention", True)):
        group = [outcome for outcome in outcomes if outcome.recipes.attends is attends]
        ops, known = sum(o.ops for o in group), sum(o.recipes.known for o in group)
        worst = max((o.recipes.share for o in group), default=0.0)
        checked = sum(o.recipes.checked for o in group)
        yield (
            f"| {name} | {len(group)} | {ops:,} | {known:,} ({known / max(ops, 1):.2%}) "
            f"| {checked:,} | {worst:.2g} |"
        )
    missing: Counter[str] = Counter()
    networks: Counter[str] = Counter()
    for outcome in outcomes:
        missing.update(dict(outcome.recipes.missing))
        networks.update(kind for kind, _ in outcome.recipes.missing)
    yield (
        "\nA network counts as *with attention* where it multiplies two things that it made "
        "itself.\n"
    )
    if missing:
        yield "Ops without a recipe, by kind:\n"
        yield "| kind | ops | networks |"
        yield "|---|---|---|"
        yield from (f"| {kind} | {n} | {networks[kind]} |" for kind, n in missing.most_common())
    yield ""


def _row(member: Member, found: Outcome | str) -> str:
    side = "x".join(str(length) for length in member.size[1:])
    if isinstance(found, str):
        return f"| {member.name} | {side} | | | | | | | {_cell(found)} |"
    marks = " | ".join(
        "yes" if good else "**no**" for good in (found.output, found.replay, found.untouched)
    )
    counts = {"opaque": found.opaque, "rereads": found.rereads}
    notes = [f"{count} {name}" for name, count in counts.items() if count]
    share = found.recipes.known / max(found.ops, 1)
    told = "all" if found.recipes.known == found.ops else f"{share:.1%}"
    return (
        f"| {member.name} | {side} | {found.ops} | {marks} | {told} | {found.recipes.share:.1g} "
        f"| {_cell('; '.join([*notes, *found.notes]))} |"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
