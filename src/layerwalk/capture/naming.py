"""Names of ops and values: the module's path, the kind, and a number for repeats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import torch

from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import tensors_in
from layerwalk.capture.recorder import Call, Return, Undo
from layerwalk.capture.signature import signature

__all__ = ["Names"]


class Names:
    """Gives each module call its path and each op its name.

    An op is called as its module where the module ran nothing else, or where it alone read
    the module's own weights (a convolution that pads first: ``"stem.pad"``, ``"stem"``);
    any other by the module's path and its kind (``"layer1.0.add"``). The second of a name
    is numbered ``":2"``.
    """

    def __init__(self, root: torch.nn.Module, tape: Iterable[Call | Return | Undo]) -> None:
        self._root = root
        self._paths = {id(module): path for path, module in root.named_modules()}
        self._used: Counter[str] = Counter()
        self.weights = _weights(root)
        self._busy: set[int] = set()  # frames that called other modules
        self._ops: Counter[int] = Counter()
        self._own: dict[int, list[Call]] = {}
        self._read_tape(tape)

    def _read_tape(self, tape: Iterable[Call | Return | Undo]) -> None:
        for entry in tape:
            if isinstance(entry, Undo):
                continue
            frame = entry.frame
            if frame.parent is not None:
                self._busy.add(id(frame.parent))
            if isinstance(entry, Return) or not signature(entry.func).is_step:
                continue
            self._ops[id(frame)] += 1
            own = frame.module._parameters
            if own and any(
                tensor is weight for tensor in tensors_in(entry.args) for weight in own.values()
            ):
                self._own.setdefault(id(frame), []).append(entry)

    def path(self, frame: Frame) -> str:
        """The path of a module's call; modules made on the fly are named by their class."""
        if frame.parent is None:
            return ""
        known = self._paths.get(id(frame.module))
        if known is None:
            known = _join(self.path(frame.parent), type(frame.module).__name__)
        # What torch.compile wraps round a module is not a step of the user's network.
        return ".".join(part for part in known.split(".") if part != "_orig_mod")

    def of_call(self, call: Call, kind: str) -> str:
        """The name of a recorded op."""
        frame = call.frame
        path = self.path(frame)
        if path and id(frame) not in self._busy:
            own = self._own.get(id(frame), [])
            if self._ops[id(frame)] == 1 or (len(own) == 1 and own[0] is call):
                return self.unique(path)
        return self.inside(frame, kind)

    def of_opaque(self, frame: Frame) -> str:
        """The name of a module whose inner ops could not be seen."""
        path = self.path(frame)
        alone = path and id(frame) not in self._busy and not self._ops[id(frame)]
        return self.unique(path) if alone else self.inside(frame, "opaque")

    def inside(self, frame: Frame, kind: str) -> str:
        """The name of an op that is not its module's own."""
        return self.unique(_join(self.path(frame), kind))

    def unique(self, name: str) -> str:
        """The name, numbered if it was given before."""
        self._used[name] += 1
        count = self._used[name]
        return name if count == 1 else f"{name}:{count}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _weights(root: torch.nn.Module) -> dict[int, tuple[str, str]]:
    """By identity: path and role of every parameter and buffer."""
    found: dict[int, tuple[str, str]] = {}
    for name, parameter in root.named_parameters():
        found[id(parameter)] = (name, "parameter")
    for name, buffer in root.named_buffers():
        found.setdefault(id(buffer), (name, "buffer"))
    return found
