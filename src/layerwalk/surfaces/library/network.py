"""Networks by name, and the last few that were loaded, kept for the next picture."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from layerwalk.errors import ModelError, missing
from layerwalk.record import Trace
from layerwalk.runs import Run
from layerwalk.surfaces.library.loading import Loading
from layerwalk.surfaces.library.memory import memories_in
from layerwalk.surfaces.library.problem import RequestError

if TYPE_CHECKING:
    from layerwalk.models import Model

__all__ = ["Build", "Network", "Networks", "Ready"]

Build: TypeAlias = "Callable[[int], Model]"
"""Gives the network of a run as it was after so many updates."""

_USUAL = "efficientnet_lite0"
_MOST_LOADED = 2
# What load_model takes for a file: it may run the code in it.
_FILE = re.compile(r"\.(py|pt2|pth|pt|bin|safetensors)\s*(:.*)?$|^file:", re.IGNORECASE | re.DOTALL)
# A path may be written in many ways ("net.pt2/"), a name in one: its package and itself.
_NAME = re.compile(r"((torchvision|timm):|timm/)?\w[\w.-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Network:
    """A network that can be loaded.

    Attributes
    ----------
    name
        What the user calls it.
    load
        Loads it.
    key
        What tells it from others: two with the same key are the same.
    """

    name: str = field(compare=False)
    load: Callable[[], Model] = field(compare=False, repr=False)
    key: str

    @classmethod
    def named(cls, name: str) -> Network:
        """The network that ``load_model`` gives for a name."""
        return cls(name, lambda: _load(name), name)

    @classmethod
    def of(cls, trace: Trace) -> Network:
        """The network of a trace that was made elsewhere, by the name that it tells.

        Loading it fails where the network of that name has other weights, or wants other
        pictures, than the trace tells.
        """
        name = trace.provenance.get("model", trace.name)
        facts = {fact: trace.provenance.get(fact) for fact in ("weights", "preprocessing")}

        def load() -> Model:
            if facts["weights"] is None or not _is_name(name):
                raise _not_at_hand(name)
            model = _load(name)
            prepared = model.preprocessing and model.preprocessing.describe()
            if facts != {"weights": model.weights, "preprocessing": prepared}:
                raise _not_at_hand(name)
            return model

        return cls(name, load, f"{name} {facts}")

    @classmethod
    def of_step(cls, run: Run, step: int, key: str, build: Callable[[], Build | None]) -> Network:
        """The network of a run after ``step`` updates.

        ``build`` gives what builds it. Where there is nothing, it is built from what the run says
        of it, unless that is a file: a folder from somewhere may name any.
        """
        name = run.network_name(step)

        def load() -> Model:
            given, source = build(), run.description.settings.get("model")
            if given is None and source is not None and not _is_name(source):
                raise ModelError(
                    "its network is in a file, which is not run from the page",
                    where=name,
                    mend=f"replay it with the file: layerwalk replay {run.path} --model {source}",
                )
            mend = "pass the network with them: run.show(model=lw.load_model(net, input_size=28))"
            return _fit_for_pictures((given or run.load_model)(step), mend)

        return cls(name, load, key)


@dataclass(frozen=True, eq=False, slots=True)
class Ready:
    """A network in memory; ``held`` tells the lengths of its memories by what they are."""

    key: str
    name: str
    model: Model
    held: Mapping[int, int]


class Networks:
    """The networks that can be walked, with the two that were used last ready in memory.

    Parameters
    ----------
    usual
        The network that is walked where none is named.
    """

    def __init__(self, usual: Network | None = None) -> None:
        self.usual = usual or Network.named(_USUAL)
        self._known = {self.usual.name: self.usual}
        self._ready: OrderedDict[str, Ready] = OrderedDict()
        self._loading: dict[str, Loading] = {}
        self._lock = threading.Lock()
        self._busy = ""
        # Loading sets the process's random generators, and takes much memory.
        self._one_at_a_time = threading.Lock()

    def find(self, name: str) -> Network:
        """The network that a page names.

        Raises
        ------
        RequestError
            It names a file, or may do so. Only whoever started the program may have one run.
        """
        if name in self._known:
            return self._known[name]
        if _FILE.search(name):
            raise RequestError(
                "a network in a file is not opened from the page",
                where=name,
                mend=f"start the explorer with it: layerwalk serve --model {name}",
            )
        if not _is_name(name):
            raise RequestError(f"{name[:80]!r} is no name of a network", where="model")
        return Network.named(name)

    def model(self, network: Network, waiting: Callable[[str], object] | None = None) -> Model:
        """The network, loaded or still in memory.

        Parameters
        ----------
        waiting
            Where it is given, the network is loaded in a thread of its own, and this is called
            now and then with the name of the one that is being loaded; what it raises ends the
            waiting, and the network is there for whoever asks next.

        Raises
        ------
        LayerwalkError
            It cannot be loaded, or nothing says what pictures it takes.
        """
        with self._lock:
            ready = self._found(network)
            if ready is not None:
                return ready
            if waiting is not None and network.key not in self._loading:
                self._loading[network.key] = Loading(lambda: self._loaded(network))
            loading = self._loading.get(network.key)
        if waiting is None or loading is None:
            return self._loaded(network)
        return loading.wait(lambda: waiting(self._busy or network.name))

    def ready(self) -> list[Ready]:
        """The networks that are kept, the longest unused first."""
        with self._lock:
            return list(self._ready.values())

    def drop(self, key: str) -> None:
        """Keep a network no longer; it is loaded again when it is next walked."""
        with self._lock:
            self._ready.pop(key, None)

    def _found(self, network: Network) -> Model | None:
        if network.key not in self._ready:
            return None
        self._ready.move_to_end(network.key)
        return self._ready[network.key].model

    def _loaded(self, network: Network) -> Model:
        try:
            with self._one_at_a_time:
                with self._lock:
                    ready = self._found(network)
                    # Room first: two of the largest beside each other are enough.
                    while ready is None and len(self._ready) >= _MOST_LOADED:
                        self._ready.popitem(last=False)
                return ready or self._loaded_now(network)
        finally:
            with self._lock:
                self._loading.pop(network.key, None)

    def _loaded_now(self, network: Network) -> Model:
        self._busy = network.name
        try:
            model = network.load()
        finally:
            self._busy = ""
        ready = Ready(network.key, network.name, model, memories_in(model))
        with self._lock:
            self._ready[network.key] = ready
        return model


def _is_name(text: str) -> bool:
    """Whether ``load_model`` can take a text for nothing but a name."""
    return _NAME.fullmatch(text) is not None and _FILE.search(text) is None


def _load(name: str) -> Model:
    try:
        from layerwalk.models import load_model
    except ModuleNotFoundError as error:
        raise missing(error) from error
    start = f"layerwalk serve --model {name} --input-size 224"
    mend = f"say so when the explorer is started: {start}"
    return _fit_for_pictures(load_model(name), mend, name)


def _fit_for_pictures(model: Model, mend: str, name: str | None = None) -> Model:
    if model.preprocessing is None:
        what = "nothing is known about the pictures it takes"
        raise ModelError(what, where=name or model.name, mend=mend)
    return model


def _not_at_hand(name: str) -> ModelError:
    return ModelError(
        "the network of this walk is not at hand with the weights it had",
        where=name,
        mend="choose a network by its name",
    )
