"""Enough of a training to go on from: weights, the optimiser's memory, the random numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from layerwalk.errors import FileError, ModelError
from layerwalk.store.replacing import replacing

__all__ = ["Checkpoint"]


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """A training after ``step`` updates.

    ``tensors`` holds copies on the CPU: ``model/NAME`` of the network's state,
    ``optimizer/PARAMETER/KEY`` of the optimiser's, ``listed/…`` those in its lists (L-BFGS has
    some), ``random`` of torch's generator on the CPU.
    ``facts`` holds the rest as JSON: the optimiser's groups and its numbers.
    """

    step: int
    tensors: Mapping[str, Tensor] = field(repr=False)
    facts: Mapping[str, Any] = field(repr=False)

    @classmethod
    @torch.no_grad()
    def of(
        cls, step: int, model: nn.Module, optimizer: torch.optim.Optimizer | None, seconds: float
    ) -> Checkpoint:
        """Copy what there is now."""
        tensors: dict[str, Tensor] = {}
        for name, value in model.state_dict().items():
            if isinstance(value, Tensor):
                tensors[f"model/{name}"] = _copied(value)
        facts: dict[str, Any] = {"step": step, "seconds": seconds}
        if optimizer is not None:
            said = optimizer.state_dict()
            numbers: dict[str, dict[str, Any]] = {}
            for number, state in said["state"].items():
                for key, value in state.items():
                    if isinstance(value, Tensor):
                        tensors[f"optimizer/{number}/{key}"] = _copied(value)
                    else:
                        place = f"listed/{number}/{key}"
                        numbers.setdefault(str(number), {})[key] = _taken_out(value, place, tensors)
            facts["groups"], facts["numbers"] = _plain(said["param_groups"]), numbers
        tensors["random"] = torch.get_rng_state()
        return cls(step, tensors, facts)

    def write(self, path: Path) -> None:
        """Put it into a file, whole or not at all."""
        content = save(dict(self.tensors), metadata={"layerwalk": json.dumps(self.facts)})
        with replacing(path) as stream:
            stream.write(content)

    @classmethod
    def read(cls, path: Path) -> Checkpoint:
        """The checkpoint in a file.

        Raises
        ------
        FileError
            It is missing or damaged.
        """
        try:
            with safe_open(path, framework="pt") as file:
                facts = json.loads(file.metadata()["layerwalk"])
                names = file.keys()
                return cls(facts["step"], {name: file.get_tensor(name) for name in names}, facts)
        except FileNotFoundError as error:
            raise FileError(
                "the run has no checkpoint to go on from", where=str(path.parent)
            ) from error
        except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
            said = " ".join(str(error).split())
            raise FileError(f"the checkpoint is damaged ({said})", where=str(path)) from error

    def put_back(self, model: nn.Module, optimizer: torch.optim.Optimizer | None) -> None:
        """Give the network, the optimiser and torch's generator what they had then.

        Raises
        ------
        ModelError
            It is of another network or another optimiser.
        """
        mine = {
            name.removeprefix("model/"): value
            for name, value in self.tensors.items()
            if name.startswith("model/")
        }
        try:
            model.load_state_dict(mine)
            if optimizer is not None and "groups" in self.facts:
                optimizer.load_state_dict(self._optimizers())
        except (RuntimeError, ValueError, KeyError) as error:
            said = " ".join(str(error).split())[:300]
            raise ModelError(
                f"the run is of another network or optimiser ({said})",
                where=type(model).__name__,
                mend="go on with what it was begun with",
            ) from error
        torch.set_rng_state(self.tensors["random"])

    def _optimizers(self) -> dict[str, Any]:
        state: dict[int, dict[str, Any]] = {
            int(number): {key: _put_in(value, self.tensors) for key, value in values.items()}
            for number, values in self.facts["numbers"].items()
        }
        for name, value in self.tensors.items():
            if name.startswith("optimizer/"):
                _, number, key = name.split("/", 2)
                state.setdefault(int(number), {})[key] = value
        return {"state": state, "param_groups": self.facts["groups"]}


def _copied(value: Tensor) -> Tensor:
    return value.detach().to("cpu", copy=True).contiguous()


def _taken_out(value: Any, place: str, tensors: dict[str, Tensor]) -> Any:
    """The value as JSON can hold it; its tensors are put among the others, under their place."""
    if isinstance(value, Tensor):
        tensors[place] = _copied(value)
        return {"tensor": place}
    if isinstance(value, (list, tuple)):
        return [_taken_out(one, f"{place}/{at}", tensors) for at, one in enumerate(value)]
    return value


def _put_in(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    if isinstance(value, Mapping):
        return tensors[value["tensor"]]
    if isinstance(value, list):
        return [_put_in(one, tensors) for one in value]
    return value


def _plain(said: Any) -> Any:
    """What JSON can hold; a rate that is a tensor becomes a number."""
    if isinstance(said, Tensor):
        return said.item()
    if isinstance(said, Mapping):
        return {str(key): _plain(value) for key, value in said.items()}
    if isinstance(said, (list, tuple)):
        return [_plain(value) for value in said]
    return said
