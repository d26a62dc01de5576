"""How each optimiser makes a new weight from an old one and its gradient, term by term.

The rules are those of ``torch.optim`` (its documentation gives them as algorithms), worked out
in float64 for one number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["RULES", "Settings", "Sum", "Term"]

Settings: TypeAlias = Mapping[str, float | bool | tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the arithmetic: ``name = formula = value``."""

    name: str
    formula: str
    value: float


@dataclass(slots=True)
class Sum:
    """One weight on its way through a rule.

    Attributes
    ----------
    weight, gradient
        Before the update.
    state
        The optimiser's memory for this number, by torch's names; what is not there yet is
        missing.
    settings
        The hyperparameters of its group.
    terms
        The lines so far.
    """

    weight: float
    gradient: float
    state: Mapping[str, float]
    settings: Settings
    terms: list[Term] = field(default_factory=list)

    def number(self, name: str, default: float = 0.0) -> float:
        """A hyperparameter."""
        value = self.settings.get(name, default)
        if isinstance(value, tuple):
            raise TypeError(f"{name} is several numbers")
        return float(value)

    def pair(self, name: str) -> tuple[float, float]:
        """A hyperparameter of two numbers."""
        value = self.settings[name]
        if not isinstance(value, tuple):
            raise TypeError(f"{name} is one number")
        return float(value[0]), float(value[1])

    def line(self, name: str, formula: str, value: float) -> float:
        """Write a line down."""
        self.terms.append(Term(name, formula, value))
        return value

    def given(self, *, decay: bool = True) -> float:
        """The gradient as the rule takes it: turned round to maximise, with the weight decay."""
        gradient = self.gradient
        if self.settings.get("maximize"):
            gradient = self.line("g", f"-({gradient:.6g}), to maximise", -gradient)
        weight_decay = self.number("weight_decay")
        if decay and weight_decay:
            formula = f"g + decay x weight = {gradient:.6g} + {weight_decay:g} x {self.weight:.6g}"
            gradient = self.line("g", formula, gradient + weight_decay * self.weight)
        return gradient

    def step(self) -> float:
        """Which update of this weight it is, from 1."""
        return self.state.get("step", 0.0) + 1


def _sgd(sum_: Sum) -> float:
    gradient = sum_.given()
    rate, momentum = sum_.number("lr"), sum_.number("momentum")
    if momentum:
        if "momentum_buffer" in sum_.state:
            before, kept = sum_.state["momentum_buffer"], 1 - sum_.number("dampening")
            formula = f"{momentum:g} x {before:.6g} + {kept:g} x {gradient:.6g}"
            buffer = momentum * before + kept * gradient
            buffer = sum_.line("momentum b", formula, buffer)
        else:
            buffer = sum_.line("momentum b", "g, the first time", gradient)
        if sum_.settings.get("nesterov"):
            formula = f"g + {momentum:g} x b = {gradient:.6g} + {momentum:g} x {buffer:.6g}"
            gradient = sum_.line("ahead (Nesterov)", formula, gradient + momentum * buffer)
        else:
            gradient = buffer
    return _moved(sum_, "-rate x step", f"-{rate:g} x {gradient:.6g}", -rate * gradient)


def _adam(sum_: Sum) -> float:
    decoupled = bool(sum_.settings.get("decoupled_weight_decay"))
    rate, decay = sum_.number("lr"), sum_.number("weight_decay")
    weight = sum_.weight
    if decoupled and decay:
        formula = f"weight x (1 - rate x decay) = {weight:.6g} x (1 - {rate:g} x {decay:g})"
        weight = sum_.line("decayed weight", formula, weight * (1 - rate * decay))
    gradient = sum_.given(decay=not decoupled)
    first, second = sum_.pair("betas")
    count = sum_.step()
    mean, square = sum_.state.get("exp_avg", 0.0), sum_.state.get("exp_avg_sq", 0.0)
    formula = f"{first:g} x {mean:.6g} + {1 - first:.6g} x {gradient:.6g}"
    mean = sum_.line("mean m", formula, first * mean + (1 - first) * gradient)
    formula = f"{second:g} x {square:.6g} + {1 - second:.6g} x {gradient:.6g}^2"
    square = sum_.line("mean square v", formula, second * square + (1 - second) * gradient**2)
    if sum_.settings.get("amsgrad"):
        largest = max(sum_.state.get("max_exp_avg_sq", 0.0), square)
        square = sum_.line("largest v so far", "the larger of the old one and v", largest)
    correction = 1 - first**count
    formula = f"m / (1 - {first:g}^{count:g}) = {mean:.6g} / {correction:.6g}"
    fair_mean = sum_.line("m, corrected", formula, mean / correction)
    correction = 1 - second**count
    formula = f"v / (1 - {second:g}^{count:g}) = {square:.6g} / {correction:.6g}"
    fair_square = sum_.line("v, corrected", formula, square / correction)
    epsilon = sum_.number("eps")
    size = math.sqrt(fair_square) + epsilon
    formula = f"-{rate:g} x {fair_mean:.6g} / (sqrt({fair_square:.6g}) + {epsilon:g})"
    return _moved(sum_, "-rate x m / sqrt v", formula, -rate * fair_mean / size, weight)


def _rmsprop(sum_: Sum) -> float:
    gradient = sum_.given()
    rate, alpha, epsilon = sum_.number("lr"), sum_.number("alpha"), sum_.number("eps")
    before = sum_.state.get("square_avg", 0.0)
    formula = f"{alpha:g} x {before:.6g} + {1 - alpha:.6g} x {gradient:.6g}^2"
    square = alpha * before + (1 - alpha) * gradient**2
    square = sum_.line("mean square v", formula, square)
    if sum_.settings.get("centered"):
        before = sum_.state.get("grad_avg", 0.0)
        formula = f"{alpha:g} x {before:.6g} + {1 - alpha:.6g} x {gradient:.6g}"
        mean = sum_.line("mean m", formula, alpha * before + (1 - alpha) * gradient)
        square = sum_.line("variance", f"v - m^2 = {square:.6g} - {mean:.6g}^2", square - mean**2)
    formula = f"g / (sqrt v + eps) = {gradient:.6g} / (sqrt({square:.6g}) + {epsilon:g})"
    scaled = sum_.line("scaled gradient", formula, gradient / (math.sqrt(square) + epsilon))
    momentum = sum_.number("momentum")
    if momentum:
        before = sum_.state.get("momentum_buffer", 0.0)
        formula = f"{momentum:g} x {before:.6g} + {scaled:.6g}"
        scaled = sum_.line("momentum b", formula, momentum * before + scaled)
    return _moved(sum_, "-rate x step", f"-{rate:g} x {scaled:.6g}", -rate * scaled)


def _adagrad(sum_: Sum) -> float:
    gradient = sum_.given()
    slowed = 1 + (sum_.step() - 1) * sum_.number("lr_decay")
    rate = sum_.number("lr") / slowed
    if slowed != 1:
        rate = sum_.line("rate", f"{sum_.number('lr'):g} / {slowed:.6g}", rate)
    before, epsilon = sum_.state.get("sum", 0.0), sum_.number("eps")
    formula = f"{before:.6g} + {gradient:.6g}^2"
    total = sum_.line("sum of squares", formula, before + gradient**2)
    formula = f"-{rate:.6g} x {gradient:.6g} / (sqrt({total:.6g}) + {epsilon:g})"
    moved = -rate * gradient / (math.sqrt(total) + epsilon)
    return _moved(sum_, "-rate x g / sqrt sum", formula, moved)


def _moved(sum_: Sum, name: str, formula: str, change: float, weight: float | None = None) -> float:
    sum_.line(name, formula, change)
    start = sum_.weight if weight is None else weight
    sign = "-" if change < 0 else "+"
    formula = f"{start:.9g} {sign} {abs(change):.6g}"
    return sum_.line("new weight", formula, start + change)


RULES: Mapping[str, Callable[[Sum], float]] = {
    "SGD": _sgd,
    "Adam": _adam,
    "AdamW": _adam,
    "RMSprop": _rmsprop,
    "Adagrad": _adagrad,
}
"""By the name of the class in ``torch.optim``; each gives the new weight."""
