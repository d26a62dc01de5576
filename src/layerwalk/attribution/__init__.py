"""Attribution: which pixels and which channels mattered to a score."""

from layerwalk.attribution.attribute import attribute
from layerwalk.attribution.attribution import Attribution
from layerwalk.attribution.contributions import Contributions, contributions
from layerwalk.attribution.methods import METHODS
from layerwalk.attribution.network import ReplayedNetwork
from layerwalk.attribution.sanity import SanityCheck, SanityStep, sanity_check
from layerwalk.attribution.target import Aim, Target, target_of

__all__ = [
    "METHODS",
    "Aim",
    "Attribution",
    "Contributions",
    "ReplayedNetwork",
    "SanityCheck",
    "SanityStep",
    "Target",
    "attribute",
    "contributions",
    "sanity_check",
    "target_of",
]
