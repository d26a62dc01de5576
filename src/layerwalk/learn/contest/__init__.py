"""Two networks compared: what they are made of, and what they learn from the same pictures."""

from layerwalk.learn.contest.course import RESULT_FILE, Stage
from layerwalk.learn.contest.match import DEFAULT_PLAN, fresh_folder, versus
from layerwalk.learn.contest.result import Connections, Contestant, LayerCost, SweepPoint, Versus

__all__ = [
    "DEFAULT_PLAN",
    "RESULT_FILE",
    "Connections",
    "Contestant",
    "LayerCost",
    "Stage",
    "SweepPoint",
    "Versus",
    "fresh_folder",
    "versus",
]
