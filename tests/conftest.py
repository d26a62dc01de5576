"""What every test shares: a still machine, the large photos, and a torchvision that imports."""

from __future__ import annotations

import os
from pathlib import Path

# These are read when matplotlib, timm and the model hubs are imported: before any test.
os.environ["MPLBACKEND"] = "Agg"
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest
import torch
from hypothesis import HealthCheck, settings

from torchvision_schemas import torchvision_operators

ROOT = Path(__file__).resolve().parent.parent

# No deadline and no health check by the clock: a busy machine is not a fault.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

if "PYTEST_XDIST_WORKER" in os.environ:
    torch.set_num_threads(1)  # the workers share the cores among themselves


TORCHVISION = torchvision_operators()  # the declarations live as long as this object


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the photos that are too large for the repository."""
    named = os.environ.get("LAYERWALK_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"{folder} has no data folder; LAYERWALK_SHARED names another")
    return folder
