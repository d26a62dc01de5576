"""Why a weight changed: the optimiser's arithmetic for one number."""

from __future__ import annotations

from dataclasses import dataclass, field

from layerwalk.errors import NotFoundError
from layerwalk.runs.rules import RULES, Sum, Term
from layerwalk.runs.update_record import UpdateRecord

__all__ = ["Term", "WeightUpdate", "explain_update"]


@dataclass(frozen=True, slots=True)
class WeightUpdate:
    """How one weight was changed by one step of the optimiser.

    Attributes
    ----------
    name, index
        Which number of which parameter.
    step
        After how many updates it had the value ``before``.
    optimizer
        The class in ``torch.optim``.
    before, gradient
        The weight, and the loss's derivative with respect to it.
    terms
        The arithmetic line by line, in float64; empty where the optimiser's rule is not known
        here.
    computed
        What the terms give; ``None`` where the rule is not known.
    after
        What the optimiser itself made of it.
    """

    name: str
    index: tuple[int, ...]
    step: int
    optimizer: str
    before: float
    gradient: float
    terms: tuple[Term, ...] = field(repr=False)
    computed: float | None
    after: float

    @property
    def change(self) -> float:
        """What the optimiser added to the weight."""
        return self.after - self.before

    @property
    def residue(self) -> float | None:
        """What the terms gave, less what the optimiser made; ``None`` without a rule."""
        return None if self.computed is None else self.computed - self.after

    def __str__(self) -> str:
        place = f"{self.name}[{', '.join(map(str, self.index))}]"
        lines = [
            f"{place}, update {self.step + 1} ({self.optimizer})",
            f"weight        {self.before:.9g}",
            f"gradient g    {self.gradient:.6g}",
            *(f"{term.name} = {term.formula} = {term.value:.9g}" for term in self.terms),
        ]
        if not self.terms:
            lines.append(f"the rule of {self.optimizer} is not known here")
        residue = "" if self.residue is None else f", residue {self.residue:.1e}"
        lines.append(f"optimiser's   {self.after:.9g}{residue}")
        return "\n".join(lines)


def explain_update(record: UpdateRecord, name: str, index: tuple[int, ...]) -> WeightUpdate:
    """The arithmetic by which one weight changed.

    Raises
    ------
    NotFoundError
        There is no such parameter or place, it had no gradient, or its update was not kept.
    """
    if name not in record.parameters:
        known = ", ".join(record.parameters)
        raise NotFoundError(
            f"no update of {name!r} was recorded",
            where=f"step {record.step}",
            mend=f"there are {known}" if known else "no parameter had a gradient",
        )
    one = record.parameters[name]
    at = one.place(index, name)
    sum_ = Sum(
        weight=float(one.before[at]),
        gradient=float(one.gradient[at]),
        state={**one.numbers, **{key: float(value[at]) for key, value in one.state.items()}},
        settings=one.settings,
    )
    rule = RULES.get(record.optimizer)
    computed = None if rule is None else rule(sum_)
    whole = tuple(i % side for i, side in zip(index, one.shape, strict=True))
    return WeightUpdate(
        name=name,
        index=whole,
        step=record.step,
        optimizer=record.optimizer,
        before=sum_.weight,
        gradient=sum_.gradient,
        terms=tuple(sum_.terms),
        computed=computed,
        after=float(one.after[at]),
    )
