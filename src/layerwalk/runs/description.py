"""What was trained, on what and how: ``run.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

from layerwalk.errors import FileError
from layerwalk.store.replacing import replacing

__all__ = ["FORMAT", "Description", "State"]

FORMAT = 1
State: TypeAlias = Literal["running", "finished", "stopped"]
_OURS = "name the folder of a run, which has a run.json in it"


@dataclass(frozen=True, slots=True)
class Description:
    """The facts of a run that hold for all of its steps.

    Attributes
    ----------
    model
        What the network is called.
    begun
        When, in ISO 8601 with the zone.
    parameters
        The shape of each parameter by its name.
    classes
        Class names of the network's output; ``None`` where they are not known.
    probe_labels
        The true class of each probe, by number; ``None`` where not given.
    optimizer
        The optimiser's class; ``None`` where it was not given, and updates are not told.
    state
        ``"running"`` until it ended: also what a killed process leaves behind.
    ending
        Why it stopped, in a sentence; empty where it finished.
    settings
        How it was trained, in plain words: data, epochs, batch size, seed.
    provenance
        Versions.
    """

    model: str
    begun: str
    parameters: Mapping[str, tuple[int, ...]] = field(repr=False)
    classes: tuple[str, ...] | None = None
    probe_labels: tuple[int, ...] | None = None
    optimizer: str | None = None
    state: State = "running"
    ending: str = ""
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    provenance: Mapping[str, str] = field(default_factory=dict, repr=False)

    def ended(self, state: State, ending: str = "") -> Description:
        """The same, of a run that came to its end."""
        return replace(self, state=state, ending=ending)

    def write(self, path: Path) -> None:
        """Put it where ``path`` says, whole or not at all."""
        text = json.dumps({"layerwalk_run": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False)
        with replacing(path) as stream:
            stream.write(text.encode())

    @classmethod
    def read(cls, path: Path) -> Description:
        """What a ``run.json`` says.

        Raises
        ------
        FileError
            It is missing, damaged, of a newer format or something else.
        """
        folder = str(path.parent)
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError) as error:
            what = "there is no run here" if path.parent.exists() else "there is no such folder"
            raise FileError(what, where=folder, mend=_OURS) from error
        except (OSError, ValueError) as error:
            raise FileError(f"run.json cannot be read ({error})", where=folder) from error
        if not isinstance(said, dict) or not isinstance(said.get("layerwalk_run"), int):
            raise FileError("run.json is not that of a run", where=folder, mend=_OURS)
        if said["layerwalk_run"] > FORMAT:
            raise FileError(
                f"the run is of format {said['layerwalk_run']}, and this layerwalk reads up to "
                f"format {FORMAT}",
                where=folder,
                mend="upgrade layerwalk",
            )
        try:
            return cls(**_typed(said))
        except (TypeError, ValueError, AttributeError) as error:
            raise FileError(f"run.json is damaged ({error})", where=folder) from error


def _typed(said: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name: said[one.name] for one in fields(Description) if one.name in said}
    known["parameters"] = (
        {
            str(name): tuple(int(side) for side in shape)
            for name, shape in known["parameters"].items()
        }
        if "parameters" in known
        else {}
    )
    for name in ("classes", "probe_labels"):
        if known.get(name) is not None:
            known[name] = tuple(known[name])
    return known
