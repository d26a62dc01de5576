"""Names of ops and values: the module's path, the kind, and a number for repeats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from layerwalk.capture.frames import Frame
from layerwalk.capture.guard import tensors_in
from layerwalk.capture.recorder import Aside, Call, Return

__all__ = ["Names"]


class Names:
    """Gives each module call its path and each op its name.

    ``paths`` has the path of each of the network's modules, by identity; ``modules``
    collects the class of every module that was asked for, by path.

    An op is called as its module where the module ran nothing else, or where it alone read
    the module's own weights (a convolution that pads first: ``"stem.pad"``, ``"stem"``);
    any other by the module's path and its kind (``"layer1.0.add"``). The second of a name
    is numbered ``":2"``.
    """

    def __init__(self, paths: Mapping[int, str], tape: Iterable[Call | Return | Aside]) -> None:
        self._paths = paths
        self.modules: dict[str, str] = {}
        self._used: dict[str, int] = {}
        self._calls: dict[int, list[Call]] = {}  # by frame
        for entry in tape:
            if isinstance(entry, Call) and entry.sign.is_step:
                self._calls.setdefault(id(entry.frame), []).append(entry)

    def path(self, frame: Frame) -> str:
        """The path of a module's call; modules made on the fly are named by their class."""
        if frame.path is None:
            frame.path = self._find_path(frame)
            self.modules.setdefault(frame.path, type(frame.module).__name__)
        return frame.path

    def _find_path(self, frame: Frame) -> str:
        if frame.parent is None:
            return ""
        known = self._paths.get(id(frame.module))
        if known is None:
            known = _join(self.path(frame.parent), type(frame.module).__name__)
        # What torch.compile wraps round a module is not a step of the user's network.
        if "_orig_mod" in known:
            return ".".join(part for part in known.split(".") if part != "_orig_mod")
        return known

    def of_call(self, call: Call, kind: str) -> str:
        """The name of a recorded op."""
        frame = call.frame
        path = self.path(frame)
        if path and not frame.busy:
            calls = self._calls[id(frame)]
            if len(calls) == 1 or _reads_weights_alone(call, calls):
                return self.unique(path)
        return self.inside(frame, kind)

    def of_opaque(self, frame: Frame) -> str:
        """The name of a module whose inner ops could not be seen."""
        path = self.path(frame)
        alone = path and not frame.busy and id(frame) not in self._calls
        return self.unique(path) if alone else self.inside(frame, "opaque")

    def inside(self, frame: Frame, kind: str) -> str:
        """The name of an op that is not its module's own."""
        return self.unique(_join(self.path(frame), kind))

    def unique(self, name: str) -> str:
        """The name, numbered if it was given before."""
        count = self._used[name] = self._used.get(name, 0) + 1
        return name if count == 1 else f"{name}:{count}"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _reads_weights_alone(call: Call, calls: Sequence[Call]) -> bool:
    """Whether, of all ops of a module's call, this one alone read the module's weights."""
    own = {id(tensor) for tensor in call.frame.module._parameters.values()}
    readers = [one for one in calls if any(id(t) in own for t in tensors_in(one.args))]
    return len(readers) == 1 and readers[0] is call
